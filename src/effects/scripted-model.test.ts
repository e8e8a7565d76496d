/** Proves what a scripted model answers, counts and charges. */
import { expect, test } from 'vitest';
import { InvalidArgumentType } from '../base/index.ts';
import { llmError } from './errors.ts';
import type { CallOptions, ModelRequest } from './model-port.ts';
import { scriptedModel } from './scripted-model.ts';

const call: CallOptions = { signal: new AbortController().signal, timeoutMs: 1000, idempotencyKey: 'k' };

function ask(content: string): ModelRequest {
  return {
    model: 'm',
    system: '',
    messages: [{ role: 'user', content }],
    maxTokens: 10,
    temperature: 0,
    topP: 1,
    outputForm: null,
    tools: [],
  };
}

test('an answer that says only its text is free and immediate', async () => {
  const model = scriptedModel({ respond: ['twelve chars'] });
  expect(await model.complete(ask('q'), call)).toEqual({
    rawText: 'twelve chars',
    inputTokens: await model.countTokens(ask('q')),
    outputTokens: 3,
    costUsd: '0',
    latencySeconds: 0,
    model: 'm',
    finishReason: 'end_turn',
    seed: null,
    providerMeta: {},
    toolCalls: null,
  });
});

test('an answer may say everything', async () => {
  const full = {
    text: 'a',
    inputTokens: 10,
    outputTokens: 5,
    costUsd: '0.001',
    latencySeconds: 0.5,
    model: 'n',
    finishReason: 'stop',
    seed: 3,
    providerMeta: { id: 'x' },
    toolCalls: [{ id: 'c1', name: 't', args: {} }],
  };
  const { text, ...rest } = full;
  expect(await scriptedModel({ respond: [full] }).complete(ask('q'), call)).toEqual({
    rawText: text,
    ...rest,
  });
});

test('a value is answered as JSON', async () => {
  expect(
    await scriptedModel({ respond: [{ json: { b: 1, a: [true] } }] }).complete(ask('q'), call),
  ).toMatchObject({ rawText: '{"a":[true],"b":1}' });
});

test('tool calls without an id get one that names the call', async () => {
  const model = scriptedModel({ respond: ['first', { toolCalls: [{ name: 't', args: {} }] }] });
  await model.complete(ask('q'), call);
  expect(await model.complete(ask('q'), call)).toMatchObject({
    finishReason: 'tool_use',
    toolCalls: [{ id: 'call_2_1', name: 't' }],
  });
});

test('a function sees the request and the number of the call', async () => {
  const model = scriptedModel({
    respond: (request, callIndex) => `${callIndex}: ${request.messages[0]?.content}`,
  });
  await model.complete(ask('a'), call);
  expect(await model.complete(ask('b'), call)).toMatchObject({ rawText: '1: b' });
});

test('calls and requests are counted, failed ones included', async () => {
  const model = scriptedModel({
    respond: () => {
      throw llmError('llm.rate_limited', 'slow down');
    },
  });
  await expect(model.complete(ask('a'), call)).rejects.toThrow('llm.rate_limited');
  expect([model.calls, model.requests]).toEqual([1, [ask('a')]]);
});

test('a list that has come to its end says so', async () => {
  const model = scriptedModel({ respond: ['only'] });
  await model.complete(ask('a'), call);
  await expect(model.complete(ask('b'), call)).rejects.toThrow(
    'The script has 1 answers, and call 2 asked for one more.',
  );
});

test('prices, counts and known names can be set for tests of budgets', async () => {
  const model = scriptedModel({
    defaultModel: 'd',
    respond: [],
    estimateCost: ({ outputTokens }) => `0.${outputTokens}`,
    countTokens: () => 100,
    recognizesModel: (name) => name === 'd',
  });
  expect(model.estimateCost({ model: 'd', inputTokens: 1, outputTokens: 5 })).toBe('0.5');
  expect(await model.countTokens(ask('a'))).toBe(100);
  expect([model.defaultModel, model.recognizesModel('d'), model.recognizesModel('e')]).toEqual([
    'd',
    true,
    false,
  ]);
});

test.each([{}, { respond: 7 }, { respond: 'yes' }])('a model without a script is refused: %j', (options) => {
  expect(() => scriptedModel(options as never)).toThrow(InvalidArgumentType);
});
