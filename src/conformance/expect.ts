/** Decides how a case says what it expects. Small on purpose: the kit must run under any test runner, and under none. */
import { type ErrorClass, isStructuredError, type StructuredError } from '../base/index.ts';

/** What a case throws when the subject does not keep a promise. */
export class UnmetExpectation extends Error {
  override readonly name = 'UnmetExpectation';
}

/** Fails a case with a sentence when the condition does not hold. */
export function expectTrue(condition: boolean, what: string): asserts condition {
  if (!condition) throw new UnmetExpectation(what);
}

/** Equal as data: same type, same keys with values, same order in lists. A key that holds `undefined` counts as absent. */
export function expectEqual<T>(actual: T, expected: T, what: string): void {
  const difference = differenceOf(actual, expected, '');
  if (difference !== null) throw new UnmetExpectation(`${what}: ${difference}`);
}

/** The promise rejects with an error of this class; the error is handed back for a closer look. */
export async function expectRefusal(
  work: Promise<unknown>,
  refusal: ErrorClass,
  what: string,
): Promise<StructuredError> {
  let answer: unknown;
  try {
    answer = await work;
  } catch (error) {
    if (error instanceof refusal && isStructuredError(error)) return error;
    throw new UnmetExpectation(`${what}: rejected with ${String(error)}, not with ${refusal.code}`);
  }
  throw new UnmetExpectation(
    `${what}: resolved with ${show(answer)}, and had to reject with ${refusal.code}`,
  );
}

function differenceOf(actual: unknown, expected: unknown, path: string): string | null {
  if (Object.is(actual, expected)) return null;
  if (!isContainer(actual) || !isContainer(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return `${path === '' ? 'it' : path} is ${show(actual)}, and had to be ${show(expected)}`;
  }
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length !== expected.length) {
    return `${path === '' ? 'it' : path} has ${actual.length} items, and had to have ${expected.length}`;
  }
  for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const here: unknown = Reflect.get(actual, key);
    const there: unknown = Reflect.get(expected, key);
    const difference = differenceOf(here, there, path === '' ? key : `${path}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)} ... (${text.length} characters)`;
}
