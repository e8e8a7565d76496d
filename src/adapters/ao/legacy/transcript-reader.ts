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

/** Transcripts are packed to a tenth, or a fiftieth. A file beyond both of these was made to fill a disk. */
const packed = { atMostTimes: 1000, judgedFromBytes: 64 * 1024 * 1024 } as const;

const chunkBytes = 256 * 1024;

export const transcriptReader = {
  async *lines(path: string): AsyncIterable<Line & { readonly isEnded: boolean }> {
    refuseNoFile(path);
    let rest: Buffer[] = [];
    let length = 0;
    const chunks: AsyncIterable<Buffer> = path.endsWith('.zst')
      ? unpacked(path)
      : createReadStream(path, { highWaterMark: chunkBytes });
    for await (const bytes of chunks) {
      let start = 0;
      for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
        yield { ...lineOf(Buffer.concat([...rest, bytes.subarray(start, end)])), isEnded: true };
        rest = [];
        length = 0;
        start = end + 1;
      }
      if (start === bytes.length) continue;
      rest.push(bytes.subarray(start));
      length += bytes.length - start;
      if (length > longestBytes) throw tooLong(path);
    }
    if (length > 0) yield { ...lineOf(Buffer.concat(rest)), isEnded: false };
  },

  whole(path: string): Line {
    refuseNoFile(path);
    if (statSync(path).size > longestBytes) throw tooLong(path);
    return lineOf(readFileSync(path));
  },

  line: (bytes: Uint8Array): Line => lineOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
};

/** A file may be several frames, and Node unpacks one: each is given what the one before has left. */
async function* unpacked(path: string): AsyncIterable<Buffer> {
  const { size } = statSync(path);
  let unpackedBytes = 0;
  let start = 0;
  do {
    const file = createReadStream(path, { start, highWaterMark: chunkBytes });
    const unpack = createZstdDecompress();
    // What breaks the file breaks the unpacking too.
    file.on('error', (error) => unpack.destroy(error));
    // Whoever reads hears of it; what comes behind the end of a frame is the next one's.
    unpack.on('error', () => undefined);
    try {
      for await (const bytes of file.pipe(unpack) as AsyncIterable<Buffer>) {
        unpackedBytes += bytes.length;
        if (unpackedBytes > Math.max(packed.judgedFromBytes, size * packed.atMostTimes))
          throw new Error(`it unpacks to more than ${packed.atMostTimes} times its size`);
        yield bytes;
      }
    } finally {
      file.destroy();
      unpack.destroy();
    }
    start += unpack.bytesWritten;
  } while (start < size);
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
