/** Cases of snapshots: a document that says how things stand at a place is true only together with the log at that place. */
import { ConcurrentWriterError, FencedError, type LogStore } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { forkAt } from './fork-cases.ts';
import { appendAt, filledLog, readAll, sampleEvent, sampleEvents } from './sample-log.ts';
import { storeCases } from './store-case.ts';
import { wholeCommits } from './whole-commits.ts';

const kind = 'snapshot';

async function take(store: LogStore, id: string, value: string, expectedVersion: number | 'any' = 'any') {
  await store.commit([], [{ kind, id, expectedVersion, value }]);
}

export const snapshotCases = storeCases('snapshot', {
  'written-with-its-events': {
    why: 'A snapshot that is there before its events tells of a state that may never come to be.',
    needs: wholeCommits((store) =>
      store.commit(
        [{ logId: 'a', expected: 2, epoch: null, events: sampleEvents(3, 2) }],
        [{ kind, id: 'a', expectedVersion: 0, value: '{"at":4}' }],
      ),
    ),
    async run({ store, place }) {
      await filledLog(store, 'a', 2);
      const other = await place.otherHandle();
      const commit = store.commit(
        [{ logId: 'a', expected: 2, epoch: null, events: sampleEvents(3, 2) }],
        [{ kind, id: 'a', expectedVersion: 0, value: '{"at":4}' }],
      );
      // Whoever looks while the commit is under way sees both or neither.
      const head = await other.head('a');
      const early = await other.record(kind, 'a');
      expectEqual(
        early === undefined || head.seq === 4 || (await other.head('a')).seq === 4,
        true,
        'both or neither',
      );
      await commit;
      expectEqual(
        [(await other.head('a')).seq, (await other.record(kind, 'a'))?.value],
        [4, '{"at":4}'],
        'head and snapshot through another handle',
      );
    },
  },
  'guarded-by-place': {
    why: 'A snapshot of a place that the log has left behind would be written over a newer one.',
    needs: wholeCommits((store) =>
      store.commit(
        [{ logId: 'a', expected: 2, epoch: null, events: [] }],
        [{ kind, id: 'a', expectedVersion: 'any', value: '{"at":2}' }],
      ),
    ),
    async run({ store }) {
      await filledLog(store, 'a', 2);
      const takeAt = (expected: number) =>
        store.commit(
          [{ logId: 'a', expected, epoch: null, events: [] }],
          [{ kind, id: 'a', expectedVersion: 'any', value: `{"at":${expected}}` }],
        );
      await takeAt(2);
      await appendAt(store, 'a', 2, [sampleEvent(3)]);
      await expectRefusal(takeAt(2), ConcurrentWriterError, 'a snapshot of an old place');
      await takeAt(3);
      const record = await store.record(kind, 'a');
      expectEqual([record?.version, record?.value], [2, '{"at":3}'], 'the snapshot');
    },
  },
  'guarded-by-epoch': {
    why: 'A writer that slept through a takeover must not leave its picture of the run to its successor.',
    needs: wholeCommits((store) =>
      store.commit(
        [{ logId: 'a', expected: 'any', epoch: null, events: [] }],
        [{ kind, id: 'a', expectedVersion: 'any', value: '{}' }],
      ),
    ),
    async run({ store, place }) {
      await filledLog(store, 'a', 2);
      const { epoch } = await store.acquire('a');
      await place.passTime(place.leaseMs + 1);
      const other = await place.otherHandle();
      const lease = await other.acquire('a');
      const takeAs = (handle: LogStore, owned: number) =>
        handle.commit(
          [{ logId: 'a', expected: 2, epoch: owned, events: [] }],
          [{ kind, id: 'a', expectedVersion: 'any', value: `{"by":${owned}}` }],
        );
      await takeAs(other, lease.epoch);
      await expectRefusal(takeAs(store, epoch), FencedError, 'a snapshot of the old owner');
      expectEqual((await store.record(kind, 'a'))?.value, `{"by":${lease.epoch}}`, 'the snapshot');
    },
  },
  'second-taker-refused': {
    why: 'Two handles that take a snapshot at once must not both believe that theirs is kept.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      await take(store, 'a', '{"by":"first"}', 0);
      await expectRefusal(take(other, 'a', '{"by":"second"}', 0), ConcurrentWriterError, 'the second taker');
      await take(other, 'a', '{"by":"second"}', 1);
      expectEqual((await store.record(kind, 'a'))?.value, '{"by":"second"}', 'the snapshot');
    },
  },
  'large-body-kept': {
    why: 'The graph of a long run is megabytes of text, and its hash is compared.',
    async run({ store, sha256 }) {
      const body = `{"objects":"${'\u{1f600} 0.10 \\u0000 '.repeat(300_000)}"}`;
      await take(store, 'a', body);
      const value = (await store.record(kind, 'a'))?.value ?? '';
      expectEqual([value.length, sha256(value)], [body.length, sha256(body)], 'length and hash of the body');
    },
  },
  'found-by-the-chain-hash': {
    why: 'A snapshot belongs to a history, not to a log: a fork that shares the place may use it.',
    async run({ store }) {
      await filledLog(store, 'a', 5);
      const [, , third] = await readAll(store, 'a', { hashes: true });
      await take(store, `${third?.hash ?? ''}/graph`, '{"at":3}');
      const fork = await forkAt(store, 'a', 3, 'f');
      const found = await store.records(kind, fork.head.hash);
      expectEqual(
        found.map(({ value }) => value),
        ['{"at":3}'],
        'the snapshot that fits the fork',
      );
    },
  },
  'dropping-changes-no-log': {
    why: 'Snapshots save time and nothing else: without them the log says the same.',
    async run({ store }) {
      await filledLog(store, 'a', 5);
      await take(store, 'a', '{}');
      const before = [await readAll(store, 'a', { hashes: true }), await store.head('a')];
      await store.commit([], [{ kind, id: 'a', expectedVersion: 'any', value: null }]);
      expectEqual([await readAll(store, 'a', { hashes: true }), await store.head('a')], before, 'the log');
      expectEqual(await store.records(kind, ''), [], 'snapshots');
    },
  },
  'records-are-the-callers': {
    why: 'Whoever changes the document that it was handed must not change the one that is stored.',
    async run({ store }) {
      await take(store, 'a', '{"at":1}');
      const found = await store.record(kind, 'a');
      if (found !== undefined && !Object.isFrozen(found)) Object.assign(found, { value: '{}', version: 9 });
      for (const each of await store.records(kind, '')) {
        if (!Object.isFrozen(each)) Object.assign(each, { value: '{}', version: 9 });
      }
      expectEqual(
        await store.record(kind, 'a'),
        { kind, id: 'a', version: 1, value: '{"at":1}' },
        'the document',
      );
    },
  },
});
