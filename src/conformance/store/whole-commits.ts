/**
 * Decides what a store does that declares no whole commits: whatever would have to be whole is refused with its error before
 * anything is written.
 */
import { AtomicCommitUnsupportedError, type LogStore } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { filledLog, readAll, sampleTime } from './sample-log.ts';
import type { CapabilityNeed } from './store-case.ts';

/**
 * The attempt finds the runs `a` and `b` with two events each, a fork `f` of `a` at place 1, and the record `x` of kind `k` in
 * its first version.
 */
export function wholeCommits(attempt: (store: LogStore) => Promise<unknown>): CapabilityNeed {
  return {
    promise: 'atomicCommit',
    async refuses({ store }) {
      await filledLog(store, 'a', 2);
      await filledLog(store, 'b', 2);
      await store.fork({ parent: 'a', atSeq: 1, id: 'f', label: null, createdAt: sampleTime });
      await store.commit([], [{ kind: 'k', id: 'x', expectedVersion: 0, value: '1' }]);
      const before = await everythingOf(store);
      await expectRefusal(attempt(store), AtomicCommitUnsupportedError, 'what would have to be whole');
      expectEqual(await everythingOf(store), before, 'the store after the refusal');
    },
  };
}

async function everythingOf(store: LogStore): Promise<unknown> {
  const logs = await store.logs();
  const events = [];
  for (const { id } of logs) events.push(await readAll(store, id, { hashes: true }));
  return [logs, events, await store.records('k', '')];
}
