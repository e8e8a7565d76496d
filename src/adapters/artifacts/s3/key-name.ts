/**
 * Decides the name of an object that tells what is known under a key: the key's bytes in base 32 with the digits in their order, so
 * that objects stand in the order of keys, and nothing in a key (`..`, `//`) means anything to a server or a proxy on the way.
 */
import { Buffer } from 'node:buffer';

const digits = '0123456789abcdefghijklmnopqrstuv';

export function nameOfKey(key: string): string {
  let name = '';
  let held = 0;
  let bits = 0;
  for (const byte of Buffer.from(key, 'utf8')) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      name += digits[(held >> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? name : name + (digits[(held << (5 - bits)) & 31] ?? '');
}

/** What the names of all keys begin with that begin with this; others may begin so too. */
export function nameOfPrefix(prefix: string): string {
  return nameOfKey(prefix).slice(0, Math.floor((Buffer.byteLength(prefix, 'utf8') * 8) / 5));
}

/** `null` for a name that this store has not given. */
export function keyOfName(name: string): string | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const digit of name) {
    const value = digits.indexOf(digit);
    if (value === -1) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  const key = Buffer.from(bytes).toString('utf8');
  return nameOfKey(key) === name ? key : null;
}
