/** Decides what a session store promises when many calls are under way at once, in one process. */
import { moveExecution, type SessionEvent } from '../../sessions/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import {
  allEvents,
  countTo,
  idsOf,
  numbersOf,
  sampleEvent,
  sampleEvents,
  sampleRun,
  sampleSession,
} from './samples.ts';
import { type SessionCase, sessionCases } from './session-case.ts';

const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();
const ascending = (numbers: readonly (number | null)[]): readonly (number | null)[] =>
  [...numbers].sort((left, right) => (left ?? 0) - (right ?? 0));

export const togetherCases: readonly SessionCase[] = sessionCases('together', {
  'many-sessions': {
    properties: [68, 70],
    why: 'A server starts a hundred sessions in one second, and removes them again.',
    async run({ store, mint }) {
      const ids = countTo(100).map((n) => `s${n}`);
      await Promise.all(ids.map((id) => store.saveSession(sampleSession(mint, id))));
      expectEqual(sorted(idsOf(await store.listSessions())), sorted(ids), 'the sessions');
      await Promise.all(ids.flatMap((id) => [store.deleteSession(id), store.deleteSession(id)]));
      expectEqual(await store.listSessions(), [], 'the sessions after their removal');
    },
  },
  'one-session-read-and-written': {
    properties: [69],
    why: 'A page reads a session while its agent writes it.',
    async run({ store, mint }) {
      const session = sampleSession(mint);
      await store.saveSession(session);
      await Promise.all(
        countTo(50).flatMap((n) => [
          store.saveSession({ ...session, tags: [`t${n}`] }),
          store.getSession('s1'),
          store.listSessions(),
        ]),
      );
      expectEqual((await store.getSession('s1')).tags, ['t50'], 'what was written last');
    },
  },
  'many-runs': {
    properties: [71],
    why: 'The runs of a hundred sessions must not get into each other.',
    async run({ store, mint }) {
      await Promise.all(countTo(100).map((n) => store.saveRun(sampleRun(mint, `r${n}`, `s${n}`))));
      const lists = await Promise.all(countTo(100).map((n) => store.listRuns(`s${n}`)));
      expectEqual(
        lists.map(idsOf),
        countTo(100).map((n) => [`r${n}`]),
        'the runs of each session',
      );
    },
  },
  'one-run-written': {
    properties: [72],
    why: 'Usage arrives in many small updates.',
    async run({ store, mint }) {
      const run = sampleRun(mint);
      await Promise.all(countTo(50).map((n) => store.saveRun({ ...run, turnCount: n })));
      expectEqual((await store.getRun('r1')).turnCount, 50, 'what was written last');
    },
  },
  'active-run-asked-for': {
    properties: [73],
    why: 'Whether a session is busy is asked by everybody at once.',
    async run({ store, mint }) {
      await store.saveRun(moveExecution(sampleRun(mint), 'running', mint));
      const answers = await Promise.all(countTo(100).map(() => store.getActiveRun('s1')));
      expectTrue(
        answers.every((run) => run?.id === 'r1'),
        'every answer is the running run',
      );
    },
  },
  'single-appends': {
    properties: [74, 78],
    why: 'Events of one session arrive from several sources at once, and none may be lost or numbered twice.',
    async run({ store, mint }) {
      const events = sampleEvents(mint, 100);
      const answers = await Promise.all(events.map((event) => store.appendEventWithSequence(event)));
      expectEqual(ascending(numbersOf(answers)), countTo(100), 'the numbers');
      expectEqual(sorted(idsOf(await store.getEvents('s1'))), sorted(idsOf(events)), 'the events');
      expectEqual(await store.getLatestSequence('s1'), 100, 'the last number');
    },
  },
  'batches-are-contiguous': {
    properties: [79],
    why: 'A batch is one turn of an agent: what another writes must not stand inside of it.',
    async run({ store, mint }) {
      const batches = countTo(10).map((n) => sampleEvents(mint, 5, `b${n}-`));
      const answers = await Promise.all(batches.map((batch) => store.appendEvents(batch)));
      expectEqual(numbersOf(await store.getEvents('s1')), countTo(50), 'the numbers as they are read');
      for (const answer of answers) {
        const first = answer[0]?.sequenceNumber ?? 0;
        expectEqual(
          numbersOf(answer),
          countTo(5).map((n) => first + n - 1),
          'the numbers of a batch',
        );
      }
    },
  },
  'one-event-from-many': {
    properties: [80],
    why: 'An event that is delivered by everybody who heard of it is still one event.',
    async run({ store, mint }) {
      const event = sampleEvent(mint, 'a');
      const answers = await Promise.all(countTo(20).map(() => store.appendEventWithSequence(event)));
      expectTrue(
        answers.every(({ sequenceNumber }) => sequenceNumber === 1),
        'every answer has the number 1',
      );
      expectEqual(idsOf(await store.getEvents('s1')), ['a'], 'the events');
    },
  },
  'readers-see-no-gap': {
    properties: [75, 81],
    why: 'Whoever follows a session never comes back to a number that was missing.',
    async run({ store, mint, sleep }) {
      const followed: SessionEvent[] = [];
      const follow = async (): Promise<void> => {
        while (followed.length < 200) {
          const page = await store.getEvents('s1', { after: followed.length, limit: 50 });
          followed.push(...page);
          if (page.length === 0) await sleep(1);
        }
      };
      const write = async (n: number): Promise<void> => {
        for (const event of sampleEvents(mint, 50, `w${n}-`)) await store.appendEvent(event);
      };
      await Promise.all([follow(), ...[1, 2, 3, 4].map(write)]);
      expectEqual(numbersOf(followed), countTo(200), 'the numbers as they came');
      const readers = await Promise.all(countTo(20).map(() => store.getEvents('s1', { limit: 200 })));
      expectTrue(
        readers.every((events) => events.length === 200),
        'every reader sees all of them',
      );
    },
  },
  'everything-at-once': {
    properties: [76, 77],
    why: 'No mixture of calls may fail that would succeed one after another.',
    async run({ store, mint }) {
      const session = sampleSession(mint);
      const work = countTo(50).flatMap((n) => [
        store.saveSession({ ...session, tags: [`t${n}`] }),
        store.saveRun(sampleRun(mint, `r${n}`)),
        store.appendEvents([sampleEvent(mint, `a${n}`), sampleEvent(mint, `b${n}`)]),
        store.getEvents('s1', { after: n }),
      ]);
      await Promise.all(work);
      expectEqual(numbersOf(await allEvents(store)), countTo(100), 'the numbers');
      expectEqual((await store.listRuns('s1')).length, 50, 'the runs');
    },
  },
});
