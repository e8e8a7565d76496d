/** Proves what an event stream takes and refuses, how many events it keeps, and where its cursor goes. */
import { describe, expect, it } from 'vitest';
import {
  ContextMismatchError,
  InvalidPageCursorError,
  RunMismatchError,
  SessionMismatchError,
  StreamClosedError,
  ValidationError,
} from '../errors/error-classes.ts';
import { countingMint } from '../model/mint.ts';
import { normalizeEvent } from './event-normalizer.ts';
import { EventStream } from './event-stream.ts';
import type { NormalizedEvent } from './normalized-event.ts';

const mint = countingMint();

function event(sequenceNumber: number | null = null, more: Partial<NormalizedEvent> = {}): NormalizedEvent {
  const made = normalizeEvent({ type: 'message_sent' }, { sessionId: 's', runId: 'r', sequenceNumber }, mint);
  return { ...made, ...more };
}

function filled(count: number, bufferSize = 1000): EventStream {
  const empty = EventStream.open({ sessionId: 's', runId: 'r', bufferSize });
  return empty.pushBatch(Array.from({ length: count }, () => event()));
}

const numbers = (events: readonly NormalizedEvent[]) => events.map(({ sequenceNumber }) => sequenceNumber);

describe('a stream', () => {
  it('numbers from 0 what has no number, and goes on behind what has one', () => {
    const stream = EventStream.open({ sessionId: 's', runId: 'r' })
      .push(event())
      .push(event(7))
      .push(event());
    expect(numbers(stream.events())).toEqual([0, 7, 8]);
  });

  it('sorts by number, whatever came first', () => {
    const stream = filled(0).pushBatch([event(5), event(2), event(9)]);
    expect(numbers(stream.events())).toEqual([2, 5, 9]);
    expect(numbers([...stream])).toEqual([2, 5, 9]);
  });

  it('keeps the newest when it is full', () => {
    expect(numbers(filled(5, 3).events())).toEqual([2, 3, 4]);
    expect(filled(5, 3).count).toBe(3);
  });

  it('stays as it was when another one is made of it', () => {
    const before = filled(2);
    before.push(event());
    before.close();
    expect(before.count).toBe(2);
    expect(before.isOpen).toBe(true);
  });

  it.each([{ bufferSize: 0 }, { bufferSize: 1.5 }, { sessionId: '' }, { runId: '' }])(
    'is refused with %j',
    (bad) => {
      expect(() => EventStream.open({ sessionId: 's', runId: 'r', ...bad })).toThrow(ValidationError);
    },
  );
});

describe('pushing', () => {
  it('is refused for another session, another run, and after the end', () => {
    expect(() => filled(0).push(event(0, { sessionId: 'x' }))).toThrow(SessionMismatchError);
    expect(() => filled(0).push(event(0, { runId: 'x' }))).toThrow(RunMismatchError);
    expect(() => filled(0).close().push(event())).toThrow(StreamClosedError);
    expect(() => filled(0).close().pushBatch([])).toThrow(StreamClosedError);
  });

  it('takes a batch as a whole or not at all', () => {
    const stream = filled(1);
    expect(() => stream.pushBatch([event(), event(1, { runId: 'x' })])).toThrow(ContextMismatchError);
    expect(stream.count).toBe(1);
  });
});

describe('reading', () => {
  it('filters by place, types and number', () => {
    const stream = filled(4).push(event(null, { type: 'run_completed' }));
    expect(numbers(stream.events({ fromCursor: 2, limit: 2 }))).toEqual([2, 3]);
    expect(numbers(stream.events({ types: ['run_completed'] }))).toEqual([4]);
    expect(stream.events({ limit: 0 })).toEqual([]);
  });

  it('peeks without going on, takes and goes on', () => {
    const stream = filled(3);
    expect(numbers(stream.peek(2))).toEqual([0, 1]);
    const taken = stream.take(2);
    expect(numbers(taken.events)).toEqual([0, 1]);
    expect(taken.stream.cursor).toBe(2);
    expect(taken.stream.remaining).toBe(1);
    expect(taken.stream.take(5).stream.take(5).events).toEqual([]);
  });

  it('moves its cursor forward only', () => {
    const stream = filled(3).advanceTo(2);
    expect(stream.advanceTo(2).cursor).toBe(2);
    expect(() => stream.advanceTo(1)).toThrow(InvalidPageCursorError);
    expect(() => stream.advanceTo(2.5)).toThrow(InvalidPageCursorError);
    expect(stream.close().cursor).toBe(3);
    expect(stream.close().remaining).toBe(0);
  });
});
