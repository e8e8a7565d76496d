// Decides where tests put their files: in memory where there is room, because what a test asks of a disk is mostly to wait for it. What
// has to outlive the loss of power is proved with disks that fail on purpose.
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { env } from 'node:process';

const memory = '/dev/shm';
const neededBytes = 4 * 1024 ** 3;

export interface ScratchFolder {
  /** For whoever is to put its files there; empty where they go to the usual place. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** Whoever has said where temporary files go is followed. */
export function openScratchFolder(): ScratchFolder {
  if (env['TMPDIR'] !== undefined || !hasRoom()) return { env: {}, remove: () => undefined };
  const path = mkdtempSync(`${memory}/runlog-tests-`);
  // As of any such folder: tests become other users, and a database server is one.
  chmodSync(path, 0o1777);
  return { env: { TMPDIR: path }, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** False also where there is no such place, or nothing may be put there. */
function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= neededBytes;
  } catch {
    return false;
  }
}
