/**
 * Decides what a file may do while it is read for `--program`: say what drives a run, and drive none. Commands that promise to
 * write nothing would otherwise write whatever the file does by itself.
 */
import process from 'node:process';
import { InvalidRuntimeConfiguration } from '../../base/index.ts';

/** A registered symbol: the file imports its own copy of the package. */
const mark = Symbol.for('runlog.reading-program');

/** Reads a program. What it prints meanwhile goes beside the output, which may be JSON. */
export async function whileReading<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  Reflect.set(globalThis, mark, path);
  stdout.write = stderr.write.bind(stderr);
  try {
    return await work();
  } finally {
    stdout.write = write;
    Reflect.deleteProperty(globalThis, mark);
  }
}

/** Throws `InvalidRuntimeConfiguration` while a program is being read. */
export function refuseWhileReading(): void {
  const path: unknown = Reflect.get(globalThis, mark);
  if (typeof path !== 'string') return;
  throw new InvalidRuntimeConfiguration({
    summary: 'it drives a run by itself',
    whatFailed: `The file '${path}' was read for what drives a run, and was about to open a run on its own.`,
    why: 'Verifying a run, or planning a fork, writes nothing.',
    howToFix: `Move what drives the run into a file that only exports it (\`export default { behaviors, tools }\`), import that file in '${path}', and name it with --program.`,
    context: { reason: 'reading-program', path },
  });
}
