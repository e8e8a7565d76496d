import { expect, test } from 'vitest';
import { Waiters } from './waiters.ts';

const { signal } = new AbortController();

interface Waiting {
  readonly waiters: Waiters;
  /** Whether the waiter was woken so far. */
  readonly isWoken: () => Promise<boolean>;
}

/** Somebody who waits for a run's start behind place 3. */
function waiting(): Waiting {
  const waiters = new Waiters();
  let woken = false;
  void waiters.wait({ logId: 's', after: 3, types: ['run_started'] }, signal).then(() => {
    woken = true;
  });
  return { waiters, isWoken: () => Promise.resolve().then(() => woken) };
}

const other = { type: 'message_sent', runId: null };
const wanted = { type: 'run_started', runId: null };

test('what does not fit is known from there on, and not news again', async () => {
  const { waiters, isWoken } = waiting();
  waiters.tell('s', [other, other], 5);
  expect(waiters.awaited()).toEqual([{ logId: 's', after: 5 }]);
  waiters.tellHead('s', 5);
  expect(await isWoken()).toBe(false);
});

test('events that begin before the place of a waiter are looked at from there on', async () => {
  const { waiters, isWoken } = waiting();
  waiters.tell('s', [wanted, wanted, other], 4);
  expect(await isWoken()).toBe(false);
  expect(waiters.awaited()).toEqual([{ logId: 's', after: 4 }]);
  waiters.tell('s', [other, wanted], 5);
  expect(await isWoken()).toBe(true);
});

test('events behind a gap leave the gap to be looked at', async () => {
  const { waiters, isWoken } = waiting();
  waiters.tell('s', [other], 6);
  expect(waiters.awaited()).toEqual([{ logId: 's', after: 3 }]);
  waiters.tellHead('s', 6);
  expect(await isWoken()).toBe(true);
});

test('of several waiters of a log the one that knows least says where to look from', () => {
  const { waiters } = waiting();
  void waiters.wait({ logId: 's', after: 1 }, signal);
  void waiters.wait({ logId: 't', after: 9 }, signal);
  expect(waiters.awaited()).toEqual([
    { logId: 's', after: 1 },
    { logId: 't', after: 9 },
  ]);
});
