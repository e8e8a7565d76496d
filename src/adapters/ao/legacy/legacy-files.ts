/** Decides how files and folders are looked at. What is not there and what cannot be read are answers, never exceptions. */
import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { gitOrigin } from './git-origin.ts';

/** What the legacy tool keeps in one file is some kilobytes; parsing much more of it would take all memory. */
const largestBytes = 16 * 1024 * 1024;
const tooLarge = `it has more than ${largestBytes / 1024 / 1024} MiB`;

type Unreadable = { readonly state: 'absent' } | { readonly state: 'unreadable'; readonly reason: string };

export const legacyFiles = {
  read(path: string): { readonly state: 'text'; readonly text: string } | Unreadable {
    try {
      // A pipe would let whoever reads it wait for ever.
      const stats = statSync(path);
      if (!stats.isFile()) return { state: 'unreadable', reason: 'it is no file' };
      if (stats.size > largestBytes) return { state: 'unreadable', reason: tooLarge };
      return { state: 'text', text: readFileSync(path, 'utf8') };
    } catch (error) {
      return refusal(error);
    }
  },

  list(path: string):
    | {
        readonly state: 'entries';
        readonly entries: readonly {
          readonly name: string;
          readonly isFolder: boolean;
          readonly isLink: boolean;
        }[];
      }
    | Unreadable {
    try {
      const entries = readdirSync(path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(path, entry.name))),
        isLink: entry.isSymbolicLink(),
      }));
      return { state: 'entries', entries: entries.sort((left, right) => (left.name < right.name ? -1 : 1)) };
    } catch (error) {
      return refusal(error);
    }
  },

  modifiedMs: (path: string): number | null => statsOf(path)?.mtimeMs ?? null,
  isFolder,
  realPath,

  resolvedPath(path: string): string {
    const absolute = resolve(path);
    const rest: string[] = [];
    let at = absolute;
    let real = realPath(at);
    while (real === null && at !== dirname(at)) {
      rest.unshift(basename(at));
      at = dirname(at);
      real = realPath(at);
    }
    return join(real ?? at, ...rest);
  },

  originOf: gitOrigin,
};

function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    // Nothing there, a circle of links, or no right to look: there is no path to name.
    return null;
  }
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    // Whoever needs the reason reads the file.
    return null;
  }
}

function refusal(error: unknown): Unreadable {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'absent' };
  return { state: 'unreadable', reason: code === '' ? String(error) : code };
}
