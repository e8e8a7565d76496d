/** Decides what a line of a file of events is: bytes up to a line feed that are UTF-8 and not too many, with its number. */

export type NumberedLine =
  | { readonly ok: true; readonly number: number; readonly text: string }
  | { readonly ok: false; readonly number: number; readonly reason: string };

/** An event may hold 64 Mi characters; in UTF-8, and escaped where it has to be, it may take four times as much. */
export const lineBytesAtMost = 256 * 1024 * 1024;

/** The first line tells the format, and takes a few hundred bytes. */
const firstLineBytesAtMost = 1024 * 1024;

/** A line that goes on beyond so many times what it may have is taken for one without an end. */
const endlessTimes = 4;

const lineFeed = 10;

/**
 * Never holds more than one line and one chunk. Lines without a character are passed over. Ends behind a line that seems to have
 * no end, and behind a first line that is too long to be one.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  bytesAtMost = lineBytesAtMost,
): AsyncGenerator<NumberedLine> {
  const line = new LineBytes(bytesAtMost);
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length;) {
      const found = chunk.indexOf(lineFeed, from);
      line.add(chunk.subarray(from, found === -1 ? chunk.length : found));
      const endless = line.endless();
      if (endless !== null) {
        yield endless;
        return;
      }
      if (found === -1) break;
      const ended = line.end();
      if (ended !== null) yield ended;
      from = found + 1;
    }
  }
  const last = line.end();
  if (last !== null) yield last;
}

class LineBytes {
  readonly #bytesAtMost: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #parts: Uint8Array[] = [];
  #length = 0;
  #number = 0;

  constructor(bytesAtMost: number) {
    this.#bytesAtMost = bytesAtMost;
  }

  /** The refusal of a line behind which nothing is read; `null` for one that may still end. */
  endless(): NumberedLine | null {
    const isFirst = this.#number === 0;
    const most = isFirst
      ? Math.min(firstLineBytesAtMost, this.#bytesAtMost)
      : this.#bytesAtMost * endlessTimes;
    if (this.#length <= most) return null;
    const what = isFirst
      ? `it has more than ${most} bytes, and the first line is a version line`
      : `it has more than ${most} bytes and no end, and a line has at most ${this.#bytesAtMost}: nothing behind it was read`;
    return { ok: false, number: this.#number + 1, reason: what };
  }

  add(part: Uint8Array): void {
    this.#length += part.length;
    // What is too long is counted and not kept.
    if (this.#length > this.#bytesAtMost) this.#parts = [];
    // The chunk may be used again by whoever made it.
    else this.#parts.push(part.slice());
  }

  end(): NumberedLine | null {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    this.#number += 1;
    const number = this.#number;
    if (length > this.#bytesAtMost) {
      const reason = `it has ${length} bytes, and a line has at most ${this.#bytesAtMost}`;
      return { ok: false, number, reason };
    }
    const text = this.#decode(parts, length);
    if (text === null) return { ok: false, number, reason: 'it is no UTF-8' };
    // Some editors put a mark before the first line, and a carriage return behind each.
    const plain = text.replace(number === 1 ? /^\uFEFF/ : /^(?!)/, '').replace(/\r$/, '');
    return plain === '' ? null : { ok: true, number, text: plain };
  }

  #decode(parts: readonly Uint8Array[], length: number): string | null {
    const [only] = parts;
    const bytes = parts.length === 1 && only !== undefined ? only : joined(parts, length);
    try {
      return this.#decoder.decode(bytes);
    } catch {
      // The reason of the platform says no more than this.
      return null;
    }
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}
