/** Cases of the hash chain: equal heads mean equal history, in any store and under any id. */
import { chainHash, type EventRow, genesisHash } from '../../log/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { appendAt, chainOf, filledLog, readAll, sampleEvent, sampleEvents, sampleLog } from './sample-log.ts';
import { storeCases } from './store-case.ts';

export const chainCases = storeCases('chain', {
  'known-hash': {
    why: 'The format of the line is for ever: this value was computed once and must never change.',
    async run({ store }) {
      await store.create(sampleLog('a'));
      const head = await appendAt(store, 'a', 0, [
        sampleEvent(1),
        sampleEvent(2, { payload: '{"a":"\u{1f600}"}' }),
      ]);
      expectEqual(
        head.hash,
        'e7aa63550e5a41eedee44dd94f799a6aa3ed0551194f714d2f6f0d4054415096',
        'the head hash',
      );
    },
  },
  'by-definition': {
    why: 'Whoever verifies a log recomputes it event by event.',
    async run({ store, sha256 }) {
      await filledLog(store, 'a', 12);
      let hash = genesisHash;
      for (const event of await readAll(store, 'a', { hashes: true })) {
        hash = chainHash(hash, event, sha256);
        expectEqual(event.hash, hash, `the hash of ${event.id}`);
      }
      expectEqual((await store.head('a')).hash, hash, 'the head hash');
    },
  },
  'on-request-only': {
    why: 'Most reading needs no hashes, and a half-filled field would be mistaken for one.',
    async run({ store, sha256 }) {
      await filledLog(store, 'a', 3);
      expectEqual(
        (await readAll(store, 'a')).map(({ hash }) => hash),
        [null, null, null],
        'hashes of a plain read',
      );
      expectEqual(
        (await store.get('a', 'evt_002'))?.hash,
        chainOf(sampleEvents(1, 2), sha256),
        'the hash of get',
      );
    },
  },
  'batches-do-not-matter': {
    why: 'A run that is resumed batches differently; its history is the same.',
    async run({ store }) {
      await filledLog(store, 'a', 70);
      await store.create(sampleLog('b'));
      for (const size of [1, 2, 3, 64]) {
        const { seq } = await store.head('b');
        await appendAt(store, 'b', seq, sampleEvents(seq + 1, size));
      }
      expectEqual((await store.head('b')).hash, (await store.head('a')).hash, 'the head hash');
    },
  },
  'log-id-does-not-matter': {
    why: 'A copy under another id is proven equal by its head hash.',
    async run({ store }) {
      await filledLog(store, 'a', 5);
      await filledLog(store, 'another id', 5);
      expectEqual((await store.head('another id')).hash, (await store.head('a')).hash, 'the head hash');
    },
  },
  'every-field-counts': {
    why: 'A field outside of the hash could be changed without anybody noticing.',
    async run({ store }) {
      const changes: readonly Partial<EventRow>[] = [
        {},
        { id: 'x' },
        { type: 'x' },
        { payload: '{}' },
        { actor: null },
        { causedBy: 'x' },
        { frameId: 'x' },
        { timestamp: 'x' },
        { runId: 'x' },
        { provider: 'x' },
        { correlationId: 'x' },
        { schemaVersion: 1 },
        { metadata: '{}' },
      ];
      const hashes = new Set<string>();
      for (const [index, change] of changes.entries()) {
        await store.create(sampleLog(`log-${index}`, { kind: 'session' }));
        hashes.add((await appendAt(store, `log-${index}`, 0, [sampleEvent(1, change)])).hash);
      }
      expectEqual(hashes.size, changes.length, 'the number of different hashes');
    },
  },
  'subject-does-not-count': {
    why: 'The subject is an index hint, which a later version may compute differently.',
    async run({ store }) {
      await store.create(sampleLog('a'));
      await store.create(sampleLog('b'));
      const first = await appendAt(store, 'a', 0, [sampleEvent(1, { subject: 'claim#1' })]);
      const second = await appendAt(store, 'b', 0, [sampleEvent(1)]);
      expectEqual(second.hash, first.hash, 'the head hash');
    },
  },
  'order-counts': {
    why: 'The same events in another order are another history.',
    async run({ store }) {
      await store.create(sampleLog('a'));
      await store.create(sampleLog('b'));
      const [x, y] = [sampleEvent(1, { id: 'x' }), sampleEvent(1, { id: 'y' })];
      const first = await appendAt(store, 'a', 0, [x, y]);
      const second = await appendAt(store, 'b', 0, [y, x]);
      expectTrue(first.hash !== second.hash, 'two orders have two hashes');
    },
  },
});
