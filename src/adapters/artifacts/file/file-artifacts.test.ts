import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  existsSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ArtifactCorruptedError, ArtifactStorageError } from '../../../effects/index.ts';
import { fileArtifacts } from './file-artifacts.ts';
import { keyPath } from './key-path.ts';

let scratch = '';
let folder = '';
let elsewhere = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'runlog-file-artifacts-'));
  folder = join(scratch, 'store');
  elsewhere = join(scratch, 'elsewhere');
  mkdirSync(elsewhere);
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const bytes = Uint8Array.from([1, 2, 3]);
const sha256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';

test.each([['incoming'], ['blobs'], [`blobs/${sha256.slice(0, 2)}`], ['keys']])(
  'a link in the place of the folder %s is not followed',
  async (place) => {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    symlinkSync(elsewhere, join(folder, place));
    const error = await fileArtifacts(folder)
      .put('a', bytes)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArtifactStorageError);
    expect(error).toMatchObject({ context: { reason: 'misplaced' } });
    expect(readdirSync(elsewhere)).toEqual([]);
  },
);

test('a link in the place of a folder of a long key is not followed', async () => {
  const key = 'x'.repeat(150);
  const [first = ''] = keyPath(key).folders;
  mkdirSync(join(folder, 'keys'), { recursive: true });
  symlinkSync(elsewhere, join(folder, 'keys', first));
  await expect(fileArtifacts(folder).put(key, bytes)).rejects.toThrow(ArtifactStorageError);
  await expect(fileArtifacts(folder).get(key)).rejects.toThrow(ArtifactStorageError);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('a link in the place of bytes, or of what is known under a key, is not read', async () => {
  const store = fileArtifacts(folder);
  await store.put('a', bytes);
  writeFileSync(join(elsewhere, 'secret'), bytes);
  const blob = join(folder, 'blobs', sha256.slice(0, 2), sha256);
  rmSync(blob);
  symlinkSync(join(elsewhere, 'secret'), blob);
  await expect(store.get('a')).rejects.toThrow(ArtifactStorageError);
  symlinkSync(join(elsewhere, 'secret'), join(folder, 'keys', keyPath('b').file));
  await expect(store.get('b')).rejects.toThrow(ArtifactStorageError);
});

test('a file in the place of the folder is said so', async () => {
  writeFileSync(folder, '');
  await expect(fileArtifacts(folder).put('a', bytes)).rejects.toMatchObject({
    code: 'artifact-storage-error',
    context: { operation: 'write' },
  });
});

test('a source that breaks off leaves no file behind', async () => {
  const failure = new Error('broken');
  const broken = (async function* () {
    yield bytes;
    throw failure;
  })();
  await expect(fileArtifacts(folder).put('a', broken)).rejects.toBe(failure);
  expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
});

test('what a put that died has left goes with a sweep, once it is old', async () => {
  const store = fileArtifacts(folder);
  await store.put('a', bytes);
  const left = join(folder, 'incoming', 'left');
  writeFileSync(left, 'half');
  await store.sweep();
  expect(existsSync(left)).toBe(true);
  const longAgo = new Date(Date.now() - 7_200_000);
  utimesSync(left, longAgo, longAgo);
  await store.sweep();
  expect(existsSync(left)).toBe(false);
});

test('nothing is swept while a key cannot be read: what it names is not known', async () => {
  const store = fileArtifacts(folder);
  await store.put('a', bytes);
  await store.put('b', Uint8Array.of(9));
  await store.delete('b');
  writeFileSync(join(folder, 'keys', keyPath('a').file), '{"form":1');
  await expect(store.head('a')).rejects.toThrow(ArtifactCorruptedError);
  await expect(store.sweep({ olderThanMs: 0 })).rejects.toThrow(ArtifactCorruptedError);
  expect(readdirSync(join(folder, 'blobs'))).toHaveLength(2);
});

test('files that somebody else has laid there are no artifacts', async () => {
  const store = fileArtifacts(folder);
  await store.put('a', bytes);
  writeFileSync(join(folder, 'keys', 'README.json'), '{}');
  writeFileSync(join(folder, 'keys', '6'), '');
  expect((await store.list()).artifacts.map(({ key }) => key)).toEqual(['a']);
});
