import { createHash } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  ArtifactCorruptedError,
  ArtifactExistsError,
  ArtifactNotFoundError,
  artifactCorrupted,
  type ArtifactStore,
  memoryArtifacts,
} from '../../effects/index.ts';
import { openMemoryStore, type SessionLogStore } from '../../log/index.ts';
import { SessionNotFoundError } from '../errors/error-classes.ts';
import { countingMint } from '../model/mint.ts';
import { newSession } from '../model/session.ts';
import { openLogSessionStore, type OpenSessionStore } from '../store/log-session-store.ts';
import { type ArtifactRegistry, artifactRegistry } from './artifact-registry.ts';
import { type ArtifactFinding, checkArtifacts } from './check-artifacts.ts';
import { copyArtifacts } from './copy-artifacts.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const memory = { newHash: () => createHash('sha256'), now: () => '2026-11-21T10:00:00.000Z' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let log: SessionLogStore;
let sessions: OpenSessionStore;
let artifacts: ArtifactStore;
let registry: ArtifactRegistry;

beforeEach(async () => {
  log = openMemoryStore({ sha256, nowMs: () => 0 });
  sessions = openLogSessionStore(log, {
    sleep: async () => undefined,
    newCanceller: () => new AbortController(),
  });
  const mint = countingMint();
  for (const id of ['s1', 's1/x', 's2']) await sessions.saveSession(newSession({ id, agentId: 'a' }, mint));
  artifacts = memoryArtifacts(memory);
  registry = artifactRegistry({ log, artifacts, sha256 });
});

async function findings(
  options = {},
  of = registry,
): Promise<readonly (readonly [ArtifactFinding['problem'], string])[]> {
  const found: (readonly [ArtifactFinding['problem'], string])[] = [];
  for await (const { problem, key } of checkArtifacts(of, options)) found.push([problem, key]);
  return found;
}

/** A store whose bytes under this key have changed; what is known of them has not. */
function withDamage(store: ArtifactStore, damagedKey: string): ArtifactStore {
  return {
    ...store,
    read: async (key) => {
      const { info, content } = await store.read(key);
      if (key !== damagedKey) return { info, content };
      const { location } = store;
      return { info, content: failing(artifactCorrupted({ location, key, problem: 'a byte has changed' })) };
    },
  };
}

async function* failing(error: Error): AsyncIterable<Uint8Array> {
  yield Uint8Array.of(0);
  throw error;
}

test('what is put through the registry is written down beside its session, with the run that made it', async () => {
  const put = await registry
    .of('s1')
    .put('report.md', bytes('one'), { runId: 'r1', contentType: 'text/plain' });
  expect(await registry.of('s1').list()).toEqual([
    {
      sessionId: 's1',
      runId: 'r1',
      key: 's1/report.md',
      size: 3,
      sha256: put.sha256,
      contentType: 'text/plain',
    },
  ]);
  expect((await registry.of('s1').get('report.md')).bytes).toEqual(bytes('one'));
});

test('sessions have names of their own, also where one id begins with another', async () => {
  for (const id of ['s1', 's1/x', 's2']) await registry.of(id).put('x/a', bytes(id));
  for (const id of ['s1', 's1/x', 's2']) {
    expect((await registry.of(id).get('x/a')).bytes).toEqual(bytes(id));
    expect((await registry.of(id).list()).map(({ sessionId }) => sessionId)).toEqual([id]);
  }
});

test('the same artifact put again has one row; another one under its name is refused and leaves the row', async () => {
  await registry.of('s1').put('a', bytes('one'));
  await registry.of('s1').put('a', bytes('one'));
  await expect(registry.of('s1').put('a', bytes('two'))).rejects.toThrow(ArtifactExistsError);
  const rows = await registry.of('s1').list();
  expect(rows.map(({ key, size }) => [key, size])).toEqual([['s1/a', 3]]);
  expect(await findings({ proveBytes: true })).toEqual([]);
});

test('a replaced artifact has the row of the new one', async () => {
  await registry.of('s1').put('a', bytes('one'));
  await registry.of('s1').put('a', bytes('other'), { ifPresent: 'replace' });
  expect((await registry.of('s1').list()).map(({ size }) => size)).toEqual([5]);
  expect(await findings()).toEqual([]);
});

