/** Decides how a page of keys is found: names of files alone are read, in order, and no folder that cannot hold one of the page. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digitsOfFile, digitsOfKey, isKeyFolder, keyOfDigits } from './key-path.ts';

export interface KeyQuestion {
  readonly prefix: string;
  readonly after: string | null;
  readonly limit: number;
}

export async function walkKeys(folder: string, question: KeyQuestion): Promise<readonly string[]> {
  const bounds = {
    prefix: digitsOfKey(question.prefix),
    after: question.after === null ? null : digitsOfKey(question.after),
  };
  const keys: string[] = [];
  for await (const digits of digitsBelow(folder, '', bounds)) {
    keys.push(keyOfDigits(digits));
    if (keys.length === question.limit) break;
  }
  return keys;
}

interface Bounds {
  readonly prefix: string;
  readonly after: string | null;
}

/** Digits of equal length stand in the order of their bytes, and a beginning before what it begins. */
async function* digitsBelow(folder: string, begun: string, bounds: Bounds): AsyncIterable<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const named = entries.flatMap((entry) => {
    const isFolder = entry.isDirectory() && isKeyFolder(entry.name);
    const chunk = isFolder ? entry.name : entry.isFile() ? digitsOfFile(entry.name) : null;
    return chunk === null ? [] : [{ name: entry.name, digits: begun + chunk, isFolder }];
  });
  // A key of just the length of a folder stands before what the folder holds.
  const ordered = named.toSorted((left, right) =>
    left.digits === right.digits
      ? Number(left.isFolder) - Number(right.isFolder)
      : left.digits < right.digits
        ? -1
        : 1,
  );
  for (const { name, digits, isFolder } of ordered) {
    if (isFolder) {
      if (mayHold(digits, bounds)) yield* digitsBelow(join(folder, name), digits, bounds);
    } else if (digits.startsWith(bounds.prefix) && (bounds.after === null || digits > bounds.after)) {
      yield digits;
    }
  }
}

function mayHold(begun: string, { prefix, after }: Bounds): boolean {
  const isInside = begun.startsWith(prefix) || prefix.startsWith(begun);
  return isInside && (after === null || begun >= after.slice(0, begun.length));
}
