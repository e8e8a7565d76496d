import { expect, test } from 'vitest';
import { type LogStore, openMemoryStore } from '../../log/index.ts';
import { planRetention, type RetentionPolicy } from '../../upkeep/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { open } from '../open.ts';
import { candidatesAround, candidatesOf } from './candidates.ts';

const createdAt = '2026-01-01T00:00:00Z';
const policies: readonly RetentionPolicy[] = [
  {},
  { keepLast: 2 },
  { keepLast: 4 },
  { olderThanMs: 0, label: 'x' },
];

/** `a` <- `b` <- `c`, and `d` on its own. */
async function family(): Promise<LogStore> {
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  for (const runId of ['a', 'd']) {
    const run = await open(store, { runId });
    await run.runGoal('Nothing');
    await run.close();
  }
  await store.fork({ parent: 'a', atSeq: 1, id: 'b', label: null, createdAt });
  await store.fork({ parent: 'b', atSeq: 1, id: 'c', label: null, createdAt });
  return store;
}

test('a log is judged by itself and those that read it as it is by all of the store', async () => {
  const store = await family();
  const { candidates: all } = await candidatesOf(store);
  for (const id of ['a', 'b', 'c', 'd'])
    for (const policy of policies) {
      const { candidates, newerThan } = await candidatesAround(store, id);
      const reasons = (kept: ReturnType<typeof planRetention>['kept']): unknown =>
        kept.find((log) => log.id === id)?.reasons;
      expect(reasons(planRetention(candidates, policy, 0, newerThan).kept)).toEqual(
        reasons(planRetention(all, policy, 0).kept),
      );
    }
});

test('no event of another log is read for it', async () => {
  const store = await family();
  const read: string[] = [];
  const watched = new Proxy(store, {
    get: (of, name) => {
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        if (name !== 'logs') read.push(String(args[0]));
        return Reflect.apply(value, of, args);
      };
    },
  });
  await candidatesAround(watched, 'd');
  expect(new Set(read)).toEqual(new Set(['d', 'pin']));
});
