/** Decides how chance is drawn so that it can be drawn again: a small generator seeded by a hash, and ULIDs from given bytes. */

/** Repeatable chance for one invocation: the same seed gives the same sequence, on every machine. */
export interface Random {
  /** A number from 0 up to, not including, 1, with 32 random bits. */
  next(): number;
  /** A whole number between both bounds, bounds included. */
  integer(min: number, max: number): number;
  /** One item of a list that is not empty. */
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** A generator (sfc32) whose state is the first 128 bits of a SHA-256 in hex. */
export function seededRandom(hashHex: string): Random {
  let a = parseInt(hashHex.slice(0, 8), 16);
  let b = parseInt(hashHex.slice(8, 16), 16);
  let c = parseInt(hashHex.slice(16, 24), 16);
  let counter = parseInt(hashHex.slice(24, 32), 16);
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return Object.freeze({
    next,
    integer,
    pick: <T>(items: readonly [T, ...T[]]): T => items[integer(0, items.length - 1)] ?? items[0],
  });
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of milliseconds, then 80 bits taken from ten given bytes, as 26 characters of Crockford base 32. */
export function ulid(timeMs: number, randomBytes: Uint8Array): string {
  let bits = BigInt(timeMs);
  for (let index = 0; index < 10; index += 1) bits = (bits << 8n) | BigInt(randomBytes[index] ?? 0);
  let text = '';
  for (let place = 0; place < 26; place += 1) {
    text = (crockford[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return text;
}
