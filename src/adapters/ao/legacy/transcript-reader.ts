/** Decides how transcripts are read, which may be larger than memory: line by line, unpacked on the way. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createZstdDecompress } from 'node:zlib';

interface Line {
  readonly text: string;
  readonly base64: string | null;
}

/** One event is one text: beyond this no store takes it, and no reader should hold it. */
const longestBytes = 128 * 1024 * 1024;

export const transcriptReader = {
  async *lines(path: string): AsyncIterable<Line> {
    refuseNoFile(path);
    const file = createReadStream(path, { highWaterMark: 256 * 1024 });
    let rest: Buffer[] = [];
    let length = 0;
    const chunks: AsyncIterable<Buffer> = path.endsWith('.zst') ? unpacked(file) : file;
    for await (const bytes of chunks) {
      let start = 0;
      for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
        yield lineOf(Buffer.concat([...rest, bytes.subarray(start, end)]));
        rest = [];
        length = 0;
        start = end + 1;
      }
      if (start === bytes.length) continue;
      rest.push(bytes.subarray(start));
      length += bytes.length - start;
      if (length > longestBytes) throw tooLong(path);
    }
    if (length > 0) yield lineOf(Buffer.concat(rest));
  },

  whole(path: string): Line {
    refuseNoFile(path);
    if (statSync(path).size > longestBytes) throw tooLong(path);
    return lineOf(readFileSync(path));
  },
};

/** What breaks the file breaks the unpacking too. */
function unpacked(file: ReturnType<typeof createReadStream>) {
  const unpack = createZstdDecompress();
  file.on('error', (error) => unpack.destroy(error));
  return file.pipe(unpack);
}

/** A pipe would let whoever reads it wait for ever. */
function refuseNoFile(path: string): void {
  if (!statSync(path).isFile()) throw new Error(`${path} is no file`);
}

function tooLong(path: string): Error {
  return new Error(`${path} has a line of more than ${longestBytes / 1024 / 1024} MiB`);
}

function lineOf(bytes: Buffer): Line {
  const text = bytes.toString('utf8');
  return { text, base64: isUtf8(bytes) ? null : bytes.toString('base64') };
}
