import { expect, it } from 'vitest';
import { openMemoryStore } from '../../log/index.ts';
import { inheritedAnswers } from './inherited-answers.ts';

async function family() {
  const store = openMemoryStore({ sha256: () => '0'.repeat(64), nowMs: () => 0 });
  const fields = { label: null, createdAt: '2026-01-01T00:00:00Z' };
  await store.create({ ...fields, id: 'p', kind: 'run' });
  return { store, fork: await store.fork({ ...fields, parent: 'p', atSeq: 0, id: 'f' }) };
}

it('a fork that is detached before its parent is read, and whose parent goes, inherits no answers', async () => {
  const { store, fork } = await family();
  const read = store.read.bind(store);
  store.read = async function* (logId, options) {
    await store.detach('f');
    await store.remove(await store.head('p'));
    yield* read(logId, options);
  };
  expect(await inheritedAnswers(store, fork, 0)).toBeNull();
});

it('a parent that is not there while its fork has it is said to be missing', async () => {
  const { store, fork } = await family();
  const read = store.read.bind(store);
  store.read = (_logId, options) => read('gone', options);
  await expect(inheritedAnswers(store, fork, 0)).rejects.toMatchObject({ name: 'RunNotFoundError' });
});
