/** Scenario 17: the events of a behavior that asks a model. */
import { expect, test } from 'vitest';
import { eventsOf } from '../harness/fixed-run.ts';
import { textWith } from '../harness/matchers.ts';
import { type Audit, auditRun } from './audit-run.ts';

const answer = {
  text: '{"text": "T", "confidence": 0.9}',
  inputTokens: 10,
  outputTokens: 5,
  costUsd: '0.001',
  latencySeconds: 0.5,
};

async function finished(audit: Partial<Audit> = {}) {
  const { run, model } = await auditRun({ answers: [answer], ...audit });
  const status = await run.runGoal('Audit Q3');
  const events = await eventsOf(run);
  return {
    run,
    model,
    status,
    events,
    payloadOf: (id: string) => events.find((event) => event.id === id)?.payload,
  };
}

test('ten events, each under its frame and caused by what led to it', async () => {
  const { events } = await finished();
  expect(events.map(({ id, type, causedBy }) => `${id} ${type} ${causedBy ?? '-'}`)).toEqual([
    'evt_001 goal.created -',
    'evt_002 behavior.started evt_001',
    'evt_003 object.created evt_001',
    'evt_004 behavior.completed evt_001',
    'evt_005 behavior.started evt_003',
    'evt_006 llm.requested evt_003',
    'evt_007 llm.responded evt_006',
    'evt_008 object.created evt_003',
    'evt_009 behavior.completed evt_003',
    'evt_010 runtime.idle -',
  ]);
  expect(new Set(events.map(({ frameId }) => frameId))).toEqual(new Set(['frame_001']));
});

test('the request says what was asked, for how much at most, and of how much', async () => {
  const { payloadOf } = await finished();
  expect(payloadOf('evt_006')).toMatchObject({
    behavior: 'extractor',
    model: 'claude-sonnet-4-5',
    prompt_hash: textWith(/^[0-9a-f]{64}$/),
    deterministic: true,
    cache_hit: false,
    turn_index: 0,
    prompt_normalized: true,
    estimated_input_tokens: 100,
    estimated_cost_usd: '0.04096',
    budget_remaining_usd: '1',
    prompt: { temperature: 0, top_p: 1, max_tokens: 4096 },
  });
});

test('the answer says what came, and what it cost', async () => {
  const { payloadOf } = await finished();
  expect(payloadOf('evt_007')).toEqual({
    raw_text: answer.text,
    parsed: { text: 'T', confidence: 0.9 },
    input_tokens: 10,
    output_tokens: 5,
    cost_usd: '0.001',
    latency_seconds: 0.5,
    model: 'claude-sonnet-4-5',
    finish_reason: 'end_turn',
    seed: null,
    cache_hit: false,
    provider_meta: {},
    tool_calls: null,
    behavior: 'extractor',
    prompt_hash: payloadOf('evt_006')?.['prompt_hash'],
    turn_index: 0,
  });
});

test('what comes of the answer names the request in its provenance', async () => {
  const { run, payloadOf } = await finished();
  expect(run.graph.object('claim#2')).toMatchObject({
    data: { text: 'T', confidence: 0.9 },
    provenance: { created_by: 'extractor', caused_by_event: 'evt_003', llm_request_event_id: 'evt_006' },
  });
  expect(payloadOf('evt_009')).toMatchObject({ objects_created: 1, tool_calls: 0 });
});

test('the run counts the call and its cost', async () => {
  const { status } = await finished();
  expect(status.budget).toMatchObject({
    used: { max_llm_calls: 1 },
    cost_used_usd: '0.001',
    cost_limit_usd: '1.00',
  });
});

test('without a limit of cost nobody counts tokens', async () => {
  const { payloadOf } = await finished({ options: { budget: {} } });
  expect(payloadOf('evt_006')).not.toHaveProperty('estimated_cost_usd');
  expect(payloadOf('evt_006')).not.toHaveProperty('budget_remaining_usd');
});

test('the model is told its mission, its role and the view', async () => {
  const { model } = await finished();
  const [request] = model.requests;
  expect(request?.system).toContain('Mission: Audit');
  expect(request?.system).toContain('- be brief');
  expect(request?.system).toContain('Role: Extract.');
  expect(request?.messages[0]?.content).toContain('- document#1 (document): ');
});

test('the view shows the events up to the start of the behavior, not the call itself', async () => {
  const { model } = await finished();
  const content = model.requests[0]?.messages[0]?.content ?? '';
  const recent = content.slice(content.indexOf('### Recent events'), content.indexOf('## Triggering event'));
  expect(recent.match(/evt_\d+/g)).toEqual(['evt_003', 'evt_004', 'evt_005']);
});
