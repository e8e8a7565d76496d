/** Decides how a finished file gets its name: at once and as a whole, and never over another one. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Throws when something else has the name. A file of no bytes counts as nothing when `replaceEmpty` is set. */
export function putInPlace(draft: string, place: string, replaceEmpty: boolean): void {
  synced(draft);
  const there = statSync(place, { throwIfNoEntry: false });
  if (there !== undefined && replaceEmpty && there.isFile() && there.size === 0) renameSync(draft, place);
  else linked(draft, place);
  synced(dirname(place));
}

function linked(draft: string, place: string): void {
  try {
    linkSync(draft, place);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST')
      throw new Error(`${place} has appeared meanwhile; run the command again`, { cause: error });
    if (!withoutLinks.has(code)) throw error;
    if (statSync(place, { throwIfNoEntry: false }) !== undefined) throw error;
    renameSync(draft, place);
    return;
  }
  rmSync(draft, { force: true });
}

/** What file systems without hard links say. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function synced(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
