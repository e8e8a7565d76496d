/** Decides how artifacts lie in a bucket: bytes by their hash, what is known of them by key, and what is being sent apart from both. */
import { createHash } from 'node:crypto';
import { checkArguments, checkOptionNames, InvalidRuntimeConfiguration } from '../../../base/index.ts';
import { type ArtifactGround, type ArtifactStore, artifactStore } from '../../../effects/index.ts';
import { type Bucket, type BucketSettings, openBucket } from './bucket.ts';
import { keyOfName, nameOfKey, nameOfPrefix } from './key-name.ts';
import { ageOf, listObjects } from './list-objects.ts';
import { isAbsent, statusOf } from './s3-failure.ts';
import { stageUpload } from './staged-upload.ts';

/** Bucket, prefix, endpoint, credentials and limits (milliseconds, bytes). */
export interface S3ArtifactsOptions {
  /** It has to be there. */
  readonly bucket: string;
  /** In front of every name, at most 150 characters: `artifacts/` shares a bucket with others. Empty by default. */
  readonly prefix?: string;
  /** Of a server that is not Amazon's: `https://s3.example.org`. The bucket then stands in the path. */
  readonly endpoint?: string;
  /** The environment's by default, and `us-east-1` for an `endpoint`. */
  readonly region?: string;
  /** The environment's by default, as the vendor's package finds them. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** For one try of one request; 30,000 by default. There are three tries. */
  readonly timeoutMs?: number;
  /** Of one artifact; 1 GiB by default, at most 5 GiB. */
  readonly limitBytes?: number;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  bucket: true,
  prefix: true,
  endpoint: true,
  region: true,
  credentials: true,
  timeoutMs: true,
  limitBytes: true,
} satisfies Record<keyof S3ArtifactsOptions, true>);

/** Artifacts in a bucket. Close it after use. */
export interface S3Artifacts extends ArtifactStore {
  /** Lets go of the connections. Safe to call twice; a later call opens new ones. */
  close(): Promise<void>;
}

const gib = 2 ** 30;

/**
 * Artifacts in a bucket. Several processes may use it at once. The package `@aws-sdk/client-s3` is looked for when the store is
 * first used: without it every method rejects with `MissingOptionalDependency`. Throws `InvalidRuntimeConfiguration`.
 */
export function s3Artifacts(options: S3ArtifactsOptions): S3Artifacts {
  checkArguments('s3Artifacts', { options: [options, 'with bucket'] });
  checkOptionNames('s3Artifacts', options, optionNames);
  const { bucket: name, prefix = '', limitBytes = gib, timeoutMs = 30_000 } = options;
  refuseUnless(name !== '', '`bucket` is empty');
  refuseUnless(prefix.length <= 150, `\`prefix\` has ${prefix.length} characters, and may have 150`);
  refuseUnless(limitBytes <= 5 * gib, '`limitBytes` is above 5 GiB, the most that a server copies at once');
  const settings: BucketSettings = {
    bucket: name,
    prefix,
    location: `s3://${name}/${prefix}`,
    endpoint: options.endpoint ?? null,
    region: options.region ?? null,
    credentials: options.credentials ?? null,
    timeoutMs,
  };
  const bucket = openBucket(settings);
  const store = artifactStore(s3Ground(bucket, limitBytes));
  return Object.freeze({ ...store, close: async () => bucket.close() });
}

function refuseUnless(isFine: boolean, problem: string): void {
  if (isFine) return;
  throw new InvalidRuntimeConfiguration({
    summary: `artifacts cannot be kept in S3: ${problem}`,
    whatFailed: `\`s3Artifacts\` was called, and ${problem}.`,
    why: 'A store that fails with its first artifact is better refused at once.',
    howToFix: 'Correct the option that is named.',
    context: { problem },
  });
}

