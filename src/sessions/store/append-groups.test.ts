import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  DuplicateEventError,
  openMemoryStore,
  type SessionLogStore,
  type SessionPart,
  StoreClosedError,
  storeUnavailable,
} from '../../log/index.ts';
import { countingMint } from '../model/mint.ts';
import { newSessionEvent, type SessionEvent } from '../model/session-event.ts';
import { openLogSessionStore, type OpenSessionStore } from './log-session-store.ts';

const mint = countingMint();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function eventOf(sessionId: string, text: string, id?: string): SessionEvent {
  return newSessionEvent({ type: 'message_sent', sessionId, id, data: { text } }, mint);
}

interface Bed {
  readonly store: OpenSessionStore;
  /** The numbers of events of each commit, in their order. */
  readonly commits: (readonly number[])[];
  /** What a commit waits for. */
  before: (() => Promise<void>) | null;
}

/** A store in memory that says that it is durable. */
function bed(): Bed {
  const log = openMemoryStore({ sha256, nowMs: () => 0 });
  const commitSessions: SessionLogStore['commitSessions'] = async (
    parts: readonly SessionPart[],
    records,
  ) => {
    made.commits.push(parts.map(({ events }) => events.length));
    if (made.before !== null) await made.before();
    return log.commitSessions(parts, records);
  };
  const answer = (key: string | symbol): unknown => {
    if (key === 'capabilities') return { ...log.capabilities, durability: 'process' };
    if (key === 'commitSessions') return commitSessions;
    const value: unknown = Reflect.get(log, key);
    if (typeof value !== 'function') return value;
    return (...given: unknown[]): unknown => Reflect.apply(value, log, given);
  };
  const durable = new Proxy(log, { get: (_, key): unknown => answer(key) });
  const waiting = { sleep: async () => undefined, newCanceller: () => new AbortController() };
  const made: Bed = {
    store: openLogSessionStore(durable, waiting),
    commits: [],
    before: null,
  };
  return made;
}

test('what is asked for in one breath is one commit, and each is answered with its own numbers', async () => {
  const { store, commits } = bed();
  const answers = await Promise.all([
    store.appendEventWithSequence(eventOf('s', 'a')),
    store.appendEvents([eventOf('s', 'b'), eventOf('s', 'c')]),
    store.appendEventWithSequence(eventOf('s', 'd')),
  ]);
  expect(commits).toEqual([[4]]);
  expect(answers.flat().map(({ sequenceNumber, data }) => [sequenceNumber, data['text']])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
    [4, 'd'],
  ]);
});

test('what is asked for while a commit is under way shares the next one', async () => {
  const held = bed();
  let goOn: () => void = () => undefined;
  held.before = () => new Promise((resolve) => (goOn = resolve));
  const first = held.store.appendEventWithSequence(eventOf('s', 'a'));
  await Promise.resolve();
  const later = [];
  for (const text of ['b', 'c', 'd']) {
    later.push(held.store.appendEventWithSequence(eventOf('s', text)));
    await Promise.resolve();
  }
  expect(held.commits).toEqual([[1]]);
  held.before = null;
  goOn();
  expect((await Promise.all([first, ...later])).map((event) => event.sequenceNumber)).toEqual([1, 2, 3, 4]);
  expect(held.commits).toEqual([[1], [3]]);
});

test('sessions do not wait for each other', async () => {
  const { store, commits } = bed();
  await Promise.all(['s1', 's2', 's1'].map((id) => store.appendEvent(eventOf(id, 'a'))));
  expect(commits).toEqual([[2], [1]]);
});

test('a refusal is the answer of the one whose events are refused', async () => {
  const { store } = bed();
  await store.appendEvent(eventOf('s', 'a', 'taken'));
  const [good, bad, last] = await Promise.allSettled([
    store.appendEventWithSequence(eventOf('s', 'b')),
    store.appendEvents([eventOf('s', 'lost with it'), eventOf('s', 'other', 'taken')]),
    store.appendEventWithSequence(eventOf('s', 'c')),
  ]);
  expect(good).toMatchObject({ value: { sequenceNumber: 2 } });
  expect(bad.status === 'rejected' && bad.reason).toBeInstanceOf(DuplicateEventError);
  expect(last).toMatchObject({ value: { sequenceNumber: 3 } });
});

test('a store that is away is asked once for all, and each is told', async () => {
  const away = bed();
  const location = 'away';
  away.before = () =>
    Promise.reject(
      storeUnavailable({ location, reason: 'busy', whatFailed: 'It is away.', howToFix: 'Wait.' }),
    );
  const asked = ['a', 'b', 'c'].map((text) => away.store.appendEvent(eventOf('s', text)));
  const told = await Promise.allSettled(asked);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(away.commits).toEqual([[3]]);
});

test('a batch over several sessions stands behind what was asked for before it', async () => {
  const { store } = bed();
  const answers = await Promise.all([
    store.appendEvents([eventOf('s1', 'a')]),
    store.appendEvents([eventOf('s1', 'b'), eventOf('s2', 'c')]),
    store.appendEvents([eventOf('s1', 'd')]),
  ]);
  expect(answers.map((events) => events.map(({ sequenceNumber }) => sequenceNumber))).toEqual([
    [1],
    [2, 1],
    [3],
  ]);
});

test('a close stores what was asked for before it', async () => {
  const { store } = bed();
  const asked = store.appendEventWithSequence(eventOf('s', 'a'));
  const closed = store.close();
  await expect(asked).resolves.toMatchObject({ sequenceNumber: 1 });
  await closed;
  await expect(store.appendEvent(eventOf('s', 'b'))).rejects.toThrow(StoreClosedError);
});

test('a group is not larger than a thousand events', async () => {
  const { store, commits } = bed();
  const batches = Array.from({ length: 5 }, () => Array.from({ length: 300 }, () => eventOf('s', 'a')));
  await Promise.all(batches.map((events) => store.appendEvents(events)));
  expect(commits).toEqual([[900], [600]]);
});