test('a session that is not there gets no artifact', async () => {
  await expect(registry.of('no').put('a', bytes('one'))).rejects.toThrow(SessionNotFoundError);
  expect((await artifacts.list()).artifacts).toEqual([]);
});

test('a row that could not be written leaves an orphan that is told, and the same put makes it whole', async () => {
  const commit = vi.spyOn(log, 'commitSessions').mockRejectedValueOnce(new Error('disk'));
  await expect(registry.of('s1').put('a', bytes('one'))).rejects.toThrow('disk');
  commit.mockRestore();
  expect(await findings()).toEqual([['orphan', 's1/a']]);
  await registry.of('s1').put('a', bytes('one'));
  expect(await findings()).toEqual([]);
});

test('a session that is deleted takes its artifacts and no others, and bytes that others name stay', async () => {
  await registry.of('s1').put('a', bytes('shared'));
  await registry.of('s1').put('b', bytes('own'));
  await registry.of('s2').put('a', bytes('shared'));
  await registry.deleteSession(sessions, 's1');
  expect((await artifacts.list()).artifacts.map(({ key }) => key)).toEqual(['s2/a']);
  expect(await artifacts.sweep({ olderThanMs: 0 })).toEqual({ blobs: 1, bytes: 3 });
  expect((await registry.of('s2').get('a')).bytes).toEqual(bytes('shared'));
  expect(await findings({ proveBytes: true })).toEqual([]);
});

test('a deleted artifact has no row', async () => {
  await registry.of('s1').put('a', bytes('one'));
  expect(await registry.of('s1').delete('a')).toBe(true);
  expect(await registry.of('s1').delete('a')).toBe(false);
  expect(await registry.of('s1').list()).toEqual([]);
});

test('what is missing, damaged, different or named by nobody is told by its key', async () => {
  for (const name of ['fine', 'missing', 'other', 'damaged']) {
    await registry.of('s1').put(name, bytes(`content of ${name}`));
  }
  await artifacts.delete('s1/missing');
  await artifacts.put('s1/other', bytes('changed behind the back'), { ifPresent: 'replace' });
  await artifacts.put('s9/left', bytes('left behind'));
  const damaged = artifactRegistry({ log, artifacts: withDamage(artifacts, 's1/damaged'), sha256 });
  expect((await findings({ proveBytes: true }, damaged)).map((found) => found.join(' ')).toSorted()).toEqual([
    'corrupted s1/damaged',
    'different s1/other',
    'missing s1/missing',
    'orphan s9/left',
  ]);
});

test('artifacts go to another store with their session, each proved', async () => {
  await registry.of('s1').put('a', bytes('one'), { contentType: 'text/plain', metadata: { by: 'x' } });
  await registry.of('s1').put('b', bytes('three'));
  await registry.of('s2').put('a', bytes('another session'));
  const to = memoryArtifacts(memory);
  expect(await copyArtifacts(log, 's1', { from: artifacts, to })).toEqual({ artifacts: 2, bytes: 8 });
  expect(await copyArtifacts(log, 's1', { from: artifacts, to })).toEqual({ artifacts: 2, bytes: 8 });
  const { artifacts: copied } = await to.list();
  expect(copied.map(({ key, contentType }) => [key, contentType])).toEqual([
    ['s1/a', 'text/plain'],
    ['s1/b', 'application/octet-stream'],
  ]);
  expect((await to.get('s1/b')).bytes).toEqual(bytes('three'));
});

test('a copy ends at what is missing, at what is not what the session names, and at what stands in its place', async () => {
  await registry.of('s1').put('a', bytes('one'));
  const taken = memoryArtifacts(memory);
  await taken.put('s1/a', bytes('something else'));
  await expect(copyArtifacts(log, 's1', { from: artifacts, to: taken })).rejects.toThrow(ArtifactExistsError);

  await artifacts.put('s1/a', bytes('two'), { ifPresent: 'replace' });
  const to = memoryArtifacts(memory);
  await expect(copyArtifacts(log, 's1', { from: artifacts, to })).rejects.toThrow(ArtifactCorruptedError);
  await artifacts.delete('s1/a');
  await expect(copyArtifacts(log, 's1', { from: artifacts, to })).rejects.toThrow(ArtifactNotFoundError);
  expect((await to.list()).artifacts).toEqual([]);
});
