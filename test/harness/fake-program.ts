// Decides what a program is that a test writes itself: a script for `sh`, in a folder that is removed with it.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Mint, openMint } from 'runlog/sessions';

/**
 * Makes ids that no test beside this one makes: the id of a run marks its programs on this machine, and ending a run ends whatever has
 * its mark.
 */
export function programMint(): Mint {
  return openMint({ nowMs: Date.now, randomHex: (bytes) => randomBytes(bytes).toString('hex') });
}

export interface FakeProgram extends Disposable {
  readonly path: string;
  /** Where it runs and where it may leave files. */
  readonly folder: string;
}

export function fakeProgram(script: string, name = 'program'): FakeProgram {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-fake-'));
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return { path, folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Resolves when a script has made a file. */
export async function untilThere(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(5);
}

/** True while a process of this number runs; one that has died and that nobody has waited for does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return !existsSync('/proc/self');
  return !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}