function s3Ground(bucket: Bucket, limitBytes: number): ArtifactGround {
  const { bucket: Bucket, prefix, location } = bucket.settings;
  const blobName = (sha256: string): string => `${prefix}blobs/${sha256.slice(0, 2)}/${sha256}`;
  const keyName = (key: string): string => `${prefix}keys/${nameOfKey(key)}`;
  return {
    location,
    limitBytes,
    newHash: () => createHash('sha256'),
    now: () => new Date().toISOString(),
    stage: async (content) => stageUpload(bucket, content, blobName),
    openBlob: async (sha256) => openObject(bucket, blobName(sha256)),
    blobs: async function* () {
      for await (const { name, size, ageMs } of listObjects(bucket, 'blobs/')) {
        const sha256 = name.slice(3);
        if (/^[0-9a-f]{64}$/.test(sha256)) yield { sha256, size, ageMs };
      }
    },
    removeBlob: async (sha256, olderThanMs) => {
      const modified = await modifiedOf(bucket, blobName(sha256));
      if (modified === null || ageOf(modified) < olderThanMs) return false;
      await removeObject(bucket, blobName(sha256));
      return true;
    },
    removeStale: async (olderThanMs) => removeStale(bucket, olderThanMs),
    writeText: async (key, text, mode) => writeText(bucket, keyName(key), text, mode),
    readText: async (key) =>
      bucket.use('read', async (client, { GetObjectCommand }) => {
        try {
          const found = await client.send(new GetObjectCommand({ Bucket, Key: keyName(key) }));
          const body = found.Body?.transformToWebStream();
          return body === undefined ? '' : await beginningOf(body);
        } catch (error) {
          if (isAbsent(error)) return null;
          throw error;
        }
      }),
    removeText: async (key) => {
      if ((await modifiedOf(bucket, keyName(key))) === null) return false;
      await removeObject(bucket, keyName(key));
      return true;
    },
    keys: async ({ prefix: beginning, after, limit }) => {
      const from = { beginning: nameOfPrefix(beginning), after: after === null ? null : nameOfKey(after) };
      const keys: string[] = [];
      for await (const { name } of listObjects(bucket, 'keys/', from)) {
        const key = keyOfName(name);
        if (key?.startsWith(beginning) === true) keys.push(key);
        if (keys.length === limit) break;
      }
      return keys;
    },
  };
}

/** What stands under a key is much shorter; of what is longer a beginning is enough to see that it is something else. */
const longestRecordBytes = 1024 * 1024;

async function beginningOf(body: ReadableStream): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; bytes < longestRecordBytes;) {
    const piece = await reader.read();
    const value: unknown = piece.value;
    if (value instanceof Uint8Array) {
      bytes += value.length;
      text += decoder.decode(value, { stream: true });
    }
    if (piece.done) return text + decoder.decode();
  }
  await reader.cancel().catch(() => undefined);
  return text;
}

async function openObject(bucket: Bucket, Key: string): Promise<AsyncIterable<Uint8Array> | null> {
  const { bucket: Bucket } = bucket.settings;
  if ((await modifiedOf(bucket, Key)) === null) return null;
  // Asked for by the first reading: a reader that never begins holds no connection.
  return (async function* () {
    const stream = await bucket.use('read', async (client, { GetObjectCommand }) => {
      const found = await client.send(new GetObjectCommand({ Bucket, Key }));
      return found.Body?.transformToWebStream();
    });
    if (stream === undefined) return;
    const reader = stream.getReader();
    try {
      for (;;) {
        const piece = await bucket.use('read', async () => reader.read());
        const bytes: unknown = piece.value;
        if (bytes instanceof Uint8Array) yield bytes;
        if (piece.done) return;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  })();
}

/** `null` when there is no such object. */
async function modifiedOf(bucket: Bucket, Key: string): Promise<Date | null> {
  return bucket.use('read', async (client, { HeadObjectCommand }) => {
    try {
      const found = await client.send(new HeadObjectCommand({ Bucket: bucket.settings.bucket, Key }));
      return found.LastModified ?? new Date();
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  });
}

async function removeObject(bucket: Bucket, Key: string): Promise<void> {
  await bucket.use('remove', async (client, { DeleteObjectCommand }) =>
    client.send(new DeleteObjectCommand({ Bucket: bucket.settings.bucket, Key })),
  );
}

const writeTries = 5;

/** A server may answer 409 while another put of the same name is under way: it is asked again when that one has ended. */
async function writeText(bucket: Bucket, Key: string, text: string, mode: 'new' | 'any'): Promise<boolean> {
  const condition = mode === 'new' ? { IfNoneMatch: '*' } : {};
  return bucket.use('write', async (client, { PutObjectCommand }) => {
    for (let tried = 1; ; tried += 1) {
      const put = new PutObjectCommand({ Bucket: bucket.settings.bucket, Key, Body: text, ...condition });
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (mode === 'new' && statusOf(error) === 412) return false;
        if (statusOf(error) !== 409 || tried === writeTries) throw error;
      }
    }
  });
}

async function removeStale(bucket: Bucket, olderThanMs: number): Promise<void> {
  const { bucket: Bucket, prefix } = bucket.settings;
  for await (const { name, ageMs } of listObjects(bucket, 'incoming/')) {
    if (ageMs >= olderThanMs) await removeObject(bucket, `${prefix}incoming/${name}`);
  }
  const begun = await bucket.use('list', async (client, { ListMultipartUploadsCommand }) =>
    client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: `${prefix}incoming/` })),
  );
  for (const { Key, UploadId, Initiated } of begun.Uploads ?? []) {
    if (ageOf(Initiated) < olderThanMs) continue;
    await bucket.use('remove', async (client, { AbortMultipartUploadCommand }) =>
      client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })),
    );
  }
}
