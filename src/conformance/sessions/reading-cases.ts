/** Decides what a session store promises to those who read: cursors, filters and pages mean the same in every store. */
import { InvalidEventTypeError, ValidationError } from '../../sessions/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { idsOf, numbersOf, sampleEvent, sampleEvents, untyped } from './samples.ts';
import { type SessionCase, type SessionContext, sessionCases } from './session-case.ts';

async function threeEvents({ store, mint }: SessionContext): Promise<void> {
  await store.appendEvents(sampleEvents(mint, 3));
}

/** A message and a start by turns, of two runs by turns of two. */
async function mixedEvents({ store, mint }: SessionContext): Promise<void> {
  const events = Array.from({ length: 12 }, (_, index) =>
    sampleEvent(mint, `e${index + 1}`, {
      type: index % 2 === 0 ? 'message_received' : 'run_started',
      runId: index % 4 < 2 ? 'r1' : 'r2',
      timestamp: `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`,
    }),
  );
  await store.appendEvents(events);
}

export const readingCases: readonly SessionCase[] = sessionCases('reading', {
  'by-run': {
    properties: [31],
    why: 'The transcript of one run must not hold the words of another.',
    async run(context) {
      await mixedEvents(context);
      const found = await context.store.getEvents('s1', { runId: 'r2' });
      expectEqual(numbersOf(found), [3, 4, 7, 8, 11, 12], 'the numbers');
    },
  },
  'by-type': {
    properties: [32],
    why: 'Who counts messages must not count tool calls.',
    async run(context) {
      await mixedEvents(context);
      const found = await context.store.getEvents('s1', { type: 'run_started' });
      expectEqual(numbersOf(found), [2, 4, 6, 8, 10, 12], 'the numbers');
    },
  },
  'after-and-before': {
    properties: [49, 50, 51],
    why: 'Whoever reads on from a number must get neither less nor more.',
    async run(context) {
      await threeEvents(context);
      const numbers = async (options: { after?: number; before?: number }) =>
        numbersOf(await context.store.getEvents('s1', options));
      expectEqual(await numbers({ after: 1 }), [2, 3], 'after 1');
      expectEqual(await numbers({ before: 3 }), [1, 2], 'before 3');
      expectEqual(await numbers({ after: 1, before: 3 }), [2], 'between 1 and 3');
      expectEqual(await numbers({ after: 3 }), [], 'after the last');
      expectEqual(await numbers({ after: 2, before: 2 }), [], 'between nothing');
    },
  },
  'conditions-hold-together': {
    properties: [52],
    why: 'Two filters of which one is forgotten show what was not asked for.',
    async run({ store, mint }) {
      const kinds = [
        ['r1', 'run_started'],
        ['r1', 'message_received'],
        ['r2', 'message_received'],
        ['r1', 'message_received'],
        ['r1', 'message_received'],
      ] as const;
      await store.appendEvents(
        kinds.map(([runId, type], index) => sampleEvent(mint, `e${index}`, { runId, type })),
      );
      const found = await store.getEvents('s1', {
        after: 1,
        runId: 'r1',
        type: 'message_received',
        limit: 2,
      });
      expectEqual(numbersOf(found), [2, 4], 'the numbers');
    },
  },
  'since-is-inclusive': {
    properties: [53],
    why: 'Two stores that disagree about the first moment show two histories.',
    async run(context) {
      await mixedEvents(context);
      const found = await context.store.getEvents('s1', { since: '2026-01-01T00:00:10Z' });
      expectEqual(numbersOf(found), [11, 12], 'the numbers');
      const offset = await context.store.getEvents('s1', {
        since: '2026-01-01T01:00:10+01:00',
        type: 'run_started',
      });
      expectEqual(numbersOf(offset), [12], 'the numbers since a moment of another zone');
    },
  },
  'limit-and-offset': {
    properties: [54],
    why: 'Pages that overlap or leave something out repeat or lose events.',
    async run(context) {
      await mixedEvents(context);
      const { store } = context;
      const numbers = async (options: Parameters<typeof store.getEvents>[1]) =>
        numbersOf(await store.getEvents('s1', options));
      expectEqual(await numbers({ limit: 2 }), [1, 2], 'the first two');
      expectEqual(await numbers({ limit: 2, offset: 3 }), [4, 5], 'two behind three');
      expectEqual(await numbers({ limit: 2, offset: 1, type: 'run_started' }), [4, 6], 'of a type');
      expectEqual(await numbers({ after: 4, offset: 2, limit: 1 }), [7], 'behind a number');
      expectEqual(await numbers({ offset: 12 }), [], 'behind the last');
      expectEqual(await numbers({ limit: 0 }), [], 'a page of nothing');
    },
  },
  'unknown-session-has-none': {
    properties: [54],
    why: 'A reader may be there before the session is.',
    async run({ store }) {
      expectEqual(await store.getEvents('nobody'), [], 'the events');
      expectEqual(await store.getEvents('nobody', { type: 'run_started', limit: 5 }), [], 'with a filter');
    },
  },
  'pages-are-bounded': {
    why: 'A session of a million events must not be read into memory because somebody forgot a limit.',
    async run({ store, mint }) {
      await store.appendEvents(sampleEvents(mint, 1500));
      expectEqual((await store.getEvents('s1')).length, 1000, 'a page without a limit');
      expectEqual((await store.getEvents('s1', { limit: 1500 })).length, 1500, 'a page of its own size');
      await expectRefusal(
        store.getEvents('s1', { limit: 100_000 }),
        ValidationError,
        'a page without a bound',
      );
    },
  },
  'bad-options-refused': {
    why: 'An option that is silently ignored answers another question.',
    async run({ store }) {
      const options: readonly Readonly<Record<string, unknown>>[] = [
        { limit: -1 },
        { limit: 1.5 },
        { offset: -1 },
        { after: -1 },
        { before: Number.NaN },
        { waitTimeoutMs: -1 },
        { since: 'yesterday' },
        { runId: untyped(5) },
      ];
      for (const option of options)
        await expectRefusal(store.getEvents('s1', option), ValidationError, JSON.stringify(option));
      await expectRefusal(
        store.getEvents('s1', { type: 'no_such' as never }),
        InvalidEventTypeError,
        'an unknown type',
      );
      for (const nothing of [null, 5, 'all', []]) {
        const said = `${JSON.stringify(nothing)} as options`;
        await expectRefusal(store.getEvents('s1', untyped(nothing)), ValidationError, said);
        await expectRefusal(store.listSessions(untyped(nothing)), ValidationError, said);
      }
      for (const agentId of [5, null, {}])
        await expectRefusal(
          store.listSessions({ agentId: untyped(agentId) }),
          ValidationError,
          `the agent ${JSON.stringify(agentId)}`,
        );
    },
  },
  'what-is-handed-out-is-the-readers': {
    why: 'A reader who changes what it got must not change what is stored.',
    async run({ store, mint }) {
      const content = { text: 'kept' };
      await store.appendEvent(sampleEvent(mint, 'a', { data: { content } }));
      Reflect.set(content, 'text', 'changed by the writer');
      const [first] = await store.getEvents('s1');
      Reflect.set(Object(first?.data['content']), 'text', 'changed by a reader');
      const [again] = await store.getEvents('s1');
      expectEqual(again?.data, { content: { text: 'kept' } }, 'the stored data');
      expectEqual(idsOf(await store.getEvents('s1')), ['a'], 'the events');
    },
  },
});
