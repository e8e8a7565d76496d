/** Cases of size: what one store takes every store takes, and what is too much is refused with its numbers. */
import { commitLimits, type EventRow, InvalidEventError } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import {
  appendAt,
  asStored,
  chainOf,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';

export const limitCases = [
  ...storeCases('batch', {
    'largest-batch': {
      why: 'A step of ten thousand events is one step.',
      async run({ store, sha256 }) {
        await store.create(sampleLog('a'));
        const events = sampleEvents(1, commitLimits.events);
        const head = await appendAt(store, 'a', 0, events);
        expectEqual(head.seq, commitLimits.events, 'the head');
        expectEqual(head.hash, chainOf(events, sha256), 'the chain');
      },
    },
    'too-many-events-refused': {
      why: 'A transaction without a bound holds up every other writer of the store.',
      async run({ store }) {
        await store.create(sampleLog('a'));
        const events = sampleEvents(1, commitLimits.events + 1);
        const error = await expectRefusal(
          appendAt(store, 'a', 0, events),
          InvalidEventError,
          'one event too many',
        );
        expectEqual(error.context['events'], commitLimits.events + 1, 'the number in the error');
        expectEqual((await store.head('a')).seq, 0, 'the head');
      },
    },
    'too-many-events-over-parts-refused': {
      why: 'The bound is one of the transaction, not of its parts.',
      async run({ store }) {
        await store.create(sampleLog('a'));
        await store.create(sampleLog('b'));
        const half = sampleEvents(1, commitLimits.events / 2 + 1);
        const parts = ['a', 'b'].map((logId) => ({ logId, expected: 0, epoch: null, events: half }));
        await expectRefusal(store.commit(parts), InvalidEventError, 'two parts that are too many together');
        expectEqual((await store.head('a')).seq, 0, 'the head');
      },
    },
    'too-much-text-refused': {
      why: 'Memory has a bound as well.',
      async run({ store }) {
        await store.create(sampleLog('a'));
        const payload = `{"text":"${'x'.repeat(commitLimits.characters / 4)}"}`;
        const events = sampleEvents(1, 4, { payload });
        await expectRefusal(appendAt(store, 'a', 0, events), InvalidEventError, 'too many characters');
        expectEqual((await store.head('a')).seq, 0, 'the head');
      },
    },
    'unfit-texts-refused': {
      why: 'A text that some store cannot hold would make the log unmovable.',
      async run({ store }) {
        await filledLog(store, 'a', 1);
        const changes: readonly Partial<EventRow>[] = [
          { id: '' },
          { id: 'x'.repeat(257) },
          { type: '' },
          { type: 'x'.repeat(257) },
          { actor: '' },
          { timestamp: '' },
          { frameId: 'x'.repeat(257) },
          { causedBy: '' },
          { subject: 'x'.repeat(257) },
        ];
        for (const change of changes) {
          const work = appendAt(store, 'a', 1, [sampleEvent(2, change)]);
          await expectRefusal(work, InvalidEventError, `an unfit ${Object.keys(change).join()}`);
        }
        expectEqual((await store.head('a')).seq, 1, 'the head');
      },
    },
    'longest-texts-kept': {
      why: 'The bound itself is inside.',
      async run({ store }) {
        const long = 'x'.repeat(256);
        const event = sampleEvent(1, { id: long, type: long, actor: long, frameId: long, subject: long });
        await store.create(sampleLog('a'));
        await appendAt(store, 'a', 0, [event]);
        expectEqual(await readAll(store, 'a'), asStored([event]), 'the event');
        expectEqual((await store.get('a', long))?.seq, 1, 'get');
      },
    },
  }),
  ...storeCases('large', {
    'large-payload-kept': {
      why: 'A tool answers with a whole document.',
      async run({ store }) {
        const payload = `{"text":"${'0123456789abcdef'.repeat(256 * 1024)}"}`;
        const events = [sampleEvent(1, { payload }), sampleEvent(2)];
        await store.create(sampleLog('a'));
        await appendAt(store, 'a', 0, events);
        expectEqual(await readAll(store, 'a'), asStored(events), 'the events');
      },
    },
    'long-log-in-order': {
      why: 'A run goes on for days; its thousandth page is read like its first.',
      async run({ store }) {
        await store.create(sampleLog('a'));
        for (let seq = 0; seq < 5000; seq += 1250)
          await appendAt(store, 'a', seq, sampleEvents(seq + 1, 1250));
        expectEqual(await readAll(store, 'a'), asStored(sampleEvents(1, 5000)), 'the events');
      },
    },
    'many-logs': {
      why: 'A store holds thousands of runs, and each keeps to itself.',
      async run({ store }) {
        const ids = Array.from({ length: 150 }, (_, index) => `log-${index}`);
        await Promise.all(ids.map((id, index) => filledLog(store, id, index % 5)));
        const listed = await store.logs({ limit: 1000 });
        const seqs = new Map(listed.map(({ id, head }) => [id, head.seq]));
        for (const [index, id] of ids.entries()) expectEqual(seqs.get(id), index % 5, `the head of ${id}`);
        expectEqual(listed.length, ids.length, 'the number of logs');
      },
    },
  }),
];
