/** Decides how the output of a program becomes lines, and how much of it is held: a line that never ends is cut, and said to be. */

export interface OutputLine {
  readonly text: string;
  /** True when only the beginning is here. */
  readonly isCut: boolean;
}

/** Lines without their ends; the last one also without an end. Holds at most one line, of at most `maxBytes`. */
export async function* outputLines(
  output: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<OutputLine, void, undefined> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isCut = false;
  const take = (piece: Buffer): void => {
    const fits = piece.subarray(0, maxBytes - heldBytes);
    if (fits.length < piece.length) isCut = true;
    if (fits.length > 0) held.push(fits);
    heldBytes += fits.length;
  };
  const finish = (): OutputLine => {
    const line = { text: Buffer.concat(held).toString('utf8').replace(/\r$/, ''), isCut };
    held = [];
    heldBytes = 0;
    isCut = false;
    return line;
  };
  for await (const chunk of output) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (heldBytes > 0) yield finish();
}

export interface HeldText {
  readonly text: string;
  readonly isCut: boolean;
}

/** The beginning of an output, of at most `maxBytes`. All of it is read, so that the program does not wait. */
export async function beginningOf(output: AsyncIterable<Buffer>, maxBytes: number): Promise<HeldText> {
  const held: Buffer[] = [];
  let bytes = 0;
  let isCut = false;
  for await (const chunk of output) {
    const fits = chunk.subarray(0, maxBytes - bytes);
    if (fits.length > 0) held.push(fits);
    if (fits.length < chunk.length) isCut = true;
    bytes += fits.length;
  }
  return { text: wellFormed(Buffer.concat(held), isCut), isCut };
}

/** A character that was cut in two is left out. */
export function wellFormed(bytes: Buffer, isCut: boolean): string {
  const text = bytes.toString('utf8');
  return isCut ? text.replace(/\uFFFD$/, '') : text;
}
