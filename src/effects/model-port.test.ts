/** Proves what the key of a request depends on. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ModelRequest, requestHash, requestToJson, toolCallToJson } from './model-port.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const request: ModelRequest = {
  model: 'm',
  system: 's',
  messages: [{ role: 'user', content: 'q' }],
  maxTokens: 100,
  temperature: 0,
  topP: 1,
  outputForm: null,
  tools: [],
};

test('equal requests have equal hashes', () => {
  expect(requestHash({ ...request }, sha256)).toBe(requestHash(request, sha256));
});

test.each([
  ['model', { model: 'n' }],
  ['system text', { system: 't' }],
  ['messages', { messages: [] }],
  ['limit of tokens', { maxTokens: 101 }],
  ['temperature', { temperature: 0.7 }],
  ['form of the answer', { outputForm: { name: 'Out', jsonSchema: {} } }],
  ['tools', { tools: [{ name: 't', description: '', inputSchema: {} }] }],
])('another %s gives another hash', (_what, change) => {
  expect(requestHash({ ...request, ...change }, sha256)).not.toBe(requestHash(request, sha256));
});

test('a message shows only the fields that it has', () => {
  const call = { id: 'c1', name: 't', args: {} };
  const messages = [
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', content: '3', toolUseId: 'c1', toolName: 't' },
  ] as const;
  expect(requestToJson({ ...request, messages })['messages']).toEqual([
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', content: '3', tool_use_id: 'c1', tool_name: 't' },
  ]);
});

test('a call with refused arguments is written down as refused', () => {
  expect(toolCallToJson({ id: 'c', name: 't', args: {}, invalidArgsError: 'no' })).toMatchObject({
    invalid_args_error: 'no',
  });
});
