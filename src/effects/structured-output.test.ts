/** Proves which JSON value is found in a model's text (scenario 21 of the specification), and which is not. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseStructured } from './structured-output.ts';

const schema = z.object({ a: z.coerce.number().int() });
const lenient = z.object({ a: z.number().optional(), items: z.array(z.unknown()).optional() });

function read(text: string): unknown {
  const result = parseStructured(text, schema);
  return result.ok ? result.value.a : result.reason;
}

describe('scenario 21', () => {
  test.each([
    ['{"a":1}', 1],
    [' text {"a":1} trailing } brace', 1],
    ['Here:\n```json\n{"a":2}\n```\nDone.', 2],
    ['```\n{"a":3}\n```', 3],
    ['[1] {"a":4}', 'llm.schema_violation'],
    ['"quoted { brace" {"a":5}', 5],
    ['{"a":[1} {"a":6}', 6],
    ['null', 'llm.parse_error'],
    ['no', 'llm.parse_error'],
    ['{"b":1}', 'llm.schema_violation'],
    ['{"a":"7"}', 7],
  ])('%j gives %j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('values among other text', () => {
  test.each([
    ['a fenced value wins over one in the prose before it', 'as in {"a":8}:\n```json\n{"a":9}\n```', 9],
    ['a fence inside a string of the value is text', '```json\n{"a":10,"code":"```\\nx\\n```"}\n```', 10],
    ['brackets and escaped quotes inside strings do not count', 'so {"a":11,"t":"\\"}]{"} there', 11],
    ['a stray quote in the prose does not hide the value', 'a 5" pipe: {"a":12}', 12],
    ['brackets of prose are passed over', 'see [1 or 2] and {name}: {"a":13}', 13],
    ['white space and line breaks inside are fine', 'x {\n  "a": 14\n} y', 14],
    ['a byte order mark is not content', '\u{FEFF}{"a":15}', 15],
  ])('%s', (_claim, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    ['an answer that was cut off', '{"items":[{"a":1},{"a":2}'],
    ['an answer that was cut off inside a text', '{"items":["x {\\"a\\":1} y'],
    ['an answer with a wrong bracket', '{"items":[{"a":1},{"a":2}}'],
    ['an answer with a comma too many', '{"items":[{"a":1},{"a":2},]}'],
  ])('%s is not replaced by a piece of it', (_claim, text) => {
    expect(parseStructured(text, lenient)).toMatchObject({ ok: false, reason: 'llm.parse_error' });
  });

  test('reading takes time in proportion to the text, however hostile', () => {
    for (const unit of ['{"', '[[', '{"a":[1} ', '"', '\\"{"', '{}x', '```{"']) {
      expect(parseStructured(unit.repeat(200_000), schema).ok).toBe(false);
    }
    expect(read(`x {"t":"${'y'.repeat(4_000_000)}","a":16}`)).toBe(16);
  });
});

describe('what a failure says', () => {
  test('a text without JSON comes back with the reason it could not be read', () => {
    const result = parseStructured('no json', schema);
    expect(result).toMatchObject({
      ok: false,
      extras: { raw_text: 'no json', underlying: 'There is no complete JSON value in the answer.' },
    });
  });

  test('a value that does not fit comes back with the schema and every finding', () => {
    const result = parseStructured('{"a":"x"}', schema, 'Out');
    expect(result).toMatchObject({
      ok: false,
      extras: { raw_text: '{"a":"x"}', schema: 'Out', validation_errors: [{ path: 'a' }] },
    });
  });

  test('the message names the schema and the place', () => {
    const result = parseStructured('{"a":"x"}', schema, 'Out');
    expect(result.ok ? '' : result.message).toMatch(/^The answer does not fit the schema 'Out': a: /);
  });

  test('a schema without a name is given as JSON Schema', () => {
    expect(parseStructured('{}', z.object({ b: z.string() }))).toMatchObject({
      extras: { schema: { required: ['b'] } },
    });
  });
});
