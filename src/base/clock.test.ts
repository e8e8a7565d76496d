/** Proves what time is to a run. */
import { expect, test } from 'vitest';
import { formatInstant, frozenClock, logicalClock } from './clock.ts';
import { InvalidRuntimeConfiguration } from './error-categories.ts';

test('a frozen clock always says the same', () => {
  const clock = frozenClock('2026-05-15T10:32:01Z');
  expect([1, 2, 1000].map((seq) => formatInstant(clock.nowMs(seq)))).toEqual(
    Array.from({ length: 3 }, () => '2026-05-15T10:32:01Z'),
  );
});

test('a logical clock counts a second for each event', () => {
  const clock = logicalClock('2026-01-01T00:00:00Z');
  expect(formatInstant(clock.nowMs(1))).toBe('2026-01-01T00:00:01Z');
  expect(formatInstant(clock.nowMs(3600))).toBe('2026-01-01T01:00:00Z');
});

test('a timestamp has whole seconds, cut off', () => {
  expect(formatInstant(Date.UTC(2026, 0, 2, 3, 4, 5, 999))).toBe('2026-01-02T03:04:05Z');
});

test.each(['', 'yesterday', '2026-01-01T00:00:00', '2026-01-01T00:00:00+01:00', '2026-13-01T00:00:00Z'])(
  'a start of %j is refused',
  (start) => {
    expect(() => logicalClock(start)).toThrow(InvalidRuntimeConfiguration);
    expect(() => frozenClock(start)).toThrow(InvalidRuntimeConfiguration);
  },
);
