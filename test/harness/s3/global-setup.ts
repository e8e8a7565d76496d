// Decides when the test run has an S3 server: it is started beside the other tests when those that need one are run, and nobody waits
// for it but they.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The file in which the program of the server says how it stands. */
    readonly s3Answer: string;
  }
}

const program = fileURLToPath(new URL('./gateway-program.ts', import.meta.url));

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-s3-answer-'));
  const answer = join(folder, 'answer.json');
  const child = spawn(execPath, ['--disable-warning=ExperimentalWarning', program, answer], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
  });
  const gone = once(child, 'exit');
  project.provide('s3Answer', answer);
  return async () => {
    child.stdin.end();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
}
