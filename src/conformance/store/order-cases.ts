/** Cases of order: the order of a log is the order in which its writer asked, also when it does not wait. */
import { ConcurrentWriterError } from '../../log/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import {
  appendAt,
  chainOf,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
  seqsOf,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';

export const orderCases = storeCases('order', {
  'unawaited-in-call-order': {
    why: 'A store that groups commits must not shuffle them: cause would stand behind effect.',
    async run({ store }) {
      await store.create(sampleLog('s', { kind: 'session' }));
      const ids = Array.from({ length: 60 }, (_, index) => `event-${index}`);
      const heads = await Promise.all(ids.map((id) => appendAt(store, 's', 'any', [sampleEvent(1, { id })])));
      expectEqual(
        heads.map(({ seq }) => seq),
        ids.map((_, index) => index + 1),
        'each caller its own head',
      );
      expectEqual(
        (await readAll(store, 's')).map(({ id }) => id),
        ids,
        'ids in order',
      );
    },
  },
  'pipelined-places': {
    why: 'A writer that knows its next head may go on before the first answer is in.',
    async run({ store, sha256 }) {
      await store.create(sampleLog('a'));
      const events = sampleEvents(1, 30);
      const heads = await Promise.all(events.map((event, index) => appendAt(store, 'a', index, [event])));
      const expected = events.map((_, index) => chainOf(events.slice(0, index + 1), sha256));
      expectEqual(
        heads.map(({ hash }) => hash),
        expected,
        'the hash of each head',
      );
    },
  },
  'one-refusal-fails-nobody-else': {
    why: 'Commits that share a transaction belong to different callers.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      await filledLog(store, 'b', 1);
      const answers = await Promise.allSettled([
        appendAt(store, 'a', 1, [sampleEvent(2)]),
        appendAt(store, 'b', 7, [sampleEvent(8)]),
        appendAt(store, 'missing', 0, [sampleEvent(1)]),
        appendAt(store, 'b', 1, [sampleEvent(2)]),
        appendAt(store, 'a', 2, [sampleEvent(3)]),
      ]);
      const outcomes = answers.map(({ status }) => status);
      expectEqual(
        outcomes,
        ['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
        'who was refused',
      );
      const [, stale] = answers;
      expectTrue(stale?.status === 'rejected' && stale.reason instanceof ConcurrentWriterError, 'the reason');
      expectEqual(await seqsOf(store, 'a'), [1, 2, 3], 'events of the first');
      expectEqual(await seqsOf(store, 'b'), [1, 2], 'events of the second');
    },
  },
  'no-gap-after-refusals': {
    why: 'Readers count on places without gaps: a gap means damage.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      for (let seq = 1; seq <= 5; seq += 1) {
        const stale = appendAt(store, 'a', seq - 1, [sampleEvent(90 + seq)]);
        await Promise.allSettled([stale, appendAt(store, 'a', seq, [sampleEvent(seq + 1)])]);
      }
      expectEqual(await seqsOf(store, 'a'), [1, 2, 3, 4, 5, 6], 'places');
    },
  },
  'create-then-commit-unawaited': {
    why: 'Calls that are made one after another take effect one after another, whatever kind they are.',
    async run({ store }) {
      const work = [
        store.create(sampleLog('a')),
        appendAt(store, 'a', 0, [sampleEvent(1)]),
        store.fork({ parent: 'a', atSeq: 1, id: 'f', label: null, createdAt: sampleEvent(1).timestamp }),
        appendAt(store, 'f', 1, [sampleEvent(2)]),
      ];
      await Promise.all(work);
      expectEqual(await seqsOf(store, 'f'), [1, 2], 'the fork');
    },
  },
});
