/**
 * Decides what a file is called while it is written beside its place, and which of these a process has left that was killed: those
 * are taken away by the next one that writes to the same place.
 */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isGone, thisProcess } from '../host/index.ts';

/** What SQLite puts beside a database. */
export const databaseFiles = ['-wal', '-shm', '-journal'] as const;

/** The path of the draft of a file; no other process on any machine has the same. */
export function draftOf(target: string): string {
  const { host, boot, pid, processStart } = thisProcess();
  return join(dirname(target), `${beginning(target, host, boot)}${pid}.${processStart}.tmp`);
}

/** Removes the drafts of a file whose process certainly does not run any more. One that cannot be removed stays. */
export async function removeDeadDrafts(target: string): Promise<void> {
  const self = thisProcess();
  const start = beginning(target, self.host, self.boot);
  const names = await readdir(dirname(target)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(start)) continue;
    const [, pid, processStart = ''] =
      /^(\d+)\.(\d*)\.tmp(?:-wal|-shm|-journal)?$/.exec(name.slice(start.length)) ?? [];
    if (pid === undefined || !isGone({ ...self, pid: Number(pid), processStart }, self)) continue;
    await rm(join(dirname(target), name), { force: true }).catch(() => undefined);
  }
}

/** Process ids mean something on one machine since its start. */
function beginning(target: string, host: string, boot: string): string {
  const machine = createHash('sha256').update(`${host}\n${boot}`).digest('hex').slice(0, 8);
  return `.${basename(target)}.${machine}.`;
}
