/** Cases of the lost answer: a commit that was stored may be sent again, whatever has happened since. */
import { ConcurrentWriterError, DuplicateEventError } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import {
  appendAt,
  chainOf,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
  sampleTime,
  seqsOf,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';
import { wholeCommits } from './whole-commits.ts';

export const retryCases = storeCases('retry', {
  'same-commit-again': {
    why: 'When the connection breaks behind a COMMIT, asking again is the only way to find out.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      const batch = sampleEvents(3, 4);
      const first = await appendAt(store, 'a', 2, batch);
      expectEqual(await appendAt(store, 'a', 2, batch), first, 'the head of the second answer');
      expectEqual(await seqsOf(store, 'a'), [1, 2, 3, 4, 5, 6], 'places');
    },
  },
  'behind-newer-events': {
    why: 'The answer may be lost for a long time; then the present head is what the writer needs.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await appendAt(store, 'a', 2, sampleEvents(3, 3));
      const head = await appendAt(store, 'a', 5, [sampleEvent(6)]);
      expectEqual(await appendAt(store, 'a', 2, sampleEvents(3, 3)), head, 'the present head');
      expectEqual((await store.head('a')).seq, 6, 'nothing was written twice');
    },
  },
  'with-a-stale-epoch': {
    why: 'A replaced writer may learn that its last write arrived; it may not write anything new.',
    async run({ store, place }) {
      await filledLog(store, 'a', 0);
      const { epoch } = await store.acquire('a');
      await appendAt(store, 'a', 0, sampleEvents(1, 2), epoch);
      await place.passTime(place.leaseMs + 1);
      const other = await place.otherHandle();
      await other.acquire('a');
      expectEqual((await appendAt(store, 'a', 0, sampleEvents(1, 2), epoch)).seq, 2, 'the head');
    },
  },
  'of-any': {
    why: 'Without a place only the id tells that an event is there: a session must not report a message twice.',
    async run({ store }) {
      await store.create(sampleLog('s', { kind: 'session' }));
      const batch = [sampleEvent(1, { id: 'x' }), sampleEvent(1, { id: 'y' })];
      await appendAt(store, 's', 'any', batch);
      await appendAt(store, 's', 'any', [sampleEvent(1, { id: 'z' })]);
      expectEqual((await appendAt(store, 's', 'any', batch)).seq, 3, 'the head');
      expectEqual(
        (await readAll(store, 's')).map(({ id }) => id),
        ['x', 'y', 'z'],
        'ids',
      );
    },
  },
  'of-any-in-part': {
    why: 'A reporter that starts again sends what it has seen: the known part is there, the new part is appended.',
    async run({ store }) {
      await store.create(sampleLog('s', { kind: 'session' }));
      const event = (id: string) => sampleEvent(1, { id });
      await appendAt(store, 's', 'any', [event('x'), event('y')]);
      expectEqual(
        (await appendAt(store, 's', 'any', [event('x'), event('y'), event('z')])).seq,
        3,
        'the head',
      );
      expectEqual(
        (await readAll(store, 's')).map(({ id }) => id),
        ['x', 'y', 'z'],
        'ids',
      );
    },
  },
  'longer-batch-refused': {
    why: 'A batch that is stored in part only is another decision than the one that was stored.',
    needs: {
      promise: 'atomicCommit',
      // Without whole commits a stored beginning is what a failure left: the same commit sent again writes the rest.
      async refuses({ store, sha256 }) {
        await filledLog(store, 'a', 2);
        await appendAt(store, 'a', 2, sampleEvents(3, 2));
        const head = await appendAt(store, 'a', 2, sampleEvents(3, 5));
        expectEqual([head.seq, head.hash], [7, chainOf(sampleEvents(1, 7), sha256)], 'the head');
        const changed = [sampleEvent(6, { payload: '{}' }), ...sampleEvents(7, 3)];
        await expectRefusal(appendAt(store, 'a', 5, changed), DuplicateEventError, 'another beginning');
        await expectRefusal(
          appendAt(store, 'a', 4, sampleEvents(5, 1).concat(sampleEvents(8, 4))),
          ConcurrentWriterError,
          'a beginning that is not the end of the log',
        );
        expectEqual(await seqsOf(store, 'a'), [1, 2, 3, 4, 5, 6, 7], 'places');
      },
    },
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await appendAt(store, 'a', 2, sampleEvents(3, 2));
      await expectRefusal(
        appendAt(store, 'a', 2, sampleEvents(3, 3)),
        ConcurrentWriterError,
        'one event more',
      );
      expectEqual((await store.head('a')).seq, 4, 'the head');
    },
  },
  'twice-in-one-turn': {
    why: 'Two copies of one commit may meet in one transaction.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      const send = () => appendAt(store, 'a', 1, sampleEvents(2, 2));
      const [first, second] = await Promise.all([send(), send()]);
      expectEqual(second, first, 'both answers');
      expectEqual(await seqsOf(store, 'a'), [1, 2, 3], 'places');
    },
  },
  'leaves-records-that-moved-on': {
    why: 'The records of a stored commit were stored with it; writing them again would undo what came later.',
    needs: wholeCommits((store) =>
      store.commit(
        [{ logId: 'a', expected: 0, epoch: null, events: sampleEvents(1, 2) }],
        [{ kind: 'k', id: 'x', expectedVersion: 'any', value: '2' }],
      ),
    ),
    async run({ store }) {
      await filledLog(store, 'a', 1);
      const send = () =>
        store.commit(
          [{ logId: 'a', expected: 1, epoch: null, events: [sampleEvent(2)] }],
          [
            { kind: 'k', id: 'counted', expectedVersion: 0, value: '"first"' },
            { kind: 'k', id: 'last-wins', expectedVersion: 'any', value: '"first"' },
          ],
        );
      await send();
      await store.commit(
        [],
        [
          { kind: 'k', id: 'counted', expectedVersion: 1, value: '"second"' },
          { kind: 'k', id: 'last-wins', expectedVersion: 'any', value: '"second"' },
        ],
      );
      expectEqual((await send())[0]?.seq, 2, 'the head');
      expectEqual((await store.record('k', 'counted'))?.value, '"second"', 'the counted record');
      expectEqual((await store.record('k', 'last-wins'))?.value, '"second"', 'the other record');
    },
  },
  'with-a-guard-that-went-stale': {
    why: 'The guard held when the commit was stored; that it no longer holds does not make it unstored.',
    needs: wholeCommits((store) =>
      store.commit([
        { logId: 'b', expected: 2, epoch: null, events: [] },
        { logId: 'a', expected: 2, epoch: null, events: [sampleEvent(3)] },
      ]),
    ),
    async run({ store }) {
      await filledLog(store, 'a', 1);
      await filledLog(store, 'b', 1);
      const send = () =>
        store.commit([
          { logId: 'b', expected: 1, epoch: null, events: [] },
          { logId: 'a', expected: 1, epoch: null, events: [sampleEvent(2)] },
        ]);
      await send();
      await appendAt(store, 'b', 1, [sampleEvent(2)]);
      expectEqual(
        (await send()).map(({ seq }) => seq),
        [2, 2],
        'present heads',
      );
    },
  },
  'of-an-inherited-event': {
    why: 'A fork shares its past: an event that stands there is stored for the fork as well.',
    async run({ store }) {
      await filledLog(store, 'a', 4);
      await store.fork({ parent: 'a', atSeq: 3, id: 'f', label: null, createdAt: sampleTime });
      expectEqual((await appendAt(store, 'f', 1, sampleEvents(2, 2))).seq, 3, 'the head of the fork');
      expectEqual(await seqsOf(store, 'f'), [1, 2, 3], 'places of the fork');
    },
  },
});
