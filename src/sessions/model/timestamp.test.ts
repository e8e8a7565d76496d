import { expect, test } from 'vitest';
import { readTimestamp } from './timestamp.ts';

const days = Array.from({ length: 12 }, (_, month) => month + 1).flatMap((month) =>
  Array.from(
    { length: 31 },
    (_, day) => `${String(month).padStart(2, '0')}-${String(day + 1).padStart(2, '0')}`,
  ),
);

test.each([2023, 2024])('each day of %i is read alike in its own text and in another', (year) => {
  for (const day of days) {
    const own = readTimestamp(`${year}-${day}T23:59:59.000001Z`);
    expect(own).toBe(readTimestamp(`${year}-${day}t23:59:59.0000019z`));
  }
});

test.each(['2026-13-01', '2026-00-10', '2026-04-32', '2026-01-00'])('%s is no day', (day) => {
  expect(readTimestamp(`${day}T00:00:00.000000Z`)).toBeNull();
});

test.each(['25:00:00', '10:60:00', '10:00:61'])('%s is no time', (time) => {
  expect(readTimestamp(`2026-01-01T${time}.000000Z`)).toBeNull();
});
