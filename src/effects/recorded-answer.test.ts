/** Proves that what is written down of an answer is read back unchanged, and that damage is named. */
import { expect, test } from 'vitest';
import { MalformedRecordingError } from './errors.ts';
import type { ModelResponse } from './model-port.ts';
import {
  responseFromPayload,
  responseToPayload,
  toolAnswerToPayload,
  toolOutcomeFromPayload,
} from './recorded-answer.ts';

const response: ModelResponse = {
  rawText: 'thinking',
  inputTokens: 10,
  outputTokens: 5,
  costUsd: '0.001',
  latencySeconds: 0.5,
  model: 'm-1',
  finishReason: 'tool_use',
  seed: 7,
  providerMeta: { id: 'x' },
  toolCalls: [
    { id: 'c1', name: 'my_tool', args: { q: 'abc' } },
    { id: 'c2', name: 'my_tool', args: { _raw: '[' }, invalidArgsError: 'not an object' },
  ],
};

test('a model answer is read back as it was written, refused tool calls included', () => {
  expect(responseFromPayload(responseToPayload(response))).toEqual(response);
});

test('an answer that is none, and what the vendor wants to be told again, are read back as they were written', () => {
  const refused = {
    ...response,
    failure: { reason: 'llm.refused', message: 'no' },
    vendorContent: [{ type: 'thinking', signature: 's' }],
  };
  expect(responseFromPayload(responseToPayload(refused))).toEqual(refused);
});

test('an answer without seed and tool calls is read back with null', () => {
  const plain = { ...response, seed: null, toolCalls: null };
  expect(responseFromPayload(responseToPayload(plain))).toEqual(plain);
});

test('fields that older logs leave out take their defaults', () => {
  const payload = {
    raw_text: 'a',
    input_tokens: 1,
    output_tokens: 1,
    cost_usd: '1E-7',
    model: 'm',
    finish_reason: null,
  };
  expect(responseFromPayload(payload)).toMatchObject({
    costUsd: '0.0000001',
    finishReason: '',
    latencySeconds: 0,
    providerMeta: {},
  });
});

test.each([
  ['raw_text', 1, 'a text'],
  ['input_tokens', '10', 'a number'],
  ['cost_usd', 0.001, 'an amount as decimal text'],
  ['cost_usd', 'cheap', 'an amount as decimal text'],
  ['model', null, 'a text'],
  ['provider_meta', [], 'an object'],
  ['failure', 'refused', 'an object'],
  ['tool_calls', {}, 'a list'],
  ['seed', 'x', 'a number'],
])('%s = %j is refused by name', (field, value, kind) => {
  const payload = { ...responseToPayload(response), [field]: value };
  expect(() => responseFromPayload(payload, { where: 'evt_007' })).toThrow(
    `evt_007 cannot be read: '${field}' is not ${kind}`,
  );
});

test('a broken tool call is named by its place', () => {
  const payload = { ...responseToPayload(response), tool_calls: [{ id: 'c1', name: 'x', args: 'no' }] };
  expect(() => responseFromPayload(payload)).toThrow("'tool_calls[0].args' is not an object");
});

test('a damaged record is a replay error of its own class', () => {
  expect(() => responseFromPayload({})).toThrow(MalformedRecordingError);
});

test('a tool answer is read back as it was written', () => {
  const answer = { output: { n: 3 }, latencySeconds: 0.1, costUsd: '0.001' };
  expect(toolOutcomeFromPayload(toolAnswerToPayload(answer))).toEqual({ ok: true, answer });
});

test('an output of null is an answer', () => {
  expect(toolOutcomeFromPayload({ output: null, error: null })).toMatchObject({
    ok: true,
    answer: { output: null },
  });
});

test('a failed call is read back with its error', () => {
  const error = { reason: 'tool.timeout', message: 'late', timeout_ms: 5 };
  expect(toolOutcomeFromPayload({ output: null, error })).toEqual({ ok: false, error });
});

test('a call with neither output nor error is refused', () => {
  expect(() => toolOutcomeFromPayload({ tool: 'x' }, { where: 'evt_009' })).toThrow(
    /evt_009 .*neither 'output' nor 'error'/,
  );
});
