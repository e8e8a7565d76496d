import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  openLocalAnthropic,
  type LocalAnthropic,
  type Reply,
} from '../../../../test/harness/anthropic/local-anthropic.ts';
import { isJsonObject, jsonSchemaOf } from '../../../base/index.ts';
import { failureReason, type ModelRequest } from '../../../effects/index.ts';
import { anthropicModel, type AnthropicModelOptions } from './anthropic-model.ts';

const plain: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'hello' }],
  maxTokens: 100,
  temperature: 0.7,
  topP: 1,
  outputForm: null,
  tools: [],
};
const search = {
  name: 'diligence.search',
  description: 'Searches.',
  inputSchema: { type: 'object', properties: {} },
};
const call = (over: Partial<{ signal: AbortSignal; timeoutMs: number }> = {}) => ({
  signal: new AbortController().signal,
  timeoutMs: 20_000,
  idempotencyKey: 'key-1',
  ...over,
});
const said = (text: string): Reply => ({ content: [{ type: 'text', text }] });

let server: LocalAnthropic;
afterEach(() => server.close());

async function modelOver(replies: readonly Reply[], options: AnthropicModelOptions = {}) {
  server = await openLocalAnthropic({ replies, apiKey: 'right' });
  return anthropicModel({ apiKey: 'right', baseUrl: server.url, ...options });
}

/** The reason and the extras that a run would write down. */
async function failureOf(asking: Promise<unknown>) {
  const error = await asking.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  const { reason, message, extras } = failureReason(error) ?? {
    reason: null,
    message: String(error),
    extras: {},
  };
  return { reason, message, extras };
}

describe('a question', () => {
  it('is put with the key, the idempotency key and what the vendor takes, and nothing else', async () => {
    const model = await modelOver([said('hi')]);
    await model.complete(plain, call());
    const [asked] = server.asked;
    expect(asked?.body).toEqual({
      model: 'claude-sonnet-5-5',
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 100,
    });
    expect(asked?.headers['idempotency-key']).toBe('key-1');
  });

  it('names a tool of a pack in letters that the vendor takes, and is answered in the names of the run', async () => {
    const model = await modelOver([
      { content: [{ type: 'tool_use', id: 'toolu_1', name: 'diligence_search', input: { q: 'x' } }] },
      said('done'),
    ]);
    const request = { ...plain, tools: [search] };
    const { toolCalls } = await model.complete(request, call());
    expect(toolCalls).toEqual([{ id: 'toolu_1', name: 'diligence.search', args: { q: 'x' } }]);
    const turns = [
      { role: 'assistant' as const, content: 'look', toolCalls: toolCalls ?? [] },
      { role: 'tool' as const, content: '{"hits":1}', toolUseId: 'toolu_1', toolName: 'diligence.search' },
      { role: 'tool' as const, content: '{"hits":2}', toolUseId: 'toolu_2', toolName: 'diligence.search' },
    ];
    await model.complete({ ...request, messages: [...request.messages, ...turns] }, call());
    expect(server.asked[1]?.body['tools']).toMatchObject([{ name: 'diligence_search' }]);
    expect(server.asked[1]?.body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'look' },
          { type: 'tool_use', id: 'toolu_1', name: 'diligence_search', input: { q: 'x' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: '{"hits":1}' },
          { type: 'tool_result', tool_use_id: 'toolu_2', content: '{"hits":2}' },
        ],
      },
    ]);
  });

  it('is not put when two tools would have one name', async () => {
    const model = await modelOver([]);
    const tools = [search, { ...search, name: 'diligence_search' }];
    expect(await failureOf(model.complete({ ...plain, tools }, call()))).toMatchObject({
      reason: 'llm.prompt_assembly_error',
      extras: { tools: ['diligence.search', 'diligence_search'] },
    });
    expect(server.asked).toEqual([]);
  });

  it('has the vendor hold the answer to its form', async () => {
    const model = await modelOver([said('{"n":1}')]);
    const jsonSchema = jsonSchemaOf(z.object({ n: z.number().int() })) ?? {};
    await model.complete({ ...plain, outputForm: { name: 'Count', jsonSchema } }, call());
    expect(server.asked[0]?.body['output_config']).toMatchObject({
      format: {
        type: 'json_schema',
        schema: { properties: { n: { type: 'integer' } }, additionalProperties: false },
      },
    });
  });

  it.each([
    ['a map', z.object({ m: z.record(z.string(), z.number()) })],
    ['a form that is open', z.looseObject({ a: z.string() })],
    ['something of any kind', z.object({ a: z.unknown() })],
  ])('asks in the prompt alone for %s', async (_name, schema) => {
    const model = await modelOver([said('{}')]);
    await model.complete(
      { ...plain, outputForm: { name: 'F', jsonSchema: jsonSchemaOf(schema) ?? {} } },
      call(),
    );
    expect(server.asked[0]?.body['output_config']).toBeUndefined();
  });

  it('asks in the prompt alone where it is told to', async () => {
    const model = await modelOver([said('{"n":1}')], { structuredOutput: 'prompt' });
    const jsonSchema = jsonSchemaOf(z.object({ n: z.number() })) ?? {};
    await model.complete({ ...plain, outputForm: { name: 'Count', jsonSchema } }, call());
    expect(server.asked[0]?.body['output_config']).toBeUndefined();
  });

  it('is counted by the vendor as it will be put', async () => {
    server = await openLocalAnthropic({ replies: [], countTokens: ({ messages }) => messages.length * 7 });
    const model = anthropicModel({ apiKey: 'any', baseUrl: server.url });
    expect(await model.countTokens({ ...plain, tools: [search] })).toBe(7);
    expect(server.others[0]?.body).toMatchObject({
      system: 'Be brief.',
      tools: [{ name: 'diligence_search' }],
    });
  });
});

