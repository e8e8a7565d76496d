/** Proves what falls due when, and that waiting entries cost nothing. */
import { expect, test } from 'vitest';
import type { LogEvent } from '../../log/index.ts';
import { Schedule, type ScheduledInvocation } from './schedule.ts';

function entry(
  name: string,
  delay: number,
  atTick: number,
  relationId: string | null = null,
): ScheduledInvocation {
  const event: LogEvent = {
    seq: atTick,
    id: `evt_${atTick}`,
    type: 'x',
    payload: {},
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp: '',
  };
  return {
    key: name,
    behavior: name,
    relationId,
    eventId: event.id,
    eventSeq: event.seq,
    event,
    fireAtTick: atTick + delay,
    delay,
    seq: atTick * 10,
  };
}

const keysDue = (schedule: Schedule, tick: number): string[] => schedule.due(tick).map(({ key }) => key);

test('entries fall due at their tick, earlier ones first, and stay due until they are removed', () => {
  const schedule = new Schedule();
  schedule.add(entry('slow', 5, 1));
  schedule.add(entry('quick', 1, 2));
  schedule.add(entry('also slow', 5, 2));
  expect([2, 3, 5, 6, 7].map((tick) => keysDue(schedule, tick))).toEqual([
    [],
    ['quick'],
    ['quick'],
    ['quick', 'slow'],
    ['quick', 'slow', 'also slow'],
  ]);
  schedule.remove('quick', 'evt_2');
  expect(keysDue(schedule, 7)).toEqual(['slow', 'also slow']);
  expect(schedule.size).toBe(2);
});

test('an entry that cannot be fired yet does not keep back those behind it', () => {
  const schedule = new Schedule();
  schedule.add(entry('first', 1, 1));
  schedule.add(entry('second', 1, 2));
  schedule.remove('second', 'evt_2');
  schedule.add(entry('third', 1, 3));
  expect(keysDue(schedule, 4)).toEqual(['first', 'third']);
});

test('the same behavior can wait for many events', () => {
  const schedule = new Schedule();
  schedule.add(entry('b', 2, 1));
  schedule.add(entry('b', 2, 2));
  schedule.remove('b', 'evt_1');
  expect(schedule.get('b', 'evt_1')).toBeUndefined();
  expect(schedule.get('b', 'evt_2')?.fireAtTick).toBe(4);
  expect(keysDue(schedule, 4)).toEqual(['b']);
});

test('an entry for an edge that is gone is forgotten when it is due, and not before', () => {
  const schedule = new Schedule();
  schedule.add(entry('gone', 1, 1, 'rel_001'));
  schedule.add(entry('there', 1, 1, 'rel_002'));
  const isGone = (id: string): boolean => id === 'rel_001';
  schedule.dropGone(1, isGone);
  expect(schedule.size).toBe(2);
  schedule.dropGone(2, isGone);
  expect(keysDue(schedule, 2)).toEqual(['there']);
});

test('a lane through which many entries have gone holds on to none of them', () => {
  const schedule = new Schedule();
  for (let tick = 1; tick <= 5000; tick += 1) {
    schedule.add(entry('b', 3, tick));
    for (const { key, eventId } of schedule.due(tick)) schedule.remove(key, eventId);
  }
  expect(schedule.size).toBe(3);
  expect(keysDue(schedule, 10_000)).toEqual(['b', 'b', 'b']);
});
