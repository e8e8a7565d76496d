// How few statements an append of a session is on SQLite, and that it comes to the right answer when what it goes by has gone stale.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSessionStore } from 'runlog';
import { DuplicateEventError } from 'runlog/log';
import { countingMint, newSessionEvent, type OpenSessionStore, type SessionEvent } from 'runlog/sessions';
import { expect, onTestFinished, test } from 'vitest';
import { openForTest, scratchFolder } from '../sqlite-scratch.ts';
import { watched } from '../watched-database.ts';

const mint = countingMint();

function eventOf(text: string, id?: string): SessionEvent {
  return newSessionEvent({ type: 'message_sent', sessionId: 's', id, data: { text } }, mint);
}

interface Bed {
  readonly store: OpenSessionStore;
  readonly path: string;
  /** The first word of each statement, and the table of those that change rows. */
  readonly heard: string[];
}

async function bed(): Promise<Bed> {
  const path = join(scratchFolder(), 'sessions.db');
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  const heard: string[] = [];
  const hear = (sql: string): void =>
    void heard.push(/^(?:UPDATE \w+|INSERT (?:OR FAIL )?INTO \w+|\w+)/.exec(sql)?.[0] ?? sql);
  const store = await openSessionStore(
    await openForTest({ database: watched(database, hear), mode: 'create' }),
  );
  await store.appendEvent(eventOf('first'));
  heard.length = 0;
  return { store, path, heard };
}

const plain = ['BEGIN', 'UPDATE logs', 'INSERT OR FAIL INTO events', 'COMMIT'];

test('an append reads nothing and is four statements', async () => {
  const { store, heard } = await bed();
  await store.appendEvent(eventOf('a'));
  expect(heard).toEqual(plain);
});

test('a hundred that are asked for at once are one commit', async () => {
  const { store, heard } = await bed();
  await Promise.all(Array.from({ length: 100 }, () => store.appendEvent(eventOf('a'))));
  expect(heard.filter((word) => word === 'COMMIT')).toHaveLength(1);
  expect(heard.filter((word) => word === 'UPDATE logs')).toHaveLength(1);
});

test('an event that is stored already is found by the index, and answered as it is stored', async () => {
  const { store, heard } = await bed();
  const event = eventOf('a', 'known');
  const stored = await store.appendEventWithSequence(event);
  await store.appendEvent(eventOf('b'));
  heard.length = 0;
  expect(await store.appendEventWithSequence(event)).toEqual(stored);
  expect(heard.slice(0, 4)).toEqual(['BEGIN', 'UPDATE logs', 'INSERT OR FAIL INTO events', 'ROLLBACK']);
  expect(await store.getLatestSequence('s')).toBe(3);
  await expect(store.appendEvent(eventOf('other', 'known'))).rejects.toThrow(DuplicateEventError);
  expect(await store.appendEventWithSequence(eventOf('c'))).toMatchObject({ sequenceNumber: 4 });
});

test('a batch that holds a stored event among new ones continues behind the head', async () => {
  const { store } = await bed();
  const known = eventOf('a', 'known');
  await store.appendEvent(known);
  const stored = await store.appendEvents([eventOf('b'), known, eventOf('c')]);
  expect(stored.map(({ sequenceNumber }) => sequenceNumber)).toEqual([3, 2, 4]);
});

test('what another handle has appended is not written over', async () => {
  const { store, path, heard } = await bed();
  const other = await openSessionStore(path);
  onTestFinished(() => other.close());
  await other.appendEvent(eventOf('of the other'));
  expect(await store.appendEventWithSequence(eventOf('a'))).toMatchObject({ sequenceNumber: 3 });
  heard.length = 0;
  expect(await store.appendEventWithSequence(eventOf('b'))).toMatchObject({ sequenceNumber: 4 });
  expect(heard).toEqual(plain);
});

test('a fork of a session knows the ids that it inherits', async () => {
  const { path } = await bed();
  const log = await openForTest({ path, mode: 'write' });
  const known = eventOf('a', 'known');
  const store = await openSessionStore(log);
  const stored = await store.appendEventWithSequence(known);
  await log.fork({ parent: 's', atSeq: 2, id: 'f', label: null, createdAt: '2026-01-01T00:00:00.000000Z' });
  const inFork = (event: SessionEvent): SessionEvent => ({ ...event, sessionId: 'f' });
  await store.appendEvent(inFork(eventOf('b')));
  expect(await store.appendEventWithSequence(inFork(known))).toEqual({ ...stored, sessionId: 'f' });
  expect(await store.getLatestSequence('f')).toBe(3);
});
