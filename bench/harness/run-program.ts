// How a program is measured in a process of its own: it prints one JSON line with numbers, and these are taken from it.
import { execFile } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Rejects when the program fails, or has not printed one of the numbers. */
export async function runProgram<Name extends string>(
  program: URL,
  args: readonly string[],
  names: readonly Name[],
  flags: readonly string[] = [],
): Promise<Readonly<Record<Name, number>>> {
  const { stdout } = await run(execPath, [
    '--disable-warning=ExperimentalWarning',
    ...flags,
    fileURLToPath(program),
    ...args,
  ]);
  const printed: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  const numbers = new Map(Object.entries(typeof printed === 'object' && printed !== null ? printed : {}));
  const numberOf = (name: Name): number => {
    const value: unknown = numbers.get(name);
    if (typeof value !== 'number') throw new Error(`${program.pathname} has not told ${name}: ${stdout}`);
    return value;
  };
  return Object.fromEntries(names.map((name) => [name, numberOf(name)])) as Record<Name, number>;
}