describe('an answer', () => {
  it('is counted and paid for exactly', async () => {
    const usage = {
      input_tokens: 1001,
      output_tokens: 3,
      cache_read_input_tokens: 7,
      cache_creation_input_tokens: 11,
    };
    const model = await modelOver([{ content: [{ type: 'text', text: 'hi' }], usage }]);
    expect(await model.complete(plain, call())).toMatchObject({
      rawText: 'hi',
      inputTokens: 1001,
      outputTokens: 3,
      // 1001 * 2 + 3 * 10 + 7 * 0.1 + 11 * 2.5, in millionths.
      costUsd: '0.0020602',
      model: 'claude-sonnet-5-5',
      finishReason: 'end_turn',
      toolCalls: null,
      providerMeta: { message_id: 'msg_local_1', price: { row: 'claude-sonnet-5-5' } },
    });
  });

  it.each([
    ['claude-haiku-5-5', 100_000, 0, '0.01'],
    ['claude-haiku-5-5', 100_001, 0, '0.0500005'],
    ['claude-opus-4-20250514', 1_000_000, 0, '15'],
    ['claude-opus-4-8', 1_000_000, 0, '5'],
    ['claude-sonnet-4-5-20250929', 0, 1_000_000, '15'],
    ['claude-tomorrow', 0, 1_000_000, '75'],
  ])('of %s for %d and %d tokens costs %s', async (name, inputTokens, outputTokens, costUsd) => {
    const model = await modelOver([]);
    expect(model.estimateCost({ model: name, inputTokens, outputTokens })).toBe(costUsd);
  });

  it('has the prices of a table of the caller', async () => {
    const rates = { input: '1', output: '0', cacheRead: '0', cacheWrite: '0' };
    const prices = [{ providers: ['anthropic'], model: 'claude', from: null, rates }];
    const model = await modelOver([said('hi')], { prices });
    expect(await model.complete(plain, call())).toMatchObject({
      costUsd: '0.0001',
      providerMeta: { price: { row: 'claude', as_of: null } },
    });
  });

  it('that was cut off is recorded, and is no answer', async () => {
    const model = await modelOver([
      { content: [{ type: 'text', text: '{"n"' }], stopReason: 'max_tokens', usage: { output_tokens: 100 } },
    ]);
    expect(await model.complete(plain, call())).toMatchObject({
      rawText: '{"n"',
      outputTokens: 100,
      finishReason: 'max_tokens',
      failure: { reason: 'llm.max_tokens' },
    });
  });

  it('that is a refusal is recorded, and is no answer', async () => {
    const stopDetails = { type: 'refusal', category: 'cyber', explanation: 'not this' };
    const model = await modelOver([{ content: [], stopReason: 'refusal', stopDetails }]);
    expect(await model.complete(plain, call())).toMatchObject({
      finishReason: 'refusal',
      failure: { reason: 'llm.refused', message: 'the model refused to answer (cyber: not this)' },
    });
  });

  it('with thoughts is told again as it came when tools are called', async () => {
    const content = [
      { type: 'thinking' as const, thinking: 'hm', signature: 'sig' },
      { type: 'tool_use' as const, id: 'toolu_1', name: 'diligence_search', input: {} },
    ];
    const model = await modelOver([{ content }, said('done')]);
    const request = { ...plain, tools: [search] };
    const { vendorContent, toolCalls } = await model.complete(request, call());
    const turn = { role: 'assistant' as const, content: '', toolCalls: toolCalls ?? [] };
    const again = vendorContent === undefined ? turn : { ...turn, vendorContent };
    await model.complete({ ...request, messages: [...plain.messages, again] }, call());
    expect(server.asked[1]?.body.messages[1]).toEqual({ role: 'assistant', content });
  });

  it('whose arguments are no object is a call that will be refused', async () => {
    const model = await modelOver([
      { content: [{ type: 'tool_use', id: 't', name: 'diligence_search', input: ['x'] }] },
    ]);
    const { toolCalls } = await model.complete({ ...plain, tools: [search] }, call());
    expect(toolCalls?.[0]).toMatchObject({ args: { _raw: ['x'] } });
    expect(toolCalls?.[0]?.invalidArgsError).toContain('no JSON object');
  });
});

