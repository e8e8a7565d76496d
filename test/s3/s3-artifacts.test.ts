import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { nodePlatform } from 'runlog';
import { type ArtifactMaker, artifactStoreCases, runPortCase } from 'runlog/conformance';
import { ArtifactStorageError } from 'runlog/effects';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type S3Artifacts, s3Artifacts } from '../../src/adapters/artifacts/s3/index.ts';
import { partBytes } from '../../src/adapters/artifacts/s3/staged-upload.ts';
import { damaged, sha256Of } from '../harness/artifacts/damaged-bytes.ts';
import { accessKeyId, secretAccessKey } from '../harness/s3/credentials.ts';
import { s3Endpoint } from '../harness/s3/endpoint.ts';

const endpoint = await s3Endpoint();
const credentials = { accessKeyId, secretAccessKey };
const Bucket = 'artifacts';
const client = new S3Client({ endpoint, credentials, forcePathStyle: true, region: 'us-east-1' });
const opened: S3Artifacts[] = [];
beforeAll(async () => {
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  for (const store of opened) await store.close();
  client.destroy();
});

function open(prefix: string, limitBytes = 100_000, more: object = {}): S3Artifacts {
  const store = s3Artifacts({ bucket: Bucket, prefix, endpoint, credentials, limitBytes, ...more });
  opened.push(store);
  return store;
}

const places: ArtifactMaker = {
  name: 'artifacts in a bucket',
  make: async () => {
    const prefix = `${randomUUID()}/`;
    return {
      open: async () => open(prefix),
      sha256: sha256Of,
      limitBytes: 100_000,
      outside: {
        neighbour: async () => open(`${prefix}beside/`),
        away: async () => open(prefix, 100_000, { endpoint: 'http://127.0.0.1:1' }),
        nowhere: async () => open(prefix, 100_000, { bucket: '' }),
      },
      damage: async (sha256, how) => {
        const Key = `${prefix}blobs/${sha256.slice(0, 2)}/${sha256}`;
        if (how === 'remove') await client.send(new DeleteObjectCommand({ Bucket, Key }));
        else {
          const found = await client.send(new GetObjectCommand({ Bucket, Key }));
          const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
          await client.send(new PutObjectCommand({ Bucket, Key, Body: damaged(bytes, how) }));
        }
      },
      destroy: async () => undefined,
    };
  },
};

describe('artifacts in a bucket', () => {
  it.each(artifactStoreCases)('$id', async (artifactCase) => {
    await runPortCase(artifactCase, places, nodePlatform);
  });
});

async function* large(bytes: number, error?: Error): AsyncIterable<Uint8Array> {
  const piece = new Uint8Array(1_000_003).map((_, index) => index % 251);
  for (let left = bytes; left > 0; left -= piece.length)
    yield piece.subarray(0, Math.min(left, piece.length));
  if (error !== undefined) throw error;
}

test('what is larger than a part is sent in parts, and read as it was', async () => {
  const store = open(`${randomUUID()}/`, 2 ** 30);
  const size = 2 * partBytes + 12_345;
  const put = await store.put('large', large(size));
  expect(put.size).toBe(size);
  let found = 0;
  for await (const chunk of (await store.read('large')).content) found += chunk.length;
  expect(found).toBe(size);
});

test('a large one whose source breaks off leaves no part on the server', async () => {
  const prefix = `${randomUUID()}/`;
  const failure = new Error('broken');
  await expect(open(prefix, 2 ** 30).put('large', large(2 * partBytes + 1, failure))).rejects.toBe(failure);
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads.filter(({ Key }) => Key?.startsWith(prefix))).toEqual([]);
});

test.each([
  ['a wrong secret', { credentials: { accessKeyId, secretAccessKey: 'wrong' } }, 'denied'],
  ['a bucket that is not there', { bucket: 'no-such-bucket' }, 'misplaced'],
])('%s is told as such', async (_, more, reason) => {
  const end = await open('', 1000, more)
    .put('a', Uint8Array.of(1))
    .catch((error: unknown) => error);
  expect(end).toBeInstanceOf(ArtifactStorageError);
  expect(end).toMatchObject({ context: { reason } });
});

test('a server that is not there, and one that does not answer, are told as unreachable', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const mute = open('', 1000, { endpoint: `http://127.0.0.1:${port}`, timeoutMs: 50 });
  await expect(mute.head('a')).rejects.toMatchObject({ context: { reason: 'unreachable' } });
  silent.close();
  const gone = open('', 1000, { endpoint: 'http://127.0.0.1:1' });
  await expect(gone.head('a')).rejects.toMatchObject({ context: { reason: 'unreachable' } });
});
