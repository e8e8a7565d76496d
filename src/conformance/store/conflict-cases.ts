/** Cases of refusal: each reason has its own error, the order of reasons is fixed, and a refusal changes nothing. */
import type { StructuredError } from '../../base/index.ts';
import {
  ConcurrentWriterError,
  DuplicateEventError,
  type EventRow,
  FencedError,
  type LogStore,
} from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { appendAt, filledLog, readAll, sampleEvent, sampleEvents } from './sample-log.ts';
import { storeCases } from './store-case.ts';

async function unchanged(store: LogStore, logId: string, work: () => Promise<void>): Promise<void> {
  const before = [await store.head(logId), await readAll(store, logId, { hashes: true })];
  await work();
  const after = [await store.head(logId), await readAll(store, logId, { hashes: true })];
  expectEqual(after, before, 'the log after a refusal');
}

function fieldsOf(error: StructuredError): unknown {
  return error.context['differing_fields'];
}

export const conflictCases = storeCases('conflict', {
  'stale-place-refused': {
    why: 'Whoever decides by an old state would overwrite what somebody else has written since.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await unchanged(store, 'a', async () => {
        const error = await expectRefusal(
          appendAt(store, 'a', 2, [sampleEvent(9)]),
          ConcurrentWriterError,
          'an old place',
        );
        expectEqual(error.context['expected'], 2, 'the expected place in the error');
        expectEqual(error.context['actual'], 3, 'the actual place in the error');
      });
    },
  },
  'place-ahead-refused': {
    why: 'A writer that believes in events that are not stored would leave a gap.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await unchanged(store, 'a', async () => {
        await expectRefusal(
          appendAt(store, 'a', 4, [sampleEvent(5)]),
          ConcurrentWriterError,
          'a place ahead',
        );
      });
    },
  },
  'same-id-other-content-refused': {
    why: 'Same id and other content would make the audit trail say two things.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      const changes: readonly Partial<EventRow>[] = [
        { payload: '{"n":2.0}' },
        { type: 'object.removed' },
        { actor: null },
        { causedBy: 'evt_003' },
        { frameId: 'frame_009' },
        { timestamp: '2026-01-01T00:00:01Z' },
      ];
      await unchanged(store, 'a', async () => {
        for (const change of changes) {
          const work = appendAt(store, 'a', 1, [sampleEvent(2, change)]);
          const error = await expectRefusal(
            work,
            DuplicateEventError,
            `another ${Object.keys(change).join()}`,
          );
          expectEqual(fieldsOf(error), Object.keys(change), 'the field that differs');
        }
      });
    },
  },
  'twice-in-one-batch-refused': {
    why: 'A batch that names an id twice was built by mistake; which of the two is meant cannot be known.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      const twice = sampleEvent(2, { id: 'x' });
      await unchanged(store, 'a', async () => {
        await expectRefusal(
          appendAt(store, 'a', 1, [twice, twice]),
          DuplicateEventError,
          'the same event twice',
        );
        await expectRefusal(
          appendAt(store, 'a', 'any', [twice, { ...twice, payload: '{}' }]),
          DuplicateEventError,
          'one id, two contents',
        );
      });
    },
  },
  'last-of-a-batch-refuses-all': {
    why: 'A behavior is atomic: nothing of it may be stored when one of its events cannot be.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      const batch = [...sampleEvents(3, 5), sampleEvent(1, { payload: '{"other":1}' })];
      await unchanged(store, 'a', async () => {
        await expectRefusal(
          appendAt(store, 'a', 2, batch),
          DuplicateEventError,
          'a batch with a taken id at its end',
        );
      });
    },
  },
  'stored-at-another-place-refused': {
    why: 'The writer named the place of each event; putting one elsewhere, or leaving it out, would be silent.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await unchanged(store, 'a', async () => {
        const work = appendAt(store, 'a', 3, [sampleEvent(2), sampleEvent(5)]);
        const error = await expectRefusal(work, DuplicateEventError, 'an event that stands elsewhere');
        expectEqual(fieldsOf(error), ['place'], 'what differs');
      });
    },
  },
  'content-before-epoch': {
    why: 'The reason that will never go away is named first: no new epoch makes another content right.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await store.acquire('a');
      const work = appendAt(store, 'a', 9, [sampleEvent(2, { payload: '{}' })], 99);
      await expectRefusal(work, DuplicateEventError, 'other content, wrong epoch and wrong place');
    },
  },
  'epoch-before-place': {
    why: 'A writer that was replaced must stop; told that its place is stale, it would read and try again.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await store.acquire('a');
      await expectRefusal(
        appendAt(store, 'a', 9, [sampleEvent(10)], 99),
        FencedError,
        'wrong epoch and wrong place',
      );
    },
  },
  'subject-is-no-content': {
    why: 'The subject is an index hint: a writer that computes it differently wrote the same event.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      const head = await appendAt(store, 'a', 1, [sampleEvent(2, { subject: 'claim#7' })]);
      expectEqual(head.seq, 2, 'the head');
      expectEqual((await readAll(store, 'a')).at(-1)?.subject, null, 'the subject that was stored first');
    },
  },
});
