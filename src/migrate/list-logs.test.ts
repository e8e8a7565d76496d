import { expect, test } from 'vitest';
import { openMemoryStore } from '../log/index.ts';
import { listLogs } from './list-logs.ts';

test('logs that are removed while they are listed hide none of the others', async () => {
  const store = openMemoryStore({ sha256: () => '0'.repeat(64), nowMs: () => 0 });
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (const id of ids)
    await store.create({ id, kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  const byTwo = {
    ...store,
    logs: async (filter: { after?: string } = {}) => store.logs({ ...filter, limit: 2 }),
  };
  const seen: string[] = [];
  for await (const page of listLogs(byTwo)) {
    seen.push(...page.map(({ id }) => id));
    if (seen.length === 4) for (const id of ['c', 'd']) await store.remove(await store.head(id));
  }
  expect(seen).toEqual(ids);
});
