/** Proves what examples look like: scenario 22 of the specification, and schemas that refer to themselves. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf } from '../base/index.ts';
import { exampleInstance } from './example-instance.ts';

test('only required properties are shown, one item of each list, the first of a choice', () => {
  const point = {
    type: 'object',
    properties: { x: { type: 'number' }, y: { type: 'number' } },
    required: ['x'],
  };
  const schema = {
    type: 'object',
    properties: {
      items: { type: 'array', items: { $ref: '#/$defs/Point' } },
      kind: { enum: ['a', 'b'] },
      flag: { type: 'boolean' },
      n: { type: 'integer' },
      o: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      d: { type: 'integer', default: 3 },
    },
    required: ['items', 'kind', 'flag', 'n'],
    $defs: { Point: point },
  };
  expect(exampleInstance(schema)).toEqual({ items: [{ x: 0 }], kind: 'a', flag: true, n: 0 });
});

test('an object without a list of required properties shows all of them', () => {
  expect(exampleInstance({ type: 'object', properties: { a: { type: 'string' }, b: { const: 7 } } })).toEqual(
    { a: '<string>', b: 7 },
  );
});

test('a variant that is not null is preferred', () => {
  expect(exampleInstance({ oneOf: [{ type: 'null' }, { type: 'integer' }] })).toBe(0);
  expect(exampleInstance({ type: ['null', 'string'] })).toBe('<string>');
});

test('objects that are put together by allOf show the properties of all', () => {
  const a = { type: 'object', properties: { a: { type: 'integer' } } };
  const b = { type: 'object', properties: { b: { type: 'boolean' } } };
  expect(exampleInstance({ allOf: [a, b] })).toEqual({ a: 0, b: true });
});

test('a number stays within its bounds', () => {
  expect(exampleInstance({ type: 'integer', minimum: 3 })).toBe(3);
  expect(exampleInstance({ type: 'number', maximum: -0.5 })).toBe(-0.5);
});

test('a schema that contains itself ends', () => {
  const schema = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
  expect(JSON.stringify(exampleInstance(schema))).toBe('{"next":{"next":{"next":{"next":null}}}}');
});

test('a reference that leads nowhere is null', () => {
  expect(exampleInstance({ $ref: '#/$defs/Missing' })).toBeNull();
  expect(exampleInstance({ $ref: 'https://example.org/schema.json' })).toBeNull();
});

test('the example of a zod schema is accepted by that schema', () => {
  const schema = z.object({
    name: z.string(),
    kind: z.enum(['a', 'b']),
    pair: z.tuple([z.int(), z.boolean()]),
    note: z.string().nullable(),
    parts: z.array(z.object({ weight: z.number().min(2) })),
  });
  const example = exampleInstance(jsonSchemaOf(schema) ?? {});
  expect(schema.parse(example)).toEqual(example);
});
