/** Cases of two writers: two handles on one store, as two processes would have them. */
import { ConcurrentWriterError, RunExistsError } from '../../log/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { appendAt, filledLog, readAll, sampleEvent, sampleLog, seqsOf } from './sample-log.ts';
import { storeCases } from './store-case.ts';

export const writerCases = storeCases('writers', {
  'see-each-other': {
    why: 'What one process has committed is true for all of them at once.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      await filledLog(store, 'a', 1);
      await appendAt(other, 'a', 1, [sampleEvent(2)]);
      await appendAt(store, 'a', 2, [sampleEvent(3)]);
      expectEqual(await seqsOf(other, 'a'), [1, 2, 3], 'places');
      expectEqual(await other.head('a'), await store.head('a'), 'heads');
    },
  },
  'one-wins-each-place': {
    why: 'Of two who decide by the same state one has to be told.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      await filledLog(store, 'a', 0);
      for (let seq = 0; seq < 15; seq += 1) {
        const answers = await Promise.allSettled(
          [store, other].map((handle, index) =>
            appendAt(handle, 'a', seq, [sampleEvent(seq + 1, { id: `by-${index}-${seq}` })]),
          ),
        );
        const lost = answers.filter((answer) => answer.status === 'rejected');
        expectEqual(lost.length, 1, `who lost at place ${seq + 1}`);
        expectTrue(lost[0]?.reason instanceof ConcurrentWriterError, 'the reason');
      }
      expectEqual((await store.head('a')).seq, 15, 'the head');
    },
  },
  'both-report': {
    why: 'A session hears several programs at once, and loses nothing.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      await store.create(sampleLog('s', { kind: 'session' }));
      const work = Array.from({ length: 60 }, (_, index) =>
        appendAt(index % 2 === 0 ? store : other, 's', 'any', [sampleEvent(1, { id: `e${index}` })]),
      );
      await Promise.all(work);
      const ids = (await readAll(store, 's')).map(({ id }) => id);
      expectEqual(ids.length, 60, 'the number of events');
      const own = (parity: number): string[] => ids.filter((id) => Number(id.slice(1)) % 2 === parity);
      const byNumber = (left: string, right: string): number =>
        Number(left.slice(1)) - Number(right.slice(1));
      expectEqual(own(0), own(0).toSorted(byNumber), 'the order of the first writer');
      expectEqual(own(1), own(1).toSorted(byNumber), 'the order of the second writer');
    },
  },
  'one-creates': {
    why: 'Two processes that start the same run must not both believe that they made it.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      const answers = await Promise.allSettled([store.create(sampleLog('a')), other.create(sampleLog('a'))]);
      const lost = answers.filter((answer) => answer.status === 'rejected');
      expectEqual(lost.length, 1, 'who lost');
      expectTrue(lost[0]?.reason instanceof RunExistsError, 'the reason');
    },
  },
  'one-acquires': {
    why: 'Two processes that resume the same run must not both own it.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      await filledLog(store, 'a', 1);
      const answers = await Promise.allSettled([store.acquire('a'), other.acquire('a')]);
      expectEqual(answers.filter(({ status }) => status === 'fulfilled').length, 1, 'who won');
      expectEqual((await store.info('a'))?.epoch, 1, 'the epoch');
    },
  },
  'records-compared-and-set': {
    why: 'A counter that two processes raise must count both.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      const raise = async (handle: typeof store): Promise<void> => {
        for (;;) {
          const present = await handle.record('k', 'n');
          const value = String(Number(present?.value ?? 0) + 1);
          try {
            await handle.commit([], [{ kind: 'k', id: 'n', expectedVersion: present?.version ?? 0, value }]);
            return;
          } catch (error) {
            if (!(error instanceof ConcurrentWriterError)) throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, index) => raise(index % 2 === 0 ? store : other)));
      // A lost answer counts as done when the very same value was written: versions and values must agree.
      const record = await store.record('k', 'n');
      expectEqual(record?.version, Number(record?.value), 'version and value');
      expectTrue((record?.version ?? 0) <= 20, 'no more raises than were asked for');
    },
  },
});
