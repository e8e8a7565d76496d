// What it costs a PostgreSQL server that many wait for events, and that nobody is left behind by a close.
import { Pool } from 'pg';
import { openSessionStore } from 'runlog';
import { countingMint, newSessionEvent, type SessionEvent } from 'runlog/sessions';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { PostgresPool } from '../../../src/adapters/stores/postgres/driver.ts';
import { serverUrl } from '../../harness/postgres/scratch-schema.ts';
import { openForTest, scratchSchema } from '../postgres-scratch.ts';

const mint = countingMint();
const waitTimeoutMs = 600_000;

function eventOf(type: SessionEvent['type']): SessionEvent {
  return newSessionEvent({ type, sessionId: 's' }, mint);
}

/** A pool that counts how often somebody asked for a connection. */
function countingPool(): { readonly pool: PostgresPool; asked: number } {
  const own = new Pool({ connectionString: serverUrl(), max: 4 });
  onTestFinished(() => own.end());
  const counting = {
    asked: 0,
    pool: {
      connect: () => {
        counting.asked += 1;
        return own.connect();
      },
    },
  };
  return counting;
}

test('an event that fits nobody is one question of the handle that many wait on', async () => {
  const schema = scratchSchema();
  const writer = await openSessionStore(await openForTest(schema));
  await writer.appendEvent(eventOf('session_created'));
  const counting = countingPool();
  const store = await openSessionStore(await openForTest(schema, { pool: counting.pool }));
  const wait = () => store.getEvents('s', { type: 'run_started', waitTimeoutMs });
  const waiting = Array.from({ length: 50 }, wait);
  await vi.waitFor(() => expect(counting.asked).toBeGreaterThan(150));
  counting.asked = 0;
  await writer.appendEvent(eventOf('message_sent'));
  // One question each 50 ms: by the third the event has been seen.
  await vi.waitFor(() => expect(counting.asked).toBeGreaterThan(2));
  expect(counting.asked).toBeLessThan(20);
  await writer.appendEvent(eventOf('run_started'));
  expect((await Promise.all(waiting)).map((events) => events.length)).toEqual(waiting.map(() => 1));
});

test('what waits for a connection when the store is closed gets its answer before the pool ends', async () => {
  const store = await openForTest(scratchSchema(), { url: serverUrl(), connections: 1 });
  const asked = Array.from({ length: 20 }, () => store.info('nobody'));
  await store.close();
  expect(await Promise.all(asked)).toEqual(asked.map(() => undefined));
});
