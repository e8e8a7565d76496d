import { expect, it } from 'vitest';
import { SessionNotFoundError, SessionRunNotFoundError, ValidationError } from '../errors/error-classes.ts';
import { newExecution } from '../model/execution.ts';
import { countingMint } from '../model/mint.ts';
import { newSession } from '../model/session.ts';
import { newSessionEvent } from '../model/session-event.ts';
import { requireSessionStore } from '../store/port.ts';
import { nullSessionStore } from './null-session-store.ts';

const mint = countingMint();

it('takes everything in, numbers it, and keeps nothing', async () => {
  const store = requireSessionStore(nullSessionStore());
  const session = newSession({ id: 's', agentId: 'a' }, mint);
  const run = newExecution({ id: 'r', sessionId: 's' }, mint);
  const event = newSessionEvent({ id: 'e', type: 'run_started', sessionId: 's' }, mint);
  await store.saveSession(session);
  expect(
    (await store.appendEvents([event, { ...event, id: 'f' }])).map((each) => each.sequenceNumber),
  ).toEqual([1, 2]);
  await store.flush({ session, run, events: [{ ...event, id: 'g' }] });
  expect(await store.getLatestSequence('s')).toBe(3);
  expect(await store.getEvents('s')).toEqual([]);
  await expect(store.getSession('s')).rejects.toBeInstanceOf(SessionNotFoundError);
  await expect(store.getRun('r')).rejects.toBeInstanceOf(SessionRunNotFoundError);
});

it('refuses what every store refuses', async () => {
  const store = nullSessionStore();
  const session = { ...newSession({ agentId: 'a' }, mint), agentId: '' };
  await expect(store.saveSession(session)).rejects.toBeInstanceOf(ValidationError);
});

it('a store without appendEvents and flush is refused with both names', () => {
  const legacy = Object.fromEntries(
    Object.entries(nullSessionStore()).filter(([name]) => name !== 'appendEvents' && name !== 'flush'),
  );
  expect(() => requireSessionStore(legacy)).toThrow('appendEvents, flush');
});
