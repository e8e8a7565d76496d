import { expect, it } from 'vitest';
import { type LogStore, openMemoryStore } from '../log/index.ts';
import { entriesOf } from './list-runs.ts';
import { sha256 } from './node-platform.ts';

it('runs that are removed while they are listed are left out, and hide none of the others', async () => {
  const store = openMemoryStore({ sha256, nowMs: () => 0 });
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    await store.create({ id, kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  const byTwo: LogStore = {
    ...store,
    logs: async (filter = {}) => store.logs({ ...filter, limit: 2 }),
    read: (logId, options) => store.read(logId, options),
    info: async (logId) => store.info(logId),
  };
  const seen: string[] = [];
  for await (const { info } of entriesOf(byTwo)) {
    seen.push(info.id);
    if (info.id === 'a') await store.remove(await store.head('b'));
    if (info.id === 'c') for (const id of ['c', 'd']) await store.remove(await store.head(id));
  }
  expect(seen).toEqual(['a', 'c', 'e']);
});
