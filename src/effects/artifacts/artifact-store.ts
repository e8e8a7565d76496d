/**
 * Decides what a store of artifacts does above its ground, alike in every store: bytes are hashed while they are written and while
 * they are read, named by their hash so that they are stored once, and a key is written only when they are safe.
 */
import { checkArguments } from '../../base/index.ts';
import { artifactCorrupted, artifactExists, artifactNotFound, artifactTooLarge } from './artifact-errors.ts';
import type { ArtifactGround, ByteHash } from './artifact-ground.ts';
import { checkArtifactKey, readPutOptions } from './artifact-key.ts';
import { readListing } from './artifact-listing.ts';
import type { ArtifactContent, ArtifactInfo, ArtifactStore, PutOptions } from './artifact-port.ts';
import { readArtifactRecord, writeArtifactRecord } from './artifact-record.ts';
import { sweepBlobs } from './sweep-blobs.ts';

/** Makes a store of artifacts out of a ground that keeps bytes by name; all proving is done here. */
export function artifactStore(ground: ArtifactGround): ArtifactStore {
  checkArguments('artifactStore', { ground: [ground, 'with location'] });
  const { location } = ground;
  const head = async (key: string): Promise<ArtifactInfo> => {
    checkArtifactKey(key);
    const text = await ground.readText(key);
    if (text === null) throw artifactNotFound({ location, key });
    return readArtifactRecord(text, { location, key });
  };
  const read: ArtifactStore['read'] = async (key) => {
    const info = await head(key);
    const content = await ground.openBlob(info.sha256);
    if (content === null) throw artifactCorrupted({ location, key, problem: 'its bytes are gone' });
    return { info, content: proved(content, info, ground) };
  };
  return Object.freeze({
    location,
    head,
    read,
    put: (key: string, content: ArtifactContent, options: PutOptions = {}) =>
      putArtifact(ground, key, content, options),
    get: async (key: string) => {
      const { info, content } = await read(key);
      return { info, bytes: await collect(content, info.size) };
    },
    list: async (options = {}) => {
      const { prefix, limit, after } = readListing(options);
      // One more than is handed out tells whether there is another page.
      const keys = await ground.keys({ prefix, after, limit: limit + 1 });
      const page = keys.slice(0, limit);
      const texts = await Promise.all(page.map(async (key) => [key, await ground.readText(key)] as const));
      // What was deleted since the keys were read is no longer part of the answer.
      const artifacts = texts.flatMap(([key, text]) =>
        text === null ? [] : [readArtifactRecord(text, { location, key })],
      );
      return { artifacts, cursor: keys.length > limit ? (page.at(-1) ?? null) : null };
    },
    delete: async (key: string) => {
      checkArtifactKey(key);
      return ground.removeText(key);
    },
    sweep: async (options = {}) => sweepBlobs(ground, options),
  } satisfies ArtifactStore);
}

async function putArtifact(
  ground: ArtifactGround,
  key: string,
  content: ArtifactContent,
  options: PutOptions,
): Promise<ArtifactInfo> {
  const { location } = ground;
  checkArtifactKey(key);
  const { contentType, metadata } = readPutOptions(key, options);
  const measure: Measure = { hash: ground.newHash(), size: 0 };
  const staged = await ground.stage(measured(content, measure, ground, key));
  const sha256 = measure.hash.digest('hex');
  try {
    if (options.sha256 !== undefined && options.sha256 !== sha256) {
      const problem = `its bytes have the SHA-256 ${sha256}, and were to have ${options.sha256}`;
      throw artifactCorrupted({ location, key, problem });
    }
    const size = measure.size;
    const info = { key, size, sha256, contentType, metadata, storedAt: ground.now() };
    if (options.ifPresent !== 'replace') {
      const present = await ground.readText(key);
      // The same bytes are written again all the same: what is damaged at rest becomes whole.
      if (present !== null) refuseOther(readArtifactRecord(present, { location, key }), info, location);
    }
    await staged.keep(sha256);
    return await nameBlob(ground, info, options.ifPresent ?? 'refuse');
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

async function nameBlob(
  ground: ArtifactGround,
  info: ArtifactInfo,
  ifPresent: 'refuse' | 'replace',
): Promise<ArtifactInfo> {
  const { location } = ground;
  const { key } = info;
  const isWritten = await ground.writeText(
    key,
    writeArtifactRecord(info),
    ifPresent === 'replace' ? 'any' : 'new',
  );
  if (isWritten) return Object.freeze(info);
  const text = await ground.readText(key);
  // It was deleted again meanwhile: nothing stands in the way any more.
  if (text === null) return nameBlob(ground, info, ifPresent);
  const present = readArtifactRecord(text, { location, key });
  refuseOther(present, info, location);
  return present;
}

function refuseOther(present: ArtifactInfo, info: ArtifactInfo, location: string): void {
  const fields = [
    ...(present.sha256 === info.sha256 ? [] : ['its bytes']),
    ...(present.contentType === info.contentType ? [] : ['its content type']),
    ...(areSame(present.metadata, info.metadata) ? [] : ['its metadata']),
  ];
  if (fields.length > 0) throw artifactExists({ location, key: info.key, fields });
}

function areSame(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

interface Measure {
  readonly hash: ByteHash;
  size: number;
}

/** Chunks are copied before they are hashed: what a caller writes into its buffer afterwards is not stored under another name. */
async function* measured(
  content: ArtifactContent,
  measure: Measure,
  { limitBytes, location }: ArtifactGround,
  key: string,
): AsyncIterable<Uint8Array> {
  const chunks = content instanceof Uint8Array ? [content] : content;
  for await (const given of chunks) {
    const chunk = Uint8Array.from(given);
    measure.size += chunk.length;
    if (measure.size > limitBytes) throw artifactTooLarge({ location, key, limitBytes });
    measure.hash.update(chunk);
    yield chunk;
  }
}

async function* proved(
  content: AsyncIterable<Uint8Array>,
  { key, size, sha256 }: ArtifactInfo,
  { location, newHash }: ArtifactGround,
): AsyncIterable<Uint8Array> {
  const hash = newHash();
  let found = 0;
  for await (const chunk of content) {
    if (chunk.length === 0) continue;
    found += chunk.length;
    if (found > size)
      throw artifactCorrupted({ location, key, problem: `it has more than its ${size} bytes` });
    hash.update(chunk);
    // The last bytes wait for the proof: a reader that has them all has the right ones.
    if (found === size) checkHash(hash.digest('hex'), sha256, { location, key });
    yield chunk;
  }
  if (found < size) {
    throw artifactCorrupted({ location, key, problem: `it has ${found} of its ${size} bytes` });
  }
  if (size === 0) checkHash(hash.digest('hex'), sha256, { location, key });
}

function checkHash(found: string, expected: string, place: { location: string; key: string }): void {
  if (found === expected) return;
  throw artifactCorrupted({ ...place, problem: `its bytes have the SHA-256 ${found}, and had ${expected}` });
}

async function collect(content: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of content) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}
