/** Proves that what a live model answered is found again offline, and what is said when it is not. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { failureReason, MalformedRecordingError } from '../errors.ts';
import { type CallOptions, type ModelRequest, requestHash } from '../model-port.ts';
import { scriptedModel } from '../scripted-model.ts';
import { memoryFixtures } from './fixture-store.ts';
import { recordedModel } from './recorded-model.ts';
import { recordingModel } from './recording-model.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const call: CallOptions = { signal: new AbortController().signal, timeoutMs: 1000, idempotencyKey: 'k' };
const nowMs = (): number => Date.UTC(2026, 0, 2, 3, 4, 5);

function ask(content: string, model = 'm'): ModelRequest {
  return {
    model,
    system: 'Be brief.',
    messages: [{ role: 'user', content }],
    maxTokens: 10,
    temperature: 0,
    topP: 1,
    outputForm: null,
    tools: [],
  };
}

async function recorded(...questions: readonly string[]) {
  const store = memoryFixtures();
  const inner = scriptedModel({
    defaultModel: 'm',
    respond: (request) => ({
      text: `re: ${request.messages[0]?.content}`,
      costUsd: '0.01',
      latencySeconds: 2,
    }),
  });
  const recorder = recordingModel({ inner, store, sha256, nowMs });
  for (const question of questions) await recorder.complete(ask(question), call);
  return { store, inner, model: recordedModel({ store, sha256, defaultModel: 'm' }) };
}

test('a recorded answer is given again in full, without asking the live model', async () => {
  const { inner, model } = await recorded('a');
  expect(await model.complete(ask('a'), call)).toMatchObject({
    rawText: 're: a',
    costUsd: '0.01',
    latencySeconds: 2,
  });
  expect(inner.calls).toBe(1);
});

test('a fixture is a file named after the hash of the request, readable line by line', async () => {
  const { store } = await recorded('a');
  const hash = requestHash(ask('a'), sha256);
  const text = store.texts.get(`${hash}.json`) ?? '';
  expect([...text.matchAll(/^  "(\w+)"/gm)].map((line) => line[1])).toEqual([
    'model',
    'prompt',
    'prompt_hash',
    'recorded_at',
    'response',
  ]);
  expect(text).toContain(`\n  "prompt_hash": "${hash}",\n  "recorded_at": "2026-01-02T03:04:05Z",\n`);
});

test('the recorder passes everything else on to the live model', async () => {
  const inner = scriptedModel({
    defaultModel: 'd',
    respond: [],
    estimateCost: () => '3',
    countTokens: () => 4,
    recognizesModel: () => false,
  });
  const recorder = recordingModel({ inner, store: memoryFixtures(), sha256, nowMs });
  expect([
    recorder.defaultModel,
    recorder.estimateCost({ model: 'd', inputTokens: 1, outputTokens: 1 }),
    recorder.recognizesModel('d'),
  ]).toEqual(['d', '3', false]);
  expect(await recorder.countTokens(ask('a'))).toBe(4);
});

test('a failure of the live model is not recorded', async () => {
  const store = memoryFixtures();
  const recorder = recordingModel({ inner: scriptedModel({ respond: [] }), store, sha256, nowMs });
  await expect(recorder.complete(ask('a'), call)).rejects.toThrow('llm.fixture_missing');
  expect(store.texts.size).toBe(0);
});

test('a miss in an empty place says what was looked for, and where', async () => {
  const { model } = await recorded();
  const failed = await model.complete(ask('a'), call).catch(failureReason);
  expect(failed).toMatchObject({
    reason: 'llm.fixture_missing',
    extras: { prompt_hash: requestHash(ask('a'), sha256), fixtures_dir: 'memory' },
  });
});

test('a miss names the recording that is nearest, and where it differs first', async () => {
  const { model } = await recorded('something else entirely', 'Assess the market of 2025 for robots.');
  const failed = await model
    .complete(ask('Assess the market of 2026 for robots.'), call)
    .catch(failureReason);
  expect(failed).toMatchObject({
    extras: {
      nearest: {
        key: `${requestHash(ask('Assess the market of 2025 for robots.'), sha256)}.json`,
        field: 'messages[0].content',
        recorded: '…ss the market of 2025 for robots.',
        asked: '…ss the market of 2026 for robots.',
      },
    },
  });
});

test('a miss because of another model says so', async () => {
  const { model } = await recorded('a');
  await expect(model.complete(ask('a', 'm-2'), call)).rejects.toThrow(
    'it differs first in model: recorded "m", asked "m-2"',
  );
});

test('a damaged recording beside it does not hide a miss', async () => {
  const { store, model } = await recorded('a');
  await store.save('0.json', '{');
  await store.save('1.json', '[]');
  await expect(model.complete(ask('b'), call)).rejects.toThrow('recorded "a", asked "b"');
});

test('a place that cannot list its keys still reports the miss', async () => {
  const store = { where: 'elsewhere', load: async () => null, save: async () => {} };
  const model = recordedModel({ store, sha256, defaultModel: 'm' });
  await expect(model.complete(ask('a'), call)).rejects.toThrow('in elsewhere.');
});

test.each([
  ['{', /cannot be read: .*JSON/],
  ['[]', /it does not hold a JSON object/],
  ['{}', /'prompt_hash' is not/],
])('a fixture that holds %s is refused with the name of its file', async (text, problem) => {
  const { store, model } = await recorded();
  const key = `${requestHash(ask('a'), sha256)}.json`;
  await store.save(key, text);
  const failure: unknown = await model.complete(ask('a'), call).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MalformedRecordingError);
  expect(failureReason(failure)?.message).toMatch(problem);
  expect(failureReason(failure)).toMatchObject({
    reason: 'llm.fixture_malformed',
    extras: { where: `memory/${key}` },
  });
});

test('a fixture whose response lacks a field is refused by that field', async () => {
  const { store, model } = await recorded('a');
  const key = `${requestHash(ask('a'), sha256)}.json`;
  await store.save(key, (store.texts.get(key) ?? '').replace('"raw_text"', '"text"'));
  await expect(model.complete(ask('a'), call)).rejects.toThrow(
    `memory/${key} cannot be read: 'raw_text' is not a text`,
  );
});
