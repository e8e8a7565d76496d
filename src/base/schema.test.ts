/** Proves that schemas of any Standard Schema library are taken, and what is said of values that do not fit. */
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { InvalidArgumentType } from './error-categories.ts';
import { isSchema, jsonSchemaOf, type Schema, validate } from './schema.ts';

type Result =
  | { value: number }
  | { issues: { message: string; path?: (PropertyKey | { key: PropertyKey })[] }[] };

/** A schema of no library. */
function schemaWith(answer: () => Result | Promise<Result>): Schema<number> {
  return { '~standard': { version: 1, vendor: 'mine', validate: answer } };
}

test('a value that fits is handed out as the schema has it', () => {
  expect(validate(z.object({ n: z.coerce.number() }), { n: '3', extra: 1 })).toEqual({
    ok: true,
    value: { n: 3 },
  });
});

test('a value that does not fit is told with the paths of what is wrong', () => {
  const result = validate(z.object({ list: z.array(z.object({ n: z.number() })) }), {
    list: [{ n: 1 }, { n: 'x' }],
  });
  expect(result).toMatchObject({ ok: false, issues: [{ path: 'list[1].n' }] });
});

test('paths may be given as objects, too', () => {
  const schema = schemaWith(() => ({
    issues: [{ message: 'no', path: [{ key: 'a' }, { key: 0 }, 'b', Symbol('s')] }, { message: 'all' }],
  }));
  expect(validate(schema, 1)).toEqual({
    ok: false,
    issues: [
      { path: 'a[0].b.Symbol(s)', message: 'no' },
      { path: '', message: 'all' },
    ],
  });
});

describe('a schema that answers later', () => {
  it('is refused', () => {
    expect(() =>
      validate(
        schemaWith(async () => ({ value: 1 })),
        1,
      ),
    ).toThrow(InvalidArgumentType);
  });

  it('is refused also when its promise is of its own making', () => {
    const promise = Object.defineProperty({}, ['th', 'en'].join(''), {
      value: () => undefined,
    }) as unknown as Promise<Result>;
    expect(() =>
      validate(
        schemaWith(() => promise),
        1,
      ),
    ).toThrow(InvalidArgumentType);
  });
});

test('what is a schema is told from what is none', () => {
  expect([z.string(), schemaWith(() => ({ value: 1 }))].map(isSchema)).toEqual([true, true]);
  for (const value of [null, undefined, {}, 'string', { '~standard': null }, { '~standard': {} }, () => true])
    expect(isSchema(value)).toBe(false);
});

test('the JSON Schema comes from the library, where it can write one', () => {
  expect(jsonSchemaOf(z.object({ n: z.number().min(0) }))).toMatchObject({
    type: 'object',
    properties: { n: { type: 'number', minimum: 0 } },
    required: ['n'],
  });
  expect(jsonSchemaOf(schemaWith(() => ({ value: 1 })))).toBeNull();
});
