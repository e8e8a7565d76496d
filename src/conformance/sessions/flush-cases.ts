/** Decides what a session store promises about the end of a run: its rows and its last events are there together, or not at all. */
import { ConcurrentWriterError, DuplicateEventError } from '../../log/index.ts';
import {
  type ExecutionResult,
  moveSession,
  SessionMismatchError,
  SessionNotFoundError,
  SessionRunNotFoundError,
  type SessionStore,
  ValidationError,
} from '../../sessions/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { completedRun, idsOf, numbersOf, sampleEvent, sampleRun, sampleSession, untyped } from './samples.ts';
import { type SessionCase, type SessionContext, sessionCases } from './session-case.ts';

function sampleResult({ mint }: Pick<SessionContext, 'mint'>): ExecutionResult {
  return {
    session: moveSession(sampleSession(mint), 'active', mint),
    run: completedRun(mint),
    events: [
      sampleEvent(mint, 'started', { type: 'run_started', runId: 'r1', data: {} }),
      sampleEvent(mint, 'completed', {
        type: 'run_completed',
        runId: 'r1',
        data: { stop_reason: 'end_turn' },
      }),
    ],
    providerMetadata: { provider_session_id: 'p1' },
  };
}

async function expectNothing(store: SessionStore): Promise<void> {
  await expectRefusal(store.getSession('s1'), SessionNotFoundError, 'the session');
  await expectRefusal(store.getRun('r1'), SessionRunNotFoundError, 'the run');
  expectEqual(await store.getEvents('s1'), [], 'the events');
  expectEqual(await store.getLatestSequence('s1'), 0, 'the last number');
}

export const flushCases: readonly SessionCase[] = sessionCases('flush', {
  'everything-is-there': {
    properties: [55],
    why: 'A run that is reported as completed and cannot be read was lost.',
    async run(context) {
      const { store } = context;
      await store.flush(sampleResult(context));
      expectEqual((await store.getSession('s1')).status, 'active', 'the session');
      const run = await store.getRun('r1');
      expectEqual(
        [run.status, run.providerMetadata],
        ['completed', { provider_session_id: 'p1' }],
        'the run',
      );
      const events = await store.getEvents('s1');
      expectEqual(idsOf(events), ['started', 'completed'], 'the events');
      expectEqual(numbersOf(events), [1, 2], 'their numbers');
    },
  },
  'refused-event-refuses-all': {
    properties: [56],
    why: 'A completed run without its events, or events without their run, cannot be told from a crash.',
    async run(context) {
      const { store } = context;
      const result = sampleResult(context);
      const bad = { ...result, events: [...result.events, untyped({ invalid: true })] };
      await expectRefusal(store.flush(bad), ValidationError, 'a result with no event in it');
      await expectNothing(store);
    },
  },
  'taken-id-refuses-all': {
    properties: [56],
    why: 'As above, when the refusal comes from what is stored.',
    needs: {
      promise: 'atomicCommit',
      async refuses(context) {
        await expectTakenIdRefused(context);
        await expectRefusal(
          context.store.getRun('r1'),
          SessionRunNotFoundError,
          'the run is not reported as ended',
        );
      },
    },
    async run(context) {
      await expectTakenIdRefused(context);
      expectEqual(idsOf(await context.store.getEvents('s1')), ['completed'], 'the events');
      await expectRefusal(context.store.getSession('s1'), SessionNotFoundError, 'the session');
      await expectRefusal(context.store.getRun('r1'), SessionRunNotFoundError, 'the run');
    },
  },
  'provider-metadata-may-be-left-out': {
    properties: [57],
    why: 'Not every provider says something of its session.',
    async run(context) {
      const { providerMetadata: _none, ...result } = sampleResult(context);
      await context.store.flush(result);
      expectEqual((await context.store.getRun('r1')).providerMetadata, {}, 'what the provider said');
    },
  },
  'half-a-result-is-refused': {
    properties: [58],
    why: 'A result without its events is a mistake of the caller, and no run without events.',
    async run(context) {
      const { session, run, events } = sampleResult(context);
      for (const bad of [
        { session, run },
        { session, events },
        { run, events },
        { session, run, events: 'none' },
        null,
      ])
        await expectRefusal(context.store.flush(untyped(bad)), ValidationError, 'half a result');
      await expectNothing(context.store);
    },
  },
  'same-again-changes-nothing': {
    properties: [59],
    why: 'A result that is sent again after a lost answer must not be there twice.',
    async run(context) {
      const { store } = context;
      const result = sampleResult(context);
      for (let time = 0; time < 3; time += 1) await store.flush(result);
      expectEqual(numbersOf(await store.getEvents('s1')), [1, 2], 'the events');
      expectEqual(idsOf(await store.listRuns('s1')), ['r1'], 'the runs');
    },
  },
  'rows-move-on-with-events-that-are-there': {
    properties: [59],
    why: 'Events are mostly stored when they happen; the rows must not be forgotten because of it.',
    async run(context) {
      const { store, mint } = context;
      const result = sampleResult(context);
      await store.saveSession(sampleSession(mint));
      await store.saveRun(sampleRun(mint));
      await store.appendEvents(result.events);
      await store.flush(result);
      expectEqual((await store.getRun('r1')).status, 'completed', 'the run');
      expectEqual((await store.getSession('s1')).status, 'active', 'the session');
      expectEqual(numbersOf(await store.getEvents('s1')), [1, 2], 'the events');
    },
  },
  'without-events': {
    why: 'A run whose events are all stored ends with its rows alone.',
    async run(context) {
      await context.store.flush({ ...sampleResult(context), events: [] });
      expectEqual((await context.store.getRun('r1')).status, 'completed', 'the run');
    },
  },
  'of-another-session-is-refused': {
    why: 'A run that is written beside the wrong session is found by nobody.',
    async run(context) {
      const { store, mint } = context;
      const result = sampleResult(context);
      const stranger = { ...result, run: completedRun(mint, 'r1', 's2') };
      await expectRefusal(store.flush(stranger), SessionMismatchError, 'a run of another session');
      const strangeEvent = { ...result, events: [sampleEvent(mint, 'x', { sessionId: 's2' })] };
      await expectRefusal(store.flush(strangeEvent), SessionMismatchError, 'an event of another session');
      await expectNothing(store);
    },
  },
  'stale-row-refuses-all': {
    why: 'What somebody else has changed during a run must survive the end of the run.',
    needs: {
      promise: 'atomicCommit',
      async refuses(context) {
        await expectRefusal(flushOfStale(context), ConcurrentWriterError, 'a stale row');
      },
    },
    async run(context) {
      await expectRefusal(flushOfStale(context), ConcurrentWriterError, 'a stale row');
      const { store } = context;
      expectEqual((await store.getSession('s1')).tags, ['changed meanwhile'], 'the session');
      await expectRefusal(store.getRun('r1'), SessionRunNotFoundError, 'the run');
      expectEqual(await store.getEvents('s1'), [], 'the events');
    },
  },
});

async function expectTakenIdRefused(context: SessionContext): Promise<void> {
  const { store, mint } = context;
  await store.appendEvent(sampleEvent(mint, 'completed'));
  await expectRefusal(store.flush(sampleResult(context)), DuplicateEventError, 'a result with a taken id');
}

async function flushOfStale(context: SessionContext): Promise<void> {
  const { store, mint } = context;
  await store.saveSession(sampleSession(mint));
  const read = await store.getSession('s1');
  await store.saveSession({ ...read, tags: ['changed meanwhile'] });
  await store.flush({ ...sampleResult(context), session: moveSession(read, 'active', mint) });
}
