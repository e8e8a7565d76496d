// Decides what goes with an event of a session that is redacted, in every store: what the row of its run repeats, or nothing at all.
import { expect } from 'vitest';
import { doctor, isStructuredError, nodePlatform } from 'runlog';
import { ConcurrentWriterError, EventNotFoundError, InvalidEventError } from '../../../src/log/index.ts';
import {
  countingMint,
  type Execution,
  newExecution,
  newSessionEvent,
  openLogSessionStore,
  planSessionRedaction,
  redactSessionEvents,
  type SessionEvent,
  type SessionEventType,
  SessionNotFoundError,
} from '../../../src/sessions/index.ts';
import type { QueryCase } from './query-cases.ts';

const mint = countingMint();
const note = { by: 'test', at: '2026-01-01T00:59:00.000000Z', reason: 'asked' };

function made(id: string, more: Partial<Execution>): Execution {
  return { ...newExecution({ id, sessionId: 'a' }, mint), ...more };
}

function event(id: string, more: object = {}): SessionEvent {
  return newSessionEvent({ id, sessionId: 'a', type: 'message_sent', data: { content: id }, ...more }, mint);
}

/** To be asked of the store of the questions, after them: they add to it. */
export const redactionCases: readonly QueryCase[] = [
  {
    name: 'a redaction takes along what the row of the run repeats, and no more',
    run: async ({ store }) => {
      const sessions = openLogSessionStore(store, nodePlatform);
      const said = { status: 'completed', output: { content: 'noted' } } as const;
      await sessions.saveRun(made('said', { ...said, input: 'my phone is 555-1234' }));
      const [told] = await sessions.appendEvents([
        event('told', { runId: 'said', data: { content: '555-1234' } }),
      ]);
      const redaction = { logId: 'a', seqs: [told?.sequenceNumber ?? 0], note };
      expect(await redactSessionEvents(store, redaction)).toEqual({ events: 1, runs: ['said'] });
      const left = await sessions.getRun('said');
      expect(left).toMatchObject({ input: null, output: said.output, metadata: { redacted: note } });
      expect(await redactSessionEvents(store, redaction)).toEqual({ events: 0, runs: [] });
      expect((await sessions.getRun('said')).version).toBe(left.version);
      expect((await doctor(store)).findings).toEqual([]);
    },
  },
  {
    name: 'a plan counts what is left of the runs it is about, an answer that only the row has too, and of no other run',
    run: async ({ store }) => {
      const sessions = openLogSessionStore(store, nodePlatform);
      const output = { content: 'x' };
      for (const id of ['asked', 'other']) await sessions.saveRun(made(id, { status: 'completed', output }));
      const of = (runId: string, type: SessionEventType) => event(`${runId}-${type}`, { runId, type });
      const types = ['message_sent', 'message_streamed', 'token_usage_updated', 'run_completed'] as const;
      for (const id of ['asked', 'other']) await sessions.appendEvents(types.map((type) => of(id, type)));
      const { left } = await planSessionRedaction(store, 'a', { eventIds: ['asked-message_sent'] });
      expect(left).toEqual([
        { type: 'message_streamed', events: 1 },
        { type: 'run_completed', events: 1 },
      ]);
      const choice = { eventIds: ['asked-message_sent', 'asked-message_streamed'] };
      expect((await planSessionRedaction(store, 'a', choice)).left).toEqual([]);
    },
  },
  {
    name: 'a plan names what a redaction drops, once each and in the order of the session, and changes nothing',
    run: async ({ store }) => {
      const sessions = openLogSessionStore(store, nodePlatform);
      await sessions.saveRun(made('planned', { status: 'failed', input: 'x', error: { message: 'x' } }));
      const more = { runId: 'planned' };
      const failed = { ...more, type: 'run_failed' } as const;
      await sessions.appendEvents([event('p1', more), event('p2', failed), event('p3', more)]);
      const plan = await planSessionRedaction(store, 'a', {
        eventIds: ['p3', 'p1', 'p3'],
        types: ['run_failed'],
      });
      expect(plan.events.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3']);
      expect(plan.runs).toEqual([{ runId: 'planned', parts: ['input', 'error'] }]);
      const seqs = plan.events.map(({ seq }) => seq);
      expect(await redactSessionEvents(store, { logId: 'a', seqs, note })).toEqual({
        events: 3,
        runs: ['planned'],
      });
      const again = await planSessionRedaction(store, 'a', { eventIds: ['p1'] });
      expect(again).toMatchObject({ events: [{ id: 'p1', redacted: note }], runs: [] });
    },
  },
  {
    name: 'a plan refuses a session and an event that are not there, and the run of a graph',
    run: async ({ store }) => {
      const refusalOf = async (sessionId: string): Promise<unknown> =>
        planSessionRedaction(store, sessionId, { eventIds: ['nope'] }).catch((error: unknown) => error);
      expect(await refusalOf('nobody')).toBeInstanceOf(SessionNotFoundError);
      expect(await refusalOf('a')).toBeInstanceOf(EventNotFoundError);
      expect(await refusalOf('graph')).toBeInstanceOf(InvalidEventError);
    },
  },
  {
    name: 'what a fork reads from its parent is refused with the command that redacts it there, until that was done',
    run: async ({ store }) => {
      const sessions = openLogSessionStore(store, nodePlatform);
      const [shared] = await sessions.appendEvents([event('shared')]);
      const atSeq = shared?.sequenceNumber ?? 0;
      await store.fork({ parent: 'a', atSeq, id: 'fork-of-a', label: null, createdAt: note.at });
      const planned = planSessionRedaction(store, 'fork-of-a', { eventIds: ['shared'] });
      const refusal: unknown = await planned.catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(InvalidEventError);
      expect(isStructuredError(refusal) && refusal.howToFix).toContain(
        '`runlog redact URL a --event shared ',
      );
      await store.redact({ logId: 'a', seqs: [atSeq], note });
      const { events } = await planSessionRedaction(store, 'fork-of-a', { eventIds: ['shared'] });
      expect(events).toMatchObject([{ id: 'shared', redacted: note }]);
      await store.remove(await store.head('fork-of-a'));
    },
  },
  {
    name: 'a redaction and its documents are there together, or neither is',
    run: async ({ store }) => {
      const sessions = openLogSessionStore(store, nodePlatform);
      const [kept] = await sessions.appendEvents([event('kept')]);
      const stale = { kind: 'session', id: 'a/session', expectedVersion: 99, value: '{}' };
      const redacted = store.redact({ logId: 'a', seqs: [kept?.sequenceNumber ?? 0], note }, [stale]);
      await expect(redacted).rejects.toBeInstanceOf(ConcurrentWriterError);
      expect((await store.get('a', 'kept'))?.payload).toContain('kept');
    },
  },
  {
    name: 'what a run under way has said cannot be redacted',
    run: async ({ store }) => {
      const sessions = openLogSessionStore(store, nodePlatform);
      await sessions.saveRun(made('now', { status: 'running', input: 'x' }));
      const [told] = await sessions.appendEvents([event('begun', { runId: 'now' })]);
      const redacted = redactSessionEvents(store, { logId: 'a', seqs: [told?.sequenceNumber ?? 0], note });
      await expect(redacted).rejects.toMatchObject({ code: 'invalid_operation' });
      expect((await store.get('a', 'begun'))?.payload).toContain('begun');
    },
  },
  {
    name: 'what a run under way has done cannot be redacted either, though its row repeats none of it',
    run: async ({ store }) => {
      const sessions = openLogSessionStore(store, nodePlatform);
      await sessions.saveRun(made('busy', { status: 'running' }));
      const call = event('called', { runId: 'busy', type: 'tool_call_started' });
      const [called] = await sessions.appendEvents([call]);
      const redacted = redactSessionEvents(store, { logId: 'a', seqs: [called?.sequenceNumber ?? 0], note });
      await expect(redacted).rejects.toMatchObject({ code: 'invalid_operation' });
      expect((await store.get('a', 'called'))?.payload).toContain('called');
    },
  },
];
