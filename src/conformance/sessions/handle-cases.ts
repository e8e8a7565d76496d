/** Decides what a session store promises to several handles, as several processes have them, and to the one that comes after. */
import { moveExecution, type SessionEvent } from '../../sessions/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import {
  allEvents,
  countTo,
  idsOf,
  numbersOf,
  plain,
  sampleEvent,
  sampleEvents,
  sampleRun,
  sampleSession,
} from './samples.ts';
import { type SessionCase, type SessionContext, sessionCases } from './session-case.ts';

export const handleCases: readonly SessionCase[] = [
  ...sessionCases('handles', {
    'one-writes-the-other-reads': {
      why: 'What one process has been told is stored, every process reads.',
      async run({ store, mint, place }) {
        const other = await place.otherHandle();
        await store.saveSession(sampleSession(mint));
        await store.saveRun(moveExecution(sampleRun(mint), 'running', mint));
        await store.appendEvent(sampleEvent(mint, 'a'));
        expectEqual(idsOf(await other.listSessions()), ['s1'], 'the sessions');
        expectEqual((await other.getActiveRun('s1'))?.id, 'r1', 'the active run');
        expectEqual(idsOf(await other.getEvents('s1')), ['a'], 'the events');
      },
    },
    'both-append': {
      why: 'Two processes write one session: every number once, every batch in one piece.',
      needs: {
        promise: 'atomicCommit',
        async refuses(context) {
          await appendFromBoth(context);
        },
      },
      async run(context) {
        for (const answer of await appendFromBoth(context)) {
          const first = answer[0]?.sequenceNumber ?? 0;
          expectEqual(
            numbersOf(answer),
            countTo(5).map((n) => first + n - 1),
            'the numbers of a batch',
          );
        }
      },
    },
    'one-event-from-both': {
      properties: [80],
      why: 'An event that two processes deliver at once is still one event, and neither is told an error.',
      async run({ store, mint, place }) {
        const other = await place.otherHandle();
        const events = sampleEvents(mint, 20);
        const answers = await Promise.all(
          events.flatMap((event) => [
            store.appendEventWithSequence(event),
            other.appendEventWithSequence(event),
          ]),
        );
        const numbers = new Map(answers.map(({ id, sequenceNumber }) => [id, sequenceNumber]));
        expectTrue(
          answers.every(({ id, sequenceNumber }) => numbers.get(id) === sequenceNumber),
          'both are told one number',
        );
        expectEqual(numbersOf(await store.getEvents('s1')), countTo(20), 'the numbers');
      },
    },
    'both-begin-one-session': {
      why: 'Two processes hear of a session at the same moment.',
      async run({ store, mint, place }) {
        const other = await place.otherHandle();
        const events = sampleEvents(mint, 2);
        await Promise.all([store.appendEvents(events.slice(0, 1)), other.appendEvents(events.slice(1))]);
        expectEqual(numbersOf(await store.getEvents('s1')), [1, 2], 'the numbers');
      },
    },
  }),
  ...sessionCases('reopen', {
    'everything-is-there': {
      why: 'A store that forgets is a cache.',
      needs: {
        promise: 'durability',
        async refuses({ store, mint, place }) {
          await store.saveSession(sampleSession(mint));
          expectEqual(await (await place.reopen()).listSessions(), [], 'the sessions');
        },
      },
      async run({ store, mint, place }) {
        const session = sampleSession(mint);
        await store.saveSession(session);
        await store.saveRun(sampleRun(mint));
        await store.appendEvents(sampleEvents(mint, 3));
        const again = await place.reopen();
        expectEqual(plain(await again.getSession('s1')), plain(session), 'the session');
        expectEqual(idsOf(await again.listRuns('s1')), ['r1'], 'the runs');
        expectEqual(numbersOf(await again.getEvents('s1')), [1, 2, 3], 'the events');
        const next = await again.appendEventWithSequence(sampleEvent(mint, 'next'));
        expectEqual(next.sequenceNumber, 4, 'the next number');
      },
    },
  }),
];

/** Twenty batches of five, by turns from two handles. */
async function appendFromBoth({
  store,
  mint,
  place,
}: SessionContext): Promise<readonly (readonly SessionEvent[])[]> {
  const other = await place.otherHandle();
  const answers = await Promise.all(
    countTo(20).map((n) => (n % 2 === 0 ? store : other).appendEvents(sampleEvents(mint, 5, `b${n}-`))),
  );
  expectEqual(numbersOf(await allEvents(store)), countTo(100), 'the numbers');
  return answers;
}
