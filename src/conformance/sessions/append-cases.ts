/** Decides what a session store promises about events: each is stored once, whole with its batch, under the next number. */
import { ConcurrentWriterError, DuplicateEventError, NonSerializableEventError } from '../../log/index.ts';
import { sessionEventTypes, ValidationError } from '../../sessions/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import {
  allEvents,
  countTo,
  idsOf,
  numbersOf,
  sampleEvent,
  sampleEvents,
  sampleSession,
  typesOf,
  untyped,
} from './samples.ts';
import { type SessionCase, type SessionContext, sessionCases } from './session-case.ts';

export const appendCases: readonly SessionCase[] = sessionCases('append', {
  'appended-are-read-in-order': {
    properties: [28, 29, 30],
    why: 'A transcript in another order is another conversation.',
    async run({ store, mint }) {
      const types = ['run_started', 'message_received', 'run_completed'] as const;
      for (const [index, type] of types.entries())
        await store.appendEvent(sampleEvent(mint, `e${index}`, { type }));
      expectEqual(typesOf(await store.getEvents('s1')), types, 'the types');
    },
  },
  'every-field-kept': {
    properties: [33],
    why: 'What was said must be read as it was said.',
    async run({ store, mint }) {
      const event = sampleEvent(mint, 'all', {
        type: 'tool_call_completed',
        runId: 'r1',
        timestamp: '2026-01-02T03:04:05.123456Z',
        data: {
          tool_name: 'bash',
          tool_output: { lines: ['\u{1F600}', '"', '\\', '\u0000', '\ud800'] },
          n: [0, 1.5, 1e300, null],
        },
        metadata: { _validation_warnings: ['w'], model: 'm' },
        schemaVersion: 3,
        provider: 'claude',
        correlationId: 'c1',
      });
      const bare = sampleEvent(mint, 'bare', { data: {} });
      await store.appendEvents([event, bare]);
      const expected = [event, bare].map((each, index) => ({ ...each, sequenceNumber: index + 1 }));
      expectEqual(await store.getEvents('s1'), expected, 'the events');
    },
  },
  'every-type-taken': {
    properties: [33],
    why: 'An event that one store refuses cannot be moved into it.',
    async run({ store, mint }) {
      const events = sessionEventTypes.map((type) => sampleEvent(mint, type, { type, data: {} }));
      await store.appendEvents(events);
      expectEqual(typesOf(await store.getEvents('s1')), sessionEventTypes, 'the types');
    },
  },
  'behind-the-number-that-was-seen': {
    properties: [34],
    why: 'Whoever was taken over must not add to what it no longer sees the end of.',
    async run({ store, mint }) {
      const events = sampleEvents(mint, 3);
      const last = events.slice(2);
      const numbers = await store.appendEvents(events.slice(0, 2), { ifLatest: 0 });
      expectEqual(numbersOf(numbers), [1, 2], 'the numbers of what nobody came between');
      const late = store.appendEvents(last, { ifLatest: 1 });
      await expectRefusal(late, ConcurrentWriterError, 'what somebody came between');
      expectEqual(await store.getLatestSequence('s1'), 2, 'the last number');
      expectEqual(numbersOf(await store.appendEvents(last, { ifLatest: 2 })), [3], 'the number of the next');
    },
  },
  'numbers-count-from-one': {
    properties: [34],
    why: 'Whoever reads on from a number relies on it.',
    async run({ store, mint }) {
      const first = await store.appendEventWithSequence(sampleEvent(mint, 'a'));
      const second = await store.appendEventWithSequence(sampleEvent(mint, 'b'));
      expectEqual(numbersOf([first, second]), [1, 2], 'the numbers');
      expectEqual(await store.getLatestSequence('s1'), 2, 'the last number');
    },
  },
  'same-event-is-stored-once': {
    properties: [35, 37],
    why: 'A tool call that is repeated after a lost answer must not look like two.',
    async run({ store, mint }) {
      const event = sampleEvent(mint, 'a');
      const first = await store.appendEventWithSequence(event);
      const again = await store.appendEventWithSequence(event);
      for (let time = 0; time < 3; time += 1) await store.appendEvent(event);
      expectEqual(again, first, 'the second answer');
      expectEqual(idsOf(await store.getEvents('s1')), ['a'], 'the events');
      expectEqual(await store.getLatestSequence('s1'), 1, 'the last number');
    },
  },
  'other-content-under-a-known-id-is-refused': {
    properties: [36],
    why: 'An event that is silently left out, or silently replaced, is history that nobody can trust.',
    async run({ store, mint }) {
      const event = sampleEvent(mint, 'a', { data: { content: 'first', role: 'assistant' } });
      await store.appendEvent(event);
      const other = { ...event, data: { content: 'second', role: 'assistant' } };
      await expectRefusal(store.appendEvent(other), DuplicateEventError, 'other content');
      expectEqual(await store.getEvents('s1'), [{ ...event, sequenceNumber: 1 }], 'the events');
    },
  },
  'ids-are-apart-by-session': {
    why: 'An id that another session has used must not swallow an event of this one.',
    async run({ store, mint }) {
      const here = await store.appendEventWithSequence(sampleEvent(mint, 'a'));
      const there = await store.appendEventWithSequence(
        sampleEvent(mint, 'a', { sessionId: 's2', data: { content: 'other', role: 'user' } }),
      );
      expectEqual(numbersOf([here, there]), [1, 1], 'the numbers');
      expectEqual(
        (await store.getEvents('s2'))[0]?.data['content'],
        'other',
        'the event of the second session',
      );
    },
  },
  'batch-in-order': {
    properties: [38],
    why: 'A batch whose answers are in another order gives numbers to the wrong events.',
    async run({ store, mint }) {
      const stored = await store.appendEvents(sampleEvents(mint, 2));
      expectEqual(idsOf(stored), ['e1', 'e2'], 'the answers');
      expectEqual(numbersOf(stored), [1, 2], 'the numbers');
      expectEqual(await store.getLatestSequence('s1'), 2, 'the last number');
    },
  },
  'twice-in-one-batch': {
    properties: [39],
    why: 'A buffer that holds an event twice must not make two of it.',
    async run({ store, mint }) {
      const [a, b] = sampleEvents(mint, 2);
      if (a === undefined || b === undefined) return;
      expectEqual(numbersOf(await store.appendEvents([a, b, a])), [1, 2, 1], 'the numbers');
      expectEqual(idsOf(await store.getEvents('s1')), ['e1', 'e2'], 'the events');
    },
  },
  'known-and-new-in-one-batch': {
    properties: [40],
    why: 'A spool that is replayed holds what arrived and what did not.',
    async run({ store, mint }) {
      const events = sampleEvents(mint, 4);
      await store.appendEvents(events.slice(1, 2));
      expectEqual(numbersOf(await store.appendEvents(events)), [2, 1, 3, 4], 'the numbers');
      expectEqual(idsOf(await store.getEvents('s1')), ['e2', 'e1', 'e3', 'e4'], 'the events');
      expectEqual(numbersOf(await store.appendEvents(events)), [2, 1, 3, 4], 'the same batch again');
    },
  },
  'batch-of-several-sessions': {
    properties: [41],
    why: 'A pipeline that serves many sessions writes for all of them at once.',
    needs: {
      promise: 'atomicCommit',
      async refuses({ store, mint }) {
        const mixed = ['s1', 's2'].map((sessionId) => sampleEvent(mint, sessionId, { sessionId }));
        expectEqual(numbersOf(await store.appendEvents(mixed)), [1, 1], 'the numbers, one after another');
      },
    },
    async run({ store, mint }) {
      const [a, b, c] = (['s1', 's2', 's1'] as const).map((sessionId, index) =>
        sampleEvent(mint, `e${index}`, { sessionId }),
      );
      if (a === undefined || b === undefined || c === undefined) return;
      const stored = await store.appendEvents([a, b, c, a]);
      const answers = stored.map(({ sessionId, sequenceNumber }) => [sessionId, sequenceNumber]);
      expectEqual(
        answers,
        [
          ['s1', 1],
          ['s2', 1],
          ['s1', 2],
          ['s1', 1],
        ],
        'the numbers',
      );
    },
  },
  'batch-of-nothing': {
    properties: [42],
    why: 'A turn in which nothing happened must cost no number.',
    async run({ store, mint }) {
      await store.appendEvent(sampleEvent(mint, 'a'));
      expectEqual(await store.appendEvents([]), [], 'the answer');
      expectEqual(await store.getLatestSequence('s1'), 1, 'the last number');
    },
  },
  'batch-with-no-event-is-refused': {
    properties: [43],
    why: 'Half of a batch that nobody can complete is worse than none.',
    async run({ store, mint }) {
      const event = sampleEvent(mint, 'a');
      const { data: _data, ...dataless } = event;
      for (const bad of [
        { invalid: true },
        null,
        'event',
        { ...event, sessionId: '' },
        { ...event, timestamp: 'now' },
        dataless,
      ]) {
        const batch = [sampleEvent(mint, 'good'), untyped(bad)];
        await expectRefusal(
          store.appendEvents(batch),
          ValidationError,
          `a batch with ${JSON.stringify(bad)}`,
        );
      }
      await expectRefusal(store.appendEvents(untyped({ 0: event })), ValidationError, 'what is no list');
      const holed = [sampleEvent(mint, 'good')];
      holed[2] = sampleEvent(mint, 'good too');
      await expectRefusal(store.appendEvents(holed), ValidationError, 'a list with a hole');
      expectEqual(await store.getEvents('s1'), [], 'the events');
      expectEqual(await store.getLatestSequence('s1'), 0, 'the last number');
    },
  },
  'sessions-count-apart': {
    properties: [44, 45],
    why: 'A counter that sessions share leaves gaps in each of them.',
    async run({ store, mint }) {
      expectEqual(await store.getLatestSequence('nobody'), 0, 'an unknown session');
      await store.saveSession(sampleSession(mint));
      expectEqual(await store.getLatestSequence('s1'), 0, 'a session without events');
      for (const sessionId of ['s1', 's2']) {
        const stored = await store.appendEventWithSequence(
          sampleEvent(mint, `of ${sessionId}`, { sessionId }),
        );
        expectEqual(stored.sequenceNumber, 1, `the first number of ${sessionId}`);
      }
    },
  },
  'number-of-the-caller-is-ignored': {
    properties: [46],
    why: 'A number that a caller may choose is one that two callers choose.',
    async run({ store, mint }) {
      const stored = await store.appendEventWithSequence({ ...sampleEvent(mint, 'a'), sequenceNumber: 999 });
      expectEqual(stored.sequenceNumber, 1, 'the number');
      expectEqual(numbersOf(await store.getEvents('s1')), [1], 'the stored number');
    },
  },
  'works-after-a-refusal': {
    properties: [47],
    why: 'One bad event must not stop a session.',
    async run({ store, mint }) {
      const bad = { ...sampleEvent(mint, 'bad'), data: { n: Number.NaN } };
      await expectRefusal(
        store.appendEvent(bad),
        NonSerializableEventError,
        'an event that JSON does not carry',
      );
      const stored = await store.appendEventWithSequence(sampleEvent(mint, 'good'));
      expectEqual(stored.sequenceNumber, 1, 'the number of the next');
    },
  },
  'large-batch': {
    properties: [48],
    why: 'A transcript that is imported comes in thousands, beyond what one statement of a database binds.',
    async run({ store, mint }) {
      const events = sampleEvents(mint, 5000);
      expectEqual(numbersOf(await store.appendEvents(events)), countTo(5000), 'the numbers');
      expectEqual(idsOf(await allEvents(store)), idsOf(events), 'the events');
    },
  },
  'refused-batch-consumes-no-number': {
    why: 'A number that nobody has is a gap at which whoever follows waits for ever.',
    needs: {
      promise: 'atomicCommit',
      async refuses(context) {
        await appendRefusedBatch(context);
        const { store } = context;
        const latest = await store.getLatestSequence('s1');
        expectEqual(numbersOf(await store.getEvents('s1')), countTo(latest), 'the numbers have no gap');
      },
    },
    async run(context) {
      await appendRefusedBatch(context);
      const { store, mint } = context;
      expectEqual(idsOf(await store.getEvents('s1')), ['a'], 'the events');
      const next = await store.appendEventWithSequence(sampleEvent(mint, 'c'));
      expectEqual(next.sequenceNumber, 2, 'the next number');
    },
  },
  'session-that-nobody-saved': {
    why: 'Events arrive before the row of their session when two writers share it.',
    async run({ store, mint }) {
      await store.appendEvent(sampleEvent(mint, 'a'));
      await store.saveSession(sampleSession(mint));
      expectEqual(idsOf(await store.getEvents('s1')), ['a'], 'the events');
      expectEqual(idsOf(await store.listSessions()), ['s1'], 'the sessions');
    },
  },
});

async function appendRefusedBatch({ store, mint }: SessionContext): Promise<void> {
  const event = sampleEvent(mint, 'a');
  await store.appendEvent(event);
  const batch = [sampleEvent(mint, 'b'), { ...event, type: 'run_failed' as const }];
  await expectRefusal(store.appendEvents(batch), DuplicateEventError, 'the batch');
}
