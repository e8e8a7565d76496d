import { assert, array, boolean, integer, property, record, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRetention } from './plan-retention.ts';
import type { Candidate } from './policy.ts';

const day = 86_400_000;

function log(id: string, rest: Partial<Candidate> = {}): Candidate {
  const none = { label: null, heldBy: null, pin: null, reads: [] };
  return { id, lastWrittenMs: 0, status: 'idle', isEnded: true, ...none, ...rest };
}

const goingOf = (...args: Parameters<typeof planRetention>): readonly string[] =>
  planRetention(...args).going;
const codesOf = (id: string, ...args: Parameters<typeof planRetention>): readonly string[] =>
  planRetention(...args)
    .kept.find((kept) => kept.id === id)
    ?.reasons.map(({ code }) => code) ?? [];

describe('a policy', () => {
  it('lets logs go that are older than its age, and keeps those of which no age is known', () => {
    const logs = [log('a'), log('b', { lastWrittenMs: 9 * day }), log('c', { lastWrittenMs: null })];
    expect(goingOf(logs, { olderThanMs: 2 * day }, 10 * day)).toEqual(['a']);
    expect(codesOf('c', logs, { olderThanMs: 2 * day }, 10 * day)).toEqual(['too-young']);
  });

  it('keeps as many of the newest as it says', () => {
    expect(goingOf([log('a'), log('b'), log('c')], { keepLast: 2 }, 0)).toEqual(['a']);
    expect(goingOf([log('a'), log('b'), log('c')], { keepLast: 0 }, 0)).toEqual(['c', 'b', 'a']);
  });

  it('takes what has ended, unless it names how a log stands', () => {
    const logs = [log('a'), log('b', { status: 'stopped', isEnded: false })];
    expect(goingOf(logs, {}, 0)).toEqual(['a']);
    expect(goingOf(logs, { statuses: ['stopped'] }, 0)).toEqual(['b']);
  });

  it('asks for a label as it is written, and for ids', () => {
    const logs = [log('a', { label: 'test' }), log('b', { label: 'Test' }), log('c')];
    expect(goingOf(logs, { label: 'test' }, 0)).toEqual(['a']);
    expect(goingOf(logs, { ids: ['c'] }, 0)).toEqual(['c']);
  });

  it('keeps what is pinned and what is held, and says every reason', () => {
    const logs = [log('a', { pin: 'evidence', heldBy: 'process 7', label: 'x' })];
    expect(codesOf('a', logs, { label: 'y' }, 0)).toEqual(['pinned', 'held', 'label']);
  });
});

describe('forks', () => {
  const family = [
    log('a'),
    log('b', { reads: ['a'] }),
    log('c', { reads: ['a', 'b'] }),
    log('d', { reads: ['a'] }),
  ];

  it('go before what they were forked from', () => {
    expect(goingOf(family, {}, 0)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('keep what they read from while one of them stays', () => {
    const logs = family.map((each) => (each.id === 'c' ? { ...each, pin: 'x' } : each));
    const plan = planRetention(logs, {}, 0);
    expect(plan.going).toEqual(['d']);
    expect(plan.kept.find(({ id }) => id === 'a')?.reasons).toEqual([{ code: 'needed', forks: ['c', 'b'] }]);
  });

  it('never lose what they read, whatever is asked for', () => {
    const drawn = array(
      record({ isPinned: boolean(), reads: subarray([1, 2, 3, 4, 5]), age: integer({ min: 0, max: 9 }) }),
      { maxLength: 20 },
    );
    assert(
      property(drawn, integer({ min: 0, max: 9 }), (rows, olderThanMs) => {
        const logs = rows.map(({ isPinned, reads, age }, index) =>
          log(String(index), {
            pin: isPinned ? 'x' : null,
            lastWrittenMs: -age,
            reads: reads.filter((back) => back <= index).map((back) => String(index - back)),
          }),
        );
        const { going, kept } = planRetention(logs, { olderThanMs }, 0);
        expect([...going, ...kept.map(({ id }) => id)].toSorted()).toEqual(
          logs.map(({ id }) => id).toSorted(),
        );
        const gone = new Set<string>();
        for (const id of going) {
          const readers = logs.filter(({ reads }) => reads.includes(id));
          expect(readers.every((reader) => gone.has(reader.id))).toBe(true);
          gone.add(id);
        }
        expect(kept.every(({ reasons }) => reasons.length > 0)).toBe(true);
      }),
    );
  });
});
