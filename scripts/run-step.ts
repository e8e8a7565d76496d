// Runs one command of the workshop as a child process: shown live, or held back and shown only when it fails.
import { spawn } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

export interface StepResult {
  readonly name: string;
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

const env = {
  ...process.env,
  PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
};

/** Interrupted, it ends when the command has. */
export async function runInherited(
  command: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  try {
    return await run(command, undefined, more);
  } finally {
    process.off('SIGINT', wait);
  }
}

export async function runHeldBack(name: string, command: readonly string[]): Promise<StepResult> {
  const chunks: Buffer[] = [];
  const startedMs = performance.now();
  const exitCode = await run(command, chunks);
  const output = Buffer.concat(chunks).toString('utf8');
  return { name, exitCode, output, seconds: (performance.now() - startedMs) / 1000 };
}

function run(
  command: readonly string[],
  chunks: Buffer[] | undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [program = '', ...args] = command;
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      env: { ...env, ...more },
      stdio: chunks ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    child.stdout?.on('data', (chunk: Buffer) => chunks?.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks?.push(chunk));
    child.once('error', fail);
    child.once('close', (code, signal) => done(signal === null ? (code ?? 1) : 1));
  });
}
