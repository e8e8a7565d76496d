// Decides how every function that the package hands out is called with what it does not take. A program of its own, with an empty
// folder to work in: some of these calls make files. Prints what was thrown and is no error of the catalogue, by function.
import { inspect } from 'node:util';
import { isStructuredError } from 'runlog';

const [subpaths = '[]'] = process.argv.slice(2);
const wrong = [undefined, null, 3, 'x', {}, [], () => undefined];
const lists = wrong.flatMap((value) => [[value], ['x', value], [{}, value]]);
const waitMs = 500;

const functions = new Map<(...args: readonly unknown[]) => unknown, string>();
for (const subpath of JSON.parse(subpaths) as readonly string[]) {
  const names = (await import(subpath)) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(names))
    if (isFunction(value) && !functions.has(value)) functions.set(value, `${subpath} ${name}`);
}

const found: Record<string, string> = {};
process.on('unhandledRejection', (error) => (found['in nobody’s hands'] = inspect(error)));
for (const [call, name] of functions) {
  for (const args of lists) {
    const error = await thrown(call, args);
    if (error === undefined || isStructuredError(error)) continue;
    found[name] = `${JSON.stringify(args)}: ${inspect(error)}`;
    break;
  }
}
console.log(JSON.stringify({ called: functions.size, found }));
process.exit(0);

/** Classes are made with `new`; they are no part of this. */
function isFunction(value: unknown): value is (...args: readonly unknown[]) => unknown {
  return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));
}

/** What somebody meets who waits for the result, reads its first value, and closes it. */
async function thrown(
  call: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): Promise<unknown> {
  try {
    const result = await inTime(call(...args));
    if (typeof result !== 'object' || result === null) return undefined;
    if (Symbol.asyncIterator in result && 'next' in result)
      await inTime(method(result, 'next')?.call(result));
    await inTime(method(result, 'close')?.call(result));
    return undefined;
  } catch (error) {
    return error;
  }
}

function method(of: object, name: string): (() => unknown) | undefined {
  const found: unknown = Reflect.get(of, name);
  return typeof found === 'function' ? (found as () => unknown) : undefined;
}

/** A call that waits for the world has taken its arguments. */
async function inTime(result: unknown): Promise<unknown> {
  return Promise.race([result, new Promise((resolve) => setTimeout(resolve, waitMs).unref())]);
}
