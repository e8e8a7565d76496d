/** Proves how tools are declared and how their calls are found again. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidArgumentType } from '../base/index.ts';
import { InvalidToolRegistration } from './errors.ts';
import { argsHash, tool, toolDefinition } from './tool-port.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

test('the hash of a call is the one that other implementations compute', () => {
  expect(argsHash('my_tool', { q: 'abc' }, sha256)).toBe(
    'fd8e07d1b1b5763864eb4aa0bf3a1b0c59aa22cf200ab8cf9119f8098bb92efb',
  );
});

test('the order of arguments does not change the hash', () => {
  expect(argsHash('t', { b: 1, a: 2 }, sha256)).toBe(argsHash('t', { a: 2, b: 1 }, sha256));
});

test('two tools with equal arguments have two hashes', () => {
  expect(argsHash('t', {}, sha256)).not.toBe(argsHash('u', {}, sha256));
});

test('a model sees the JSON Schema of the arguments', () => {
  const made = tool({
    name: 'find',
    description: 'Finds.',
    inputSchema: z.object({ q: z.string() }),
    run: ({ q }) => q,
  });
  expect(toolDefinition(made)).toMatchObject({
    name: 'find',
    description: 'Finds.',
    inputSchema: { properties: { q: { type: 'string' } } },
  });
});

test('a tool without a schema takes any object', () => {
  expect(toolDefinition(tool({ name: 'find', run: () => null })).inputSchema).toEqual({
    type: 'object',
    properties: {},
  });
});

test('a tool without a name is refused', () => {
  expect(() => tool({ name: '', run: () => null })).toThrow(InvalidToolRegistration);
});

test.each([
  { description: 7 },
  { inputJsonSchema: 'object' },
  { costPerCallUsd: 0.5 },
  { timeoutMs: '30' },
  { timeoutMs: Number.NaN },
  { deterministic: 'no' },
  { exportGlobally: 1 },
])('a tool with %j, which is of another type, is refused', (parts) => {
  expect(() => tool({ name: 'find', run: () => null, ...(parts as object) })).toThrow(InvalidArgumentType);
});
