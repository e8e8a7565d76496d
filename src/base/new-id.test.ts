import { describe, expect, it } from 'vitest';
import { checkNewId, faultOfNewId } from './new-id.ts';

describe('a new id', () => {
  it.each([
    'a\nb',
    'a\r',
    '\ta',
    'a\u0000',
    '\u001b[2J',
    'a\u0085',
    'a\u2028b',
    'a\u2029',
    ''.padEnd(3),
    '\u00a0 ',
  ])('is refused when it is %j', (id) => {
    expect(() => checkNewId('the id of a run', id)).toThrow('the id of a run');
  });

  it.each(['demo', 'my run', 'Lauf-ä', '実行', 'a#b?c%41', "it's", '👩‍🚀'])('may be %j', (id) => {
    expect(faultOfNewId(id)).toBeNull();
  });

  it('is repeated in the refusal on one line', () => {
    expect(() => checkNewId('the id of a run', 'a\nb')).toThrow(/^the id of a run, "a\\nb", holds /);
  });
});
