/**
 * Decides how bytes come into a bucket before their name is known: what fits into one part waits in memory, what does not is sent in
 * parts to a name of its own, and copied to its place by the server.
 */
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { StagedBlob } from '../../../effects/index.ts';
import type { Bucket } from './bucket.ts';

/** The vendor takes parts from 5 MiB, and 10,000 of them. */
export const partBytes = 8 * 1024 * 1024;

export async function stageUpload(
  bucket: Bucket,
  content: AsyncIterable<Uint8Array>,
  placeOf: (sha256: string) => string,
): Promise<StagedBlob> {
  const parts = inParts(content)[Symbol.asyncIterator]();
  const first = await parts.next();
  if (first.done === true) return held(bucket, new Uint8Array(), placeOf);
  const second = await parts.next();
  if (second.done === true) return held(bucket, first.value, placeOf);
  return sent(bucket, chained([first.value, second.value], parts), placeOf);
}

function held(bucket: Bucket, body: Uint8Array, placeOf: (sha256: string) => string): StagedBlob {
  return {
    keep: async (sha256) => {
      const { bucket: Bucket } = bucket.settings;
      await bucket.use('write', async (client, { PutObjectCommand }) =>
        client.send(new PutObjectCommand({ Bucket, Key: placeOf(sha256), Body: body })),
      );
    },
    discard: async () => undefined,
  };
}

async function sent(
  bucket: Bucket,
  parts: AsyncIterable<Uint8Array>,
  placeOf: (sha256: string) => string,
): Promise<StagedBlob> {
  const { bucket: Bucket, prefix } = bucket.settings;
  const Key = `${prefix}incoming/${randomUUID()}`;
  const UploadId = await bucket.use('write', async (client, { CreateMultipartUploadCommand }) => {
    const begun = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    return begun.UploadId;
  });
  const upload = { Bucket, Key, UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for await (const Body of parts) {
      const PartNumber = Parts.length + 1;
      const { ETag } = await bucket.use('write', async (client, { UploadPartCommand }) =>
        client.send(new UploadPartCommand({ ...upload, PartNumber, Body })),
      );
      Parts.push({ PartNumber, ETag });
    }
    await bucket.use('write', async (client, { CompleteMultipartUploadCommand }) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })),
    );
  } catch (error) {
    await quietly(
      bucket.use('remove', async (client, { AbortMultipartUploadCommand }) =>
        client.send(new AbortMultipartUploadCommand(upload)),
      ),
    );
    throw error;
  }
  const discard = async (): Promise<void> =>
    quietly(
      bucket.use('remove', async (client, { DeleteObjectCommand }) =>
        client.send(new DeleteObjectCommand({ Bucket, Key })),
      ),
    );
  return {
    keep: async (sha256) => {
      const CopySource = encodeURI(`${Bucket}/${Key}`);
      await bucket.use('write', async (client, { CopyObjectCommand }) =>
        client.send(new CopyObjectCommand({ Bucket, Key: placeOf(sha256), CopySource })),
      );
      await discard();
    },
    discard,
  };
}

/** What cannot be removed now is removed by a later sweep. */
async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}

/** Parts of one size, the last one smaller. */
async function* inParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    held.push(chunk);
    bytes += chunk.length;
    while (bytes >= partBytes) {
      const whole = Buffer.concat(held);
      yield whole.subarray(0, partBytes);
      const rest = whole.subarray(partBytes);
      held = [rest];
      bytes = rest.length;
    }
  }
  if (bytes > 0) yield Buffer.concat(held);
}

async function* chained(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array, void>,
): AsyncIterable<Uint8Array> {
  yield* first;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}
