/** Decides what a transcript is to the import: entries in their order, each with its text as it was found. */
import { parsedJson } from '../legacy/values.ts';

export interface TranscriptLine {
  readonly text: string;
  /** The bytes, where they are no UTF-8 and the text therefore is not what was written; else `null`. */
  readonly base64: string | null;
}

export interface FileLine extends TranscriptLine {
  /** False for the last line of a file that does not end with one: it may still be written. */
  readonly isEnded: boolean;
}

export interface TranscriptEntry extends TranscriptLine {
  /** What it is called where it was found; `null` for a line of a file. */
  readonly name: string | null;
  /** Who spoke, where the text itself does not say it. */
  readonly role: string | null;
  /** True for a line whose end may not be written yet. */
  readonly isUnfinished?: boolean;
}

export interface Transcript {
  /** Where it was found, for people. */
  readonly path: string;
  /** From the beginning, in bounded memory; throws what the disk or the database throws. */
  entries(): AsyncIterable<TranscriptEntry>;
}

/** How files are read that may be larger than memory. */
export interface TranscriptReader {
  /** The lines of a file without their ends; a file whose name ends in `.zst` is unpacked. Throws what the disk throws. */
  lines(path: string): AsyncIterable<FileLine>;
  /** All of a file as one text. Throws what the disk throws, and for a file that is too large to be one event. */
  whole(path: string): TranscriptLine;
  line(bytes: Uint8Array): TranscriptLine;
}

export function linesOf(reader: TranscriptReader, path: string): Transcript {
  return {
    path,
    async *entries() {
      for await (const { text, base64, isEnded } of reader.lines(path)) {
        // JSON that is whole needs no end of line.
        const isUnfinished = !isEnded && parsedJson(text) === undefined;
        yield { text, base64, name: null, role: null, isUnfinished };
      }
    },
  };
}

/** Of what is there, and cannot be read: whoever asks for its entries hears why. */
export function unreadable(path: string, reason: unknown): Transcript {
  return {
    path,
    entries: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(reason instanceof Error ? reason : new Error(String(reason))),
      }),
    }),
  };
}

/** Several files after each other, as one. */
export function chained(path: string, parts: readonly Transcript[]): Transcript {
  return {
    path,
    async *entries() {
      for (const part of parts) yield* part.entries();
    },
  };
}
