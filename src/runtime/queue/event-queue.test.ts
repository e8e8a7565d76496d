/** Proves which event is worked on and which wait, where the loop stands and where the log says that it stands. */
import { expect, test } from 'vitest';
import { eventIdAt } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { EventQueue } from './event-queue.ts';

function eventAt(seq: number, id = eventIdAt(seq)): LogEvent {
  return {
    ...{ seq, id, type: 'x', payload: {}, actor: null },
    ...{ causedBy: null, frameId: null, timestamp: '' },
  };
}

function queueOf(...events: readonly LogEvent[]): EventQueue {
  const queue = new EventQueue();
  for (const event of events) queue.add(event.seq, event.id, event);
  return queue;
}

test('events are taken in order, with their places among all that ever waited', () => {
  const queue = queueOf(eventAt(2), eventAt(5));
  expect([queue.take(), queue.take(), queue.take()].map((taken) => [taken?.seq, taken?.tick])).toEqual([
    [2, 1],
    [5, 2],
    [undefined, undefined],
  ]);
  expect([queue.waiting, queue.takenTick]).toEqual([0, 2]);
});

test('the loop is ahead of the log until a trace says how far it got', () => {
  const queue = queueOf(eventAt(1), eventAt(2), eventAt(3));
  queue.take();
  queue.finish();
  queue.take();
  expect([queue.current?.seq, queue.takenTick, queue.loggedTick]).toEqual([2, 2, 0]);
  expect(queue.logged()).toEqual({ taken: 0, current: null, waiting: [1, 2, 3] });
  queue.takeTo('evt_002', 4);
  queue.done('evt_002', 'b');
  const current = { seq: 2, id: 'evt_002', firstSeq: 4, done: ['b'] };
  expect(queue.logged()).toEqual({ taken: 2, current, waiting: [3] });
  queue.finish();
  expect([queue.current, queue.logged().current]).toEqual([null, current]);
});

test('an id that is not the one of its place is found by the id that it has', () => {
  const queue = queueOf(eventAt(1, 'evt_002'), eventAt(2, 'x'), eventAt(3));
  expect(queue.takeTo('evt_001', 9)).toBeNull();
  expect(queue.takeTo('x', 9)?.seq).toBe(2);
  expect(queue.takeTo('evt_002', 9)).toBeNull();
  expect(queue.takeTo('evt_003', 9)?.seq).toBe(3);
  expect(queue.takeTo('evt_004', 9)).toBeNull();
});

test('a queue that begins where another stood goes on like it', () => {
  const first = queueOf(eventAt(1), eventAt(2, 'x'), eventAt(3), eventAt(7));
  first.takeTo('evt_001', 8);
  const second = new EventQueue();
  second.restore(first.logged());
  expect(second.logged()).toEqual(first.logged());
  for (const queue of [first, second]) {
    queue.add(9, 'evt_009', eventAt(9));
    queue.takeToTick(2, 10);
    expect([queue.current?.id, queue.current?.firstSeq, queue.waiting]).toEqual(['x', 10, 3]);
  }
  expect(second.logged()).toEqual(first.logged());
});

test('an event of which only the place is known is asked for before it is taken', () => {
  const queue = new EventQueue();
  queue.add(4, 'evt_004', null);
  queue.add(6, 'evt_006', eventAt(6));
  expect(queue.nextToRead).toBe(4);
  expect([queue.supply(eventAt(5)), queue.supply(eventAt(4))]).toEqual([false, true]);
  expect(queue.nextToRead).toBeNull();
  expect(queue.take()?.event).toEqual(eventAt(4));
  expect(queue.nextToRead).toBeNull();
  expect(queue.supply(eventAt(4))).toBe(false);
});

test('what is done with is dropped, and what waits is still found', () => {
  const queue = queueOf(...Array.from({ length: 20_000 }, (_, index) => eventAt(index + 1)));
  for (let seq = 1; seq <= 15_000; seq += 1) queue.takeTo(eventIdAt(seq), 30_000);
  expect([queue.waiting, queue.takeTo('evt_20000', 30_000)?.tick]).toEqual([5000, 20_000]);
  queue.clear();
  expect([queue.waiting, queue.takenTick, queue.logged().waiting.length]).toEqual([0, 20_000, 0]);
});
