/**
 * Decides how a folder is made together with those above it. The `recursive` of Node never comes back where the system says that
 * something is missing in a folder that is there, as it does below /proc.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** `mode` counts for each folder that is made. Throws what the system says. */
export function makeFolder(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else was faster.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
