/** An LLM behavior asks one of Anthropic's models; what was recorded is then enough, and the vendor is not needed again. */
import { llmBehavior, load, open, openStore, sha256, tool, verifyRun } from 'runlog';
import { memoryFixtures, recordedModel, recordingModel } from 'runlog/effects';
import { anthropicModel } from 'runlog/models/anthropic';
import { pack } from 'runlog/packs';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openLocalAnthropic, type LocalAnthropic, type Reply } from '../harness/anthropic/local-anthropic.ts';
import { eventsOf } from '../harness/fixed-run.ts';

const search = tool({
  name: 'search',
  description: 'Searches.',
  inputSchema: z.object({ q: z.string() }),
  run: ({ q }) => ({ hits: [`about ${q}`] }),
});
const answerer = llmBehavior({
  name: 'answerer',
  on: 'goal.created',
  description: 'Answer after a search.',
  output: z.object({ answer: z.string() }),
  outputName: 'Answer',
  creates: ['answer'],
  tools: ['search'],
  run: ({ output, graph }) => {
    graph.addObject('answer', output);
  },
});
// Tools of a pack are called `facts.search` in the run, which the vendor takes for no name.
const facts = pack({ name: 'facts', version: '1.0.0', behaviors: [answerer], tools: [search] });

const asksFirst: Reply = {
  content: [
    { type: 'thinking', thinking: 'let me see', signature: 'signed' },
    { type: 'tool_use', id: 'toolu_1', name: 'facts_search', input: { q: 'rents' } },
  ],
  usage: { input_tokens: 500, output_tokens: 50 },
};
const answers: Reply = {
  content: [{ type: 'text', text: '{"answer":"Rents rise."}' }],
  usage: { input_tokens: 700, output_tokens: 10 },
};

let server: LocalAnthropic;
afterEach(() => server.close());

async function serve(...replies: readonly Reply[]) {
  server = await openLocalAnthropic({ replies, apiKey: 'k', countTokens: () => 500 });
  return anthropicModel({ apiKey: 'k', baseUrl: server.url });
}

test('a tool of a pack is called by a real name on both sides, and every call is paid for', async () => {
  const model = await serve(asksFirst, answers);
  const run = await open('memory:', { packs: [facts], model, budget: { maxCostUsd: '0.50' } });
  const status = await run.runGoal('What of rents?');
  expect(run.graph.objects('answer')[0]?.data).toEqual({ answer: 'Rents rise.' });
  const events = await eventsOf(run);
  expect(events.find(({ type }) => type === 'tool.requested')?.payload).toMatchObject({
    tool: 'facts.search',
  });
  // 1200 tokens in for 2, 60 out for 10, in millionths.
  expect(status.budget['cost_used_usd']).toBe('0.003');
  expect(server.asked[1]?.body.messages[1]?.content).toEqual(
    typeof asksFirst === 'object' && 'content' in asksFirst ? asksFirst.content : [],
  );
  const keys = server.asked.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(2);
  await run.close();
});

test('a run that was recorded is verified with the server gone', async () => {
  const model = await serve(asksFirst, answers);
  const store = await openStore('memory:');
  const run = await open(store, { runId: 'live', packs: [facts], model });
  await run.runGoal('What of rents?');
  await run.close();
  await server.close();
  const report = await verifyRun(store, { runId: 'live', packs: [facts], model });
  expect(report.divergence).toBeNull();
  expect(server.asked).toHaveLength(2);
  await store.close();
});

test('fixtures that were recorded answer in another run with the server gone', async () => {
  const live = await serve(asksFirst, answers);
  const store = memoryFixtures();
  const recording = recordingModel({ inner: live, store, sha256, nowMs: () => 0 });
  const first = await open('memory:', { packs: [facts], model: recording });
  await first.runGoal('What of rents?');
  await first.close();
  await server.close();
  const model = recordedModel({ store, sha256, defaultModel: live.defaultModel });
  const second = await open('memory:', { packs: [facts], model });
  await second.runGoal('What of rents?');
  expect(second.errors).toEqual([]);
  expect((await eventsOf(second)).filter(({ type }) => type === 'llm.responded')).toHaveLength(2);
  await second.close();
});

test('an answer that was cut off is in the log and paid for, and no tool that it asks for is called', async () => {
  const half: Reply = {
    content: [{ type: 'tool_use', id: 'toolu_1', name: 'facts_search', input: {} }],
    stopReason: 'max_tokens',
  };
  const model = await serve(half);
  const run = await open('memory:', { packs: [facts], model });
  const status = await run.runGoal('What of rents?');
  expect(run.errors).toMatchObject([{ reason: 'llm.max_tokens' }]);
  expect(status.budget['cost_used_usd']).toBe('0.0004');
  expect((await eventsOf(run)).filter(({ type }) => type.startsWith('tool.'))).toEqual([]);
  await run.close();
});

test('a vendor that asks to wait fails the behavior with its reason, and a later goal is answered', async () => {
  const busy: Reply = {
    status: 429,
    type: 'rate_limit_error',
    message: 'slow down',
    headers: { 'retry-after': '3' },
  };
  const model = await serve(busy, answers);
  const store = await openStore('memory:');
  const run = await open(store, { runId: 'busy', packs: [facts], model });
  await run.runGoal('What of rents?');
  const failed = (await eventsOf(run)).find(({ type }) => type === 'behavior.failed');
  expect(failed?.payload).toMatchObject({ reason: 'llm.rate_limited', retry_after_seconds: 3, status: 429 });
  await run.close();
  const again = await load(store, { runId: 'busy', packs: [facts], model });
  await again.runGoal('And now?');
  expect(again.errors).toHaveLength(1);
  await again.close();
  await store.close();
});
