import { describe, expect, it } from 'vitest';
import { QueryError, ValidationError } from './errors/error-classes.ts';
import { logQuery } from './query/log-query.ts';
import type { QueryImplementation } from './query/port.ts';
import { sessionQuery } from './query/session-query.ts';

const context = {};
const whole = { ...logQuery };

describe('a reference', () => {
  const { searchRuns: _searchRuns, ...partial } = whole;
  const wrong: readonly (readonly [string, unknown])[] = [
    ['the name of a process', 'query'],
    ['an implementation alone', whole],
    ['a list of one', [whole]],
    ['a list of three', [whole, context, context]],
    ['one without a context', [whole, null]],
    ['one that lacks an operation', [partial, context]],
    ['nothing', undefined],
  ];

  it.each(wrong)('that is %s is refused', (_name, ref) => {
    expect(() => {
      Reflect.apply(sessionQuery, undefined, [ref]);
    }).toThrow(ValidationError);
  });

  it('holds no store: an implementation of your own answers', async () => {
    const mine: QueryImplementation<number> = { ...unusable, countEvents: async (answer) => answer };
    expect(await sessionQuery([mine, 42]).countEvents()).toBe(42);
  });

  it('gives a code to what an implementation throws without one', async () => {
    await expect(sessionQuery([unusable, 1]).countEvents()).rejects.toBeInstanceOf(QueryError);
  });
});

const refuse = async (): Promise<never> => {
  throw new TypeError('boom');
};
const unusable = {
  searchSessions: refuse,
  searchMessages: refuse,
  getSessionStats: refuse,
  searchRuns: refuse,
  getUsageSummary: refuse,
  getCostSummary: refuse,
  searchEvents: refuse,
  countEvents: refuse,
  exportSession: refuse,
};
