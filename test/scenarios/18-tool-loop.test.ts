/** Scenario 18: a model that asks for a tool before it answers. */
import { tool } from 'runlog';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventsOf } from '../harness/fixed-run.ts';
import { anyNumber } from '../harness/matchers.ts';
import { auditRun } from './audit-run.ts';

const argsHash = 'fd8e07d1b1b5763864eb4aa0bf3a1b0c59aa22cf200ab8cf9119f8098bb92efb';

const myTool = tool({
  name: 'my_tool',
  inputSchema: z.object({ q: z.string() }),
  deterministic: true,
  costPerCallUsd: '0.001',
  run: () => ({ n: 3 }),
});

async function finished() {
  const answers = [
    { text: 'thinking', toolCalls: [{ id: 'c1', name: 'my_tool', args: { q: 'abc' } }] },
    { text: '```json\n{"text": "T", "confidence": 0.9}\n```' },
  ];
  const { run, model } = await auditRun({ answers, tools: [myTool] });
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

test('the events of both turns, each caused by what asked for it', async () => {
  const { events } = await finished();
  expect(events.slice(5).map(({ id, type, causedBy }) => `${id} ${type} ${causedBy ?? '-'}`)).toEqual([
    'evt_006 llm.requested evt_003',
    'evt_007 llm.responded evt_006',
    'evt_008 tool.requested evt_006',
    'evt_009 tool.responded evt_008',
    'evt_010 llm.requested evt_006',
    'evt_011 llm.responded evt_010',
    'evt_012 object.created evt_003',
    'evt_013 behavior.completed evt_003',
    'evt_014 runtime.idle -',
  ]);
});

test('the tool call is recorded with its arguments and its answer', async () => {
  const { payloadOf } = await finished();
  expect(payloadOf('evt_008')).toEqual({
    behavior: 'extractor',
    tool: 'my_tool',
    args_hash: argsHash,
    args: { q: 'abc' },
    call_id: 'c1',
    cache_hit: false,
    deterministic: true,
  });
  expect(payloadOf('evt_009')).toEqual({
    behavior: 'extractor',
    tool: 'my_tool',
    args_hash: argsHash,
    output: { n: 3 },
    error: null,
    cache_hit: false,
    latency_seconds: anyNumber,
    cost_usd: '0.001',
    deterministic: true,
  });
});

test('only the first request carries the prompt', async () => {
  const { payloadOf } = await finished();
  expect(payloadOf('evt_006')).toHaveProperty('prompt');
  expect(payloadOf('evt_010')).toMatchObject({ turn_index: 1 });
  expect(payloadOf('evt_010')).not.toHaveProperty('prompt');
});

test('the second turn shows the model its own words and the answer of the tool', async () => {
  const { model } = await finished();
  expect(model.requests[1]?.messages.slice(1)).toEqual([
    {
      role: 'assistant',
      content: 'thinking',
      toolCalls: [{ id: 'c1', name: 'my_tool', args: { q: 'abc' } }],
    },
    { role: 'tool', content: '{"n":3}', toolUseId: 'c1', toolName: 'my_tool' },
  ]);
});

test('provenance names the first request and the tool calls', async () => {
  const { run, payloadOf } = await finished();
  expect(run.graph.object('claim#2')?.provenance).toMatchObject({
    llm_request_event_id: 'evt_006',
    tool_request_event_ids: ['evt_008'],
  });
  expect(payloadOf('evt_013')).toMatchObject({ tool_calls: 1 });
});

test('both the model and the tool are paid for', async () => {
  const { status } = await finished();
  expect(status.budget).toMatchObject({
    used: { max_llm_calls: 2, max_tool_calls: 1 },
    cost_used_usd: '0.001',
  });
});
