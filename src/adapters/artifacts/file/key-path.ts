/**
 * Decides which file a key has: its bytes as hex digits, so that no character of a key means anything to a file system, no two keys
 * share a file where upper and lower case are one, and files stand in the order of keys. A long key is cut into folders.
 */
import { Buffer } from 'node:buffer';

/** Even, and with its ending shorter than any file system's longest name. */
const chunkDigits = 200;
const ending = '.json';

/** The names of folders below `keys`, and of the file in the last. */
export function keyPath(key: string): { readonly folders: readonly string[]; readonly file: string } {
  const digits = Buffer.from(key, 'utf8').toString('hex');
  const chunks = digits.match(new RegExp(`.{1,${chunkDigits}}`, 'g')) ?? [''];
  return { folders: chunks.slice(0, -1), file: `${chunks.at(-1) ?? ''}${ending}` };
}

/** The digits that a file stands for; `null` for what this store has not written. */
export function digitsOfFile(name: string): string | null {
  const digits = name.endsWith(ending) ? name.slice(0, -ending.length) : '';
  return isDigits(digits) && digits.length <= chunkDigits ? digits : null;
}

export function isKeyFolder(name: string): boolean {
  return isDigits(name) && name.length === chunkDigits;
}

export function keyOfDigits(digits: string): string {
  return Buffer.from(digits, 'hex').toString('utf8');
}

export function digitsOfKey(key: string): string {
  return Buffer.from(key, 'utf8').toString('hex');
}

function isDigits(text: string): boolean {
  return /^([0-9a-f]{2})+$/.test(text);
}
