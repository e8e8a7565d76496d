import { describe, expect, it, test } from 'vitest';
import { durationMs, sinceMoment } from './option-values.ts';

describe('sinceMoment', () => {
  it.each(['2026-02-31', '2026-02-31T10:00:00Z', '2025-02-29', '2026-13-01', '2026-00-10T10:00:00+01:00'])(
    'refuses %s, a day that no calendar has',
    (text) => {
      expect(() => sinceMoment(text)).toThrow('It has to be an age');
    },
  );

  it.each([
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['2026-12-31T23:30:00-05:00', '2026-12-31T23:30:00-05:00'],
  ])('takes %s', (text, moment) => {
    expect(sinceMoment(text)).toBe(moment);
  });
});

test.each(['30s', '30', 'soon', '1.5h', '-3d'])(
  'an age such as %s is refused with every unit that there is',
  (text) => {
    expect(() => durationMs(text)).toThrow('minutes (m), hours (h), days (d) or weeks (w)');
  },
);
