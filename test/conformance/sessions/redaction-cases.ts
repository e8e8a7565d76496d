// Decides what goes with an event of a session that is redacted, in every store: what the row of its run repeats, or nothing at all.
import { expect } from 'vitest';
import { doctor, nodePlatform } from 'runlog';
import { ConcurrentWriterError } from '../../../src/log/index.ts';
import {
  countingMint,
  type Execution,
  newExecution,
  newSessionEvent,
  openLogSessionStore,
  redactSessionEvents,
  type SessionEvent,
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
];
