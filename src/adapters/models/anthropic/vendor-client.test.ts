import { afterEach, expect, test, vi } from 'vitest';
import { MissingOptionalDependency } from '../../../base/index.ts';
import { failureReason, type ModelRequest } from '../../../effects/index.ts';
import { anthropicModel } from './anthropic-model.ts';

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: '',
  messages: [{ role: 'user', content: 'hello' }],
  maxTokens: 1,
  temperature: 0,
  topP: 1,
  outputForm: null,
  tools: [],
};
const options = { signal: new AbortController().signal, timeoutMs: 1000, idempotencyKey: 'k' };

afterEach(() => {
  vi.doUnmock('@anthropic-ai/sdk');
  vi.resetModules();
});

test("without the vendor's package the first question says what to install, and a run would have a reason for it", async () => {
  vi.doMock('@anthropic-ai/sdk', () => {
    throw new Error("Cannot find package '@anthropic-ai/sdk'");
  });
  const model = anthropicModel({ apiKey: 'k' });
  const error: unknown = await model.complete(request, options).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(MissingOptionalDependency);
  expect(error).toMatchObject({ howToFix: 'Install it: `npm install @anthropic-ai/sdk@1`.' });
  expect(failureReason(error)).toMatchObject({
    reason: 'llm.provider_missing',
    extras: { package: '@anthropic-ai/sdk' },
  });
});
