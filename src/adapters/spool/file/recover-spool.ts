/** Decides what of a spool file counts when it is opened: every whole line; what a crash left of a last one is cut off. */
import type { FileHandle } from 'node:fs/promises';
import { isWholeLine } from './spool-line.ts';
import { spoolDamaged } from './spool-errors.ts';

const newline = 0x0a;
const blockBytes = 256 * 1024;

/** The number of bytes that count. Rejects with `StorageReadError` when a bad line stands before a good one. */
export async function wholeBytes(file: FileHandle, path: string): Promise<number> {
  let end = 0;
  let bad: number | null = null;
  for await (const { line, start, isEnded } of linesOf(file, 0)) {
    const isWhole = isEnded && isWholeLine(line);
    if (isWhole && bad !== null) throw spoolDamaged({ path, atByte: bad });
    if (isWhole) end = start + line.length + 1;
    else bad ??= start;
  }
  return end;
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
  let pending: Buffer = Buffer.alloc(0);
  for (;;) {
    const block = Buffer.allocUnsafe(blockBytes);
    const { bytesRead } = await file.read(block, 0, blockBytes, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    pending = Buffer.concat([pending, block.subarray(0, bytesRead)]);
    for (let end = pending.indexOf(newline); end !== -1; end = pending.indexOf(newline)) {
      yield { line: pending.subarray(0, end), start, isEnded: true };
      start += end + 1;
      pending = pending.subarray(end + 1);
    }
  }
  if (pending.length > 0) yield { line: pending, start, isEnded: false };
}
