/** Cases of appending: what was written is there, as a whole or not at all. */
import { ConcurrentWriterError, DuplicateEventError, InvalidEventError } from '../../log/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import {
  appendAt,
  asStored,
  chainOf,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
  seqsOf,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';

const sessionFields = {
  runId: 'execution-1',
  provider: 'claude',
  correlationId: 'corr-1',
  schemaVersion: 3,
  metadata: '{"m":1}',
} as const;

export const appendCases = storeCases('append', {
  'head-advances': {
    why: 'The writer goes on from the head it is handed: a wrong one would make its next write refused, or lost.',
    async run({ store, sha256 }) {
      const events = await filledLog(store, 'a', 2);
      const third = sampleEvent(3);
      const head = await appendAt(store, 'a', 2, [third]);
      expectEqual(
        head,
        { logId: 'a', seq: 3, hash: chainOf([...events, third], sha256) },
        'the head handed back',
      );
      expectEqual(await store.head('a'), head, 'the head that is stored');
      expectEqual((await store.info('a'))?.head, head, 'the head in the info');
    },
  },
  'every-field-kept': {
    why: 'A field that is lost on the way is a hole in the audit trail that no replay can fill.',
    async run({ store }) {
      const events = [
        sampleEvent(1, { actor: 'extractor', causedBy: 'evt_900', frameId: 'frame_001', subject: 'claim#1' }),
        sampleEvent(2, { actor: null, causedBy: null, frameId: null, subject: null }),
      ];
      await store.create(sampleLog('a'));
      await appendAt(store, 'a', 0, events);
      expectEqual(await readAll(store, 'a'), asStored(events), 'the events of a run');
    },
  },
  'schema-version-of-a-run-kept': {
    why: 'A program that reads an older form of a payload has to be told so, in every store.',
    async run({ store, sha256 }) {
      const events = [sampleEvent(1), sampleEvent(2, { schemaVersion: 3 }), sampleEvent(3)];
      await store.create(sampleLog('a'));
      const head = await appendAt(store, 'a', 0, events);
      expectEqual(await readAll(store, 'a'), asStored(events), 'the events of the run');
      expectEqual((await store.get('a', 'evt_002'))?.schemaVersion, 3, 'the version of one event');
      expectEqual(head.hash, chainOf(events, sha256), 'the chain covers it');
    },
  },
  'session-fields-kept': {
    why: 'A session log says by these fields which execution and which program an event came from.',
    async run({ store }) {
      const events = [sampleEvent(1, { id: '01J', ...sessionFields }), sampleEvent(2, { id: '01K' })];
      await store.create(sampleLog('s', { kind: 'session' }));
      await appendAt(store, 's', 'any', events);
      expectEqual(await readAll(store, 's'), asStored(events), 'the events of a session');
    },
  },
  'session-fields-refused-in-run': {
    why: 'The log of a run has no place for them: taking them in and dropping them would be a silent loss.',
    async run({ store }) {
      await store.create(sampleLog('a'));
      for (const [field, value] of Object.entries({ ...sessionFields, schemaVersion: 0 })) {
        const event = sampleEvent(1, { [field]: value });
        await expectRefusal(appendAt(store, 'a', 0, [event]), InvalidEventError, `${field} in a run`);
      }
      expectEqual((await store.head('a')).seq, 0, 'the head');
    },
  },
  'empty-part-only-guards': {
    why: 'A record may depend on a log that must not have moved: the guard is checked, and writes nothing.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      expectEqual(await appendAt(store, 'a', 2, []), await store.head('a'), 'a guard that holds');
      await expectRefusal(appendAt(store, 'a', 1, []), ConcurrentWriterError, 'a guard that does not hold');
      expectEqual((await store.head('a')).seq, 2, 'the head');
    },
  },
  'no-part-no-head': {
    why: 'Heads come back in the order of the parts; none for none.',
    async run({ store }) {
      expectEqual(await store.commit([]), [], 'a commit of nothing');
    },
  },
  'two-logs-in-one-commit': {
    why: 'A child run and the event that tells of it in the parent are one step.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      await filledLog(store, 'b', 2);
      const heads = await store.commit([
        { logId: 'a', expected: 1, epoch: null, events: sampleEvents(2, 2) },
        { logId: 'b', expected: 2, epoch: null, events: sampleEvents(3, 1) },
      ]);
      expectEqual(
        heads.map(({ logId, seq }) => [logId, seq]),
        [
          ['a', 3],
          ['b', 3],
        ],
        'heads in the order of the parts',
      );
      expectEqual(await seqsOf(store, 'a'), [1, 2, 3], 'events of the first');
      expectEqual(await seqsOf(store, 'b'), [1, 2, 3], 'events of the second');
    },
  },
  'all-parts-or-none': {
    why: 'Half of a step is a state that no code ever decided on.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      await filledLog(store, 'b', 2);
      const before = await store.head('a');
      const commit = store.commit(
        [
          { logId: 'a', expected: 1, epoch: null, events: [sampleEvent(2)] },
          { logId: 'b', expected: 1, epoch: null, events: [sampleEvent(3)] },
        ],
        [{ kind: 'k', id: 'x', expectedVersion: 0, value: '1' }],
      );
      await expectRefusal(commit, ConcurrentWriterError, 'a commit whose second part is stale');
      expectEqual(await store.head('a'), before, 'the head of the first part');
      expectEqual(await seqsOf(store, 'a'), [1], 'the events of the first part');
      expectEqual(await store.record('k', 'x'), undefined, 'the record');
    },
  },
  'two-parts-of-one-log': {
    why: 'Parts are written one after another: the second stands behind the first, or the chain breaks.',
    async run({ store, sha256 }) {
      await store.create(sampleLog('a'));
      const part = (expected: number, events: ReturnType<typeof sampleEvents>) => ({
        logId: 'a',
        expected,
        epoch: null,
        events,
      });
      const heads = await store.commit([part(0, sampleEvents(1, 2)), part(2, sampleEvents(3, 1))]);
      expectEqual(
        heads.map(({ seq }) => seq),
        [2, 3],
        'a head for each part',
      );
      expectEqual(heads[1]?.hash, chainOf(sampleEvents(1, 3), sha256), 'the chain over both');
      const stale = store.commit([part(3, [sampleEvent(4)]), part(3, [sampleEvent(5, { id: 'other' })])]);
      await expectRefusal(stale, ConcurrentWriterError, 'a second part that does not see the first');
      expectEqual((await store.head('a')).seq, 3, 'the head');
    },
  },
  'any-takes-next-places': {
    why: 'Several programs report into one session without knowing of each other.',
    async run({ store }) {
      await store.create(sampleLog('s', { kind: 'session' }));
      await appendAt(store, 's', 'any', [sampleEvent(1, { id: 'x' })]);
      const head = await appendAt(store, 's', 'any', [
        sampleEvent(1, { id: 'y' }),
        sampleEvent(1, { id: 'z' }),
      ]);
      expectEqual(head.seq, 3, 'the head');
      expectEqual(
        (await readAll(store, 's')).map(({ id }) => id),
        ['x', 'y', 'z'],
        'ids in order',
      );
    },
  },
  'foreign-ids': {
    why: 'Logs that were written elsewhere keep their ids.',
    async run({ store }) {
      const ids = ['01HX', 'evt-1', 'EVT_001', 'evt_1', 'evt_0002', 'a b', '\u{1f600}'];
      await store.create(sampleLog('a'));
      await appendAt(
        store,
        'a',
        0,
        ids.map((id, index) => sampleEvent(index + 1, { id })),
      );
      expectEqual(
        (await readAll(store, 'a')).map(({ id }) => id),
        ids,
        'ids in order',
      );
      for (const [index, id] of ids.entries())
        expectEqual((await store.get('a', id))?.seq, index + 1, `get ${id}`);
      expectEqual(await store.get('a', 'evt_001'), undefined, 'an id that only looks like one of them');
    },
  },
  'canonical-id-at-another-place': {
    why: 'An id that looks like place 5 may stand at place 1; then place 5 must not get the same id again.',
    async run({ store }) {
      await store.create(sampleLog('a'));
      await appendAt(store, 'a', 0, [sampleEvent(5), sampleEvent(2), sampleEvent(3), sampleEvent(4)]);
      expectEqual((await store.get('a', 'evt_005'))?.seq, 1, 'where the id stands');
      expectEqual(await store.get('a', 'evt_001'), undefined, 'the id that nobody gave');
      const refusal = appendAt(store, 'a', 4, [sampleEvent(5, { payload: '{"other":true}' })]);
      await expectRefusal(refusal, DuplicateEventError, 'the same id at its own place');
      const head = await appendAt(store, 'a', 4, [sampleEvent(1)]);
      expectEqual(head.seq, 5, 'an id that is free');
      expectEqual((await store.get('a', 'evt_001'))?.seq, 5, 'where that one stands');
    },
  },
  'taken-id-across-parts': {
    why: 'The second part of a commit must see the ids of the first, also where they look like places to come.',
    async run({ store }) {
      await store.create(sampleLog('a'));
      const commit = store.commit([
        { logId: 'a', expected: 0, epoch: null, events: [sampleEvent(2), sampleEvent(3, { id: 'x' })] },
        { logId: 'a', expected: 2, epoch: null, events: [sampleEvent(3), sampleEvent(4)] },
        {
          logId: 'a',
          expected: 4,
          epoch: null,
          events: [sampleEvent(5), sampleEvent(6, { id: 'evt_002', actor: null })],
        },
      ]);
      await expectRefusal(commit, DuplicateEventError, 'an id of the first part in the third');
      expectEqual((await store.head('a')).seq, 0, 'the head');
      const again = store.commit([
        { logId: 'a', expected: 0, epoch: null, events: [sampleEvent(2)] },
        { logId: 'a', expected: 1, epoch: null, events: [sampleEvent(2, { actor: null })] },
      ]);
      await expectRefusal(again, DuplicateEventError, 'an id of the first part at its own place');
    },
  },
  'caller-keeps-its-objects': {
    why: "A store that keeps the caller's object would let history change after the fact.",
    async run({ store }) {
      await store.create(sampleLog('a'));
      const event = { ...sampleEvent(1) };
      const events = [event];
      await appendAt(store, 'a', 0, events);
      events.push({ ...sampleEvent(2) });
      const [read] = await readAll(store, 'a');
      expectTrue(read !== undefined, 'one event is there');
      expectEqual((await store.head('a')).seq, 1, 'the head');
    },
  },
});
