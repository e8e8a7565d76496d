// Decides how stored bytes of an artifact are damaged behind the back of its store.
import { createHash } from 'node:crypto';

export function damaged(bytes: Uint8Array, how: 'change a byte' | 'cut the end'): Uint8Array {
  if (how === 'cut the end') return bytes.slice(0, -1);
  const changed = Uint8Array.from(bytes);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
