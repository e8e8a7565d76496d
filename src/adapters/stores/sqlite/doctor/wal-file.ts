/**
 * Decides whether the -wal file beside a store has lost commits. SQLite reads such a file up to the first frame that does not
 * fit and is silent about the rest, so this is found out before SQLite opens it. The layout is https://sqlite.org/walformat.html.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { endianness } from 'node:os';
import { lookedAt } from '../translate-error.ts';

export interface LostTail {
  /** One sentence. */
  readonly what: string;
  /** True when SQLite would wipe out what tells of it by opening the file: the -shm file. */
  readonly isTouchedByOpening: boolean;
}

/** `null` when nothing speaks of a loss. Throws `StoreUnavailableError` for files that cannot be read. */
export function lostTailOf(path: string): LostTail | null {
  return lookedAt(`${path}-wal`, path, () => tailLostBy(path));
}

function tailLostBy(path: string): LostTail | null {
  const cut = cutOff(path);
  if (cut !== null) return { what: cut, isTouchedByOpening: true };
  const broken = brokenFrame(path);
  return broken === null ? null : { what: broken, isTouchedByOpening: false };
}

const headerBytes = 32;
const frameHeaderBytes = 24;

interface SharedIndex {
  /** Frames that were committed, and how many of the first of them are in the main file by now. */
  readonly frames: number;
  readonly inFile: number;
  readonly pageBytes: number;
  readonly bytes: Buffer;
}

/** The index that the processes share tells how long the -wal file was when the last of them wrote. */
function cutOff(path: string): string | null {
  const index = readIndex(`${path}-shm`);
  if (index === null || index.frames <= index.inFile) return null;
  const size = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const frames = Math.max(0, Math.floor((size - headerBytes) / (frameHeaderBytes + index.pageBytes)));
  if (frames >= index.frames) return null;
  // Somebody writes just now: what was read first is not what the size belongs to.
  if (readIndex(`${path}-shm`)?.bytes.equals(index.bytes) !== true) return null;
  const left = size === 0 ? 'and is gone or empty now' : `and has ${frames} now`;
  return `'${path}-wal' held ${index.frames} pages when it was last written, ${left}; ${index.frames - Math.max(frames, index.inFile)} of the lost ones are nowhere else.`;
}

/** `null` when there is none, or none that can be trusted. */
function readIndex(path: string): SharedIndex | null {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < 136) return null;
  const bytes = readFileSync(path).subarray(0, 136);
  // It is kept twice, and the two differ while it is being written.
  if (!bytes.subarray(0, 48).equals(bytes.subarray(48, 96))) return null;
  const number = (at: number): number =>
    endianness() === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const half = endianness() === 'LE' ? bytes.readUInt16LE(14) : bytes.readUInt16BE(14);
  if (number(0) !== 3_007_000 || bytes[12] === 0) return null;
  return { frames: number(16), inFile: number(96), pageBytes: half === 1 ? 65_536 : half, bytes };
}

/** A frame whose sum is wrong, and that or one behind it was committed. Looked at twice: a writer may be at work just now. */
function brokenFrame(path: string): string | null {
  const first = findBroken(path);
  if (first === null) return null;
  return findBroken(path) === first ? first : null;
}

function findBroken(path: string): string | null {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) < headerBytes) return null;
  const file = openSync(`${path}-wal`, 'r');
  try {
    return walkFrames(file, `${path}-wal`, readIndex(`${path}-shm`));
  } finally {
    closeSync(file);
  }
}

interface WalHeader {
  readonly pageBytes: number;
  readonly isBigEndian: boolean;
  readonly salts: Buffer;
  readonly sums: Sums;
}

/** `null` for a header whose sum is wrong. */
function readHeader(file: number): WalHeader | null {
  const header = Buffer.alloc(headerBytes);
  readSync(file, header, 0, headerBytes, 0);
  const pageBytes = header.readUInt32BE(8);
  const isBigEndian = (header.readUInt32BE(0) & 1) === 1;
  const sums = sumOf(header, 24, { first: 0, second: 0 }, isBigEndian);
  const fits = sums.first === header.readUInt32BE(24) && sums.second === header.readUInt32BE(28);
  return fits ? { pageBytes, isBigEndian, salts: header.subarray(16, 24), sums } : null;
}

function walkFrames(file: number, path: string, index: SharedIndex | null): string | null {
  const header = readHeader(file);
  if (header === null) return `The header of '${path}' is damaged, so SQLite reads nothing of it.`;
  const { pageBytes, isBigEndian, salts } = header;
  let { sums } = header;
  const frame = Buffer.alloc(frameHeaderBytes + pageBytes);
  const body = Buffer.alloc(8 + pageBytes);
  const count = Math.floor((fstatSync(file).size - headerBytes) / frame.length);
  let broken: { readonly at: number; readonly isCommit: boolean } | null = null;
  for (let at = 0; at < count; at += 1) {
    readSync(file, frame, 0, frame.length, headerBytes + at * frame.length);
    const isCommit = frame.readUInt32BE(4) > 0;
    // What stands behind the last commit since the file was begun anew bears the salts of before.
    const isOfNow = frame.subarray(8, 16).equals(salts);
    if (broken !== null) {
      if (isOfNow && isCommit) return lossAt(broken.at, path);
      continue;
    }
    frame.copy(body, 0, 0, 8);
    frame.copy(body, 8, frameHeaderBytes);
    sums = sumOf(body, body.length, sums, isBigEndian);
    if (isOfNow && sums.first === frame.readUInt32BE(16) && sums.second === frame.readUInt32BE(20)) continue;
    broken = { at, isCommit: isOfNow && isCommit };
  }
  if (broken === null) return null;
  // A process that dies in the middle of a commit leaves half of it, and the index does not count it.
  const wasCommitted = index === null ? broken.isCommit : index.frames > broken.at;
  return wasCommitted ? lossAt(broken.at, path) : null;
}

function lossAt(at: number, path: string): string {
  return `Page ${at + 1} of '${path}' is damaged, and SQLite reads neither it nor the commits behind it.`;
}

interface Sums {
  readonly first: number;
  readonly second: number;
}

function sumOf(bytes: Buffer, length: number, { first, second }: Sums, isBigEndian: boolean): Sums {
  let [one, two] = [first, second];
  for (let at = 0; at < length; at += 8) {
    const left = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const right = isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    one = (one + left + two) >>> 0;
    two = (two + right + one) >>> 0;
  }
  return { first: one, second: two };
}
