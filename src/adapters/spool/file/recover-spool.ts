/** Decides what of a spool file counts when it is opened: every whole line; what a crash left of a last one is cut off. */
import type { FileHandle } from 'node:fs/promises';
import { isWholeLine } from './spool-line.ts';
import { spoolDamaged } from './spool-errors.ts';

const newline = 0x0a;
const blockBytes = 256 * 1024;

/**
 * The number of bytes that count. Rejects with `StorageReadError` when a bad line stands before a good one, and for a bad line that no
 * crash leaves: whoever cut it off would lose events that were kept, or a file that is no spool at all.
 */
export async function wholeBytes(file: FileHandle, path: string): Promise<number> {
  let end = 0;
  let bad: number | null = null;
  for await (const { line, start, isEnded } of linesOf(file, 0)) {
    const isWhole = isEnded && isWholeLine(line);
    if (isWhole && bad !== null) throw spoolDamaged({ path, atByte: bad });
    if (isWhole) end = start + line.length + 1;
    else if (!isTorn(line, isEnded)) throw spoolDamaged({ path, atByte: start });
    else bad ??= start;
  }
  return end;
}

/** The beginning of a line of ours without its end, or one with zeros where the disk had not written yet: our text has none. */
function isTorn(line: Buffer, isEnded: boolean): boolean {
  if (line.includes(0)) return true;
  return !isEnded && /^(?:[0-9a-f]{0,16}|[0-9a-f]{16} (?:\[.*)?)$/.test(line.toString('latin1', 0, 19));
}

export interface SpoolFileLine {
  readonly line: Buffer;
  readonly start: number;
  /** A line end follows. */
  readonly isEnded: boolean;
}

/** Lines from a byte on, block by block. */
export async function* linesOf(file: FileHandle, from: number): AsyncGenerator<SpoolFileLine> {
  let start = from;
  let position = from;
  // Put together once a line is whole: a long one would otherwise be copied again with each block.
  let pieces: Buffer[] = [];
  for (;;) {
    const block = Buffer.allocUnsafe(blockBytes);
    const { bytesRead } = await file.read(block, 0, blockBytes, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let rest = block.subarray(0, bytesRead);
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
      const line = Buffer.concat([...pieces, rest.subarray(0, end)]);
      yield { line, start, isEnded: true };
      start += line.length + 1;
      pieces = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) pieces.push(rest);
  }
  if (pieces.length > 0) yield { line: Buffer.concat(pieces), start, isEnded: false };
}
