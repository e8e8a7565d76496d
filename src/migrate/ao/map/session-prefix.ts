/** Decides what the sessions of a project are called: as stored, or as the legacy tool guessed it from the folder's name. */
import { posix } from 'node:path';

/** What both tools take in a prefix. */
export function isSessionPrefix(prefix: string): boolean {
  return /^[a-zA-Z0-9_-]+$/.test(prefix);
}

/** What the legacy tool calls the sessions of a project whose registry entry says nothing. */
export function guessedPrefix(projectPath: string): string {
  const name = posix.basename(projectPath);
  if (name.length <= 4) return name.toLowerCase();
  const capitals = name.match(/[A-Z]/g) ?? [];
  if (capitals.length > 1) return capitals.join('').toLowerCase();
  for (const separator of ['-', '_']) {
    if (name.includes(separator))
      return name
        .split(separator)
        .map((word) => word.charAt(0))
        .join('')
        .toLowerCase();
  }
  return name.slice(0, 3).toLowerCase();
}

/** What the rewrite falls back to. */
export function prefixOfId(projectId: string): string {
  return projectId.slice(0, 12);
}