describe('a failure', () => {
  const refusing = (status: number, type: string, headers = {}): Reply => ({
    status,
    type,
    message: `it is ${type}`,
    headers,
  });
  it.each([
    [
      refusing(429, 'rate_limit_error', { 'retry-after': '7' }),
      'llm.rate_limited',
      { retry_after_seconds: 7 },
    ],
    [refusing(529, 'overloaded_error'), 'llm.unavailable', { status: 529 }],
    [refusing(500, 'api_error'), 'llm.unavailable', { error_type: 'api_error' }],
    [refusing(400, 'invalid_request_error'), 'llm.request_error', { request_id: 'req_local' }],
    [refusing(403, 'permission_error'), 'llm.auth_error', { status: 403 }],
    [refusing(404, 'not_found_error'), 'llm.request_error', { status: 404 }],
  ])('%o is %s, and is asked for once', async (reply, reason, extras) => {
    const model = await modelOver([reply, said('never')]);
    const failure = await failureOf(model.complete(plain, call()));
    expect(failure).toMatchObject({ reason, extras: { model: plain.model, ...extras } });
    expect(failure.message).toMatch(/^it is /);
    expect(server.asked).toHaveLength(1);
  });

  it('with a wrong key is llm.auth_error, and the key is not in it', async () => {
    const model = await modelOver([], { apiKey: 'sk-ant-wrong' });
    const failure = await failureOf(model.complete(plain, call()));
    expect(failure.reason).toBe('llm.auth_error');
    expect(JSON.stringify(failure)).not.toContain('sk-ant-wrong');
  });

  it('without a key is llm.auth_error, and names the variable', async () => {
    const model = await modelOver([], { apiKey: '' });
    const failure = await failureOf(model.complete(plain, call()));
    expect(failure).toMatchObject({ reason: 'llm.auth_error' });
    expect(failure.message).toContain('ANTHROPIC_API_KEY');
  });

  it.each(['hang', 'stall'] as const)(
    'in time ends the call, also when the server begins to answer (%s)',
    async (reply) => {
      const model = await modelOver([reply]);
      expect(await failureOf(model.complete(plain, call({ timeoutMs: 150 })))).toMatchObject({
        reason: 'llm.network_error',
        extras: { timeout_ms: 150 },
      });
      await server.untilLeft(1);
    },
  );

  it.each(['hang', 'stall'] as const)('by cancelling ends the call (%s)', async (reply) => {
    const model = await modelOver([reply]);
    const stop = new AbortController();
    const failed = failureOf(model.complete(plain, call({ signal: stop.signal })));
    await server.untilAsked(1);
    stop.abort();
    expect(await failed).toMatchObject({ reason: 'llm.network_error', extras: { cancelled: true } });
    await server.untilLeft(1);
  });

  it('by a connection that breaks is llm.network_error, and is asked for once', async () => {
    const model = await modelOver(['cut', said('never')]);
    const failure = await failureOf(model.complete(plain, call()));
    expect(failure.reason).toBe('llm.network_error');
    expect(server.asked).toHaveLength(1);
  });

  it('by a server that is not there is llm.network_error', async () => {
    const model = await modelOver([]);
    await server.close();
    const failure = await failureOf(model.complete(plain, call()));
    expect(failure.reason).toBe('llm.network_error');
    expect(failure.message).toContain('ECONNREFUSED');
    expect(isJsonObject(failure.extras)).toBe(true);
  });
});
