/**
 * Decides how a long list of texts travels: in the binary form of an array, because the textual one escapes every quote of every
 * payload, and the server takes the escapes out again. https://www.postgresql.org/docs/current/protocol-overview.html
 */
import type { Cell } from '../connection.ts';

/** The number of the type `text` in every PostgreSQL. */
const textType = 25;

/** A list of texts and NULLs as bytes; everything else as it is. */
export function asBinary(cell: Cell): Cell {
  return Array.isArray(cell) && cell.every(isTextOrNull) ? binaryList(cell) : cell;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function binaryList(texts: readonly (string | null)[]): Buffer {
  let size = 20;
  for (const text of texts) size += 4 + (text === null ? 0 : Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(size);
  // One dimension, perhaps with NULLs, of texts, so many, counted from 1.
  let place = bytes.writeInt32BE(1, 0);
  place = bytes.writeInt32BE(texts.includes(null) ? 1 : 0, place);
  place = bytes.writeInt32BE(textType, place);
  place = bytes.writeInt32BE(texts.length, place);
  place = bytes.writeInt32BE(1, place);
  for (const text of texts) {
    const length = text === null ? -1 : bytes.write(text, place + 4);
    bytes.writeInt32BE(length, place);
    place += 4 + Math.max(0, length);
  }
  return bytes;
}
