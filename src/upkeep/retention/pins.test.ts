import { expect, test } from 'vitest';
import { openMemoryStore } from '../../log/index.ts';
import { pin } from './pins.ts';

test('a pin that comes after its run was removed pins nothing, and says so', async () => {
  const store = openMemoryStore({ sha256: () => '0'.repeat(64), nowMs: () => 0 });
  await store.create({ id: 'a', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  const commit = store.commit.bind(store);
  store.commit = async (parts, records) => {
    if (records?.[0]?.value !== null) await store.remove(await store.head('a'));
    return commit(parts, records);
  };
  await expect(pin(store, 'a', 'evidence')).rejects.toMatchObject({ code: 'run-not-found-error' });
  expect(await store.recordsBelow('')).toEqual([]);
});
