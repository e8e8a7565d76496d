/** Decides how many ids draw on one visit to the system's source of chance: a visit costs as much as the rest of an event. */
import { randomBytes } from 'node:crypto';

const blockBytes = 4096;

/** A source of hex digits, two a byte, each byte given out once. */
export function drawnHex(): (bytes: number) => string {
  let block = '';
  let used = 0;
  return (bytes) => {
    if (bytes > blockBytes) return randomBytes(bytes).toString('hex');
    if (used + bytes * 2 > block.length) {
      block = randomBytes(blockBytes).toString('hex');
      used = 0;
    }
    used += bytes * 2;
    return block.slice(used - bytes * 2, used);
  };
}
