/** Scenario 20: what a budget stops, and when. */
import { behavior, InvalidRuntimeConfiguration, llmBehavior, tool } from 'runlog';
import type { Budget } from 'runlog/runtime';
import { describe, expect, it, test } from 'vitest';
import { eventsOf, openFixed, theEvent, typesOf } from '../harness/fixed-run.ts';
import { auditModel, auditRun } from './audit-run.ts';

const myTool = tool({ name: 'my_tool', costPerCallUsd: '0.001', run: () => ({ n: 3 }) });
const endless = () => ({ toolCalls: [{ id: 'c1', name: 'my_tool', args: { q: 'abc' } }] });

test('a call that could cost more than is left is not made', async () => {
  const { run, model } = await auditRun({ answers: ['{}'], options: { budget: { maxCostUsd: '0.01' } } });
  await run.runGoal('Audit Q3');
  expect((await theEvent(run, 'behavior.failed')).payload).toMatchObject({
    reason: 'budget.cost_exhausted',
    estimated_cost_usd: '0.04096',
    budget_remaining_usd: '0.01',
    model: 'claude-sonnet-4-5',
  });
  expect((await typesOf(run)).filter((type) => type.startsWith('llm.'))).toEqual([]);
  expect(model.calls).toBe(0);
});

test('the tool call beyond the limit fails the behavior, and the run stops', async () => {
  const { run } = await auditRun({
    answers: endless,
    tools: [myTool],
    options: { budget: { maxToolCalls: 1 } },
  });
  await run.runGoal('Audit Q3');
  expect((await theEvent(run, 'behavior.failed')).payload).toMatchObject({
    reason: 'budget.tool_calls_exhausted',
  });
  const types = await typesOf(run);
  expect(types.filter((type) => type === 'tool.requested')).toHaveLength(1);
  expect(types.at(-1)).toBe('runtime.budget_exhausted');
});

test('with no model calls left the run stops at once', async () => {
  const { run } = await auditRun({ answers: ['{}'], options: { budget: { maxLlmCalls: 0 } } });
  await run.runGoal('Audit Q3');
  expect(await typesOf(run)).toEqual(['goal.created', 'runtime.budget_exhausted']);
});

test('the last behavior that is allowed may ask its model', async () => {
  const { run, model } = await auditRun({
    answers: ['{"text":"T","confidence":1}'],
    options: { budget: { maxBehaviorCalls: 2 } },
  });
  await run.runGoal('Audit Q3');
  expect(model.calls).toBe(1);
  expect(run.graph.objects('claim')).toHaveLength(1);
});

test('a model may use the answer of the last tool call that is allowed', async () => {
  const { run } = await auditRun({
    answers: (_request, call) => (call === 0 ? endless() : '{"text":"T","confidence":1}'),
    tools: [myTool],
    options: { budget: { maxToolCalls: 1 } },
  });
  await run.runGoal('Audit Q3');
  expect(run.graph.objects('claim')).toHaveLength(1);
});

test('the model call beyond the limit fails the behavior', async () => {
  const { run, model } = await auditRun({
    answers: endless,
    tools: [myTool],
    options: { budget: { maxLlmCalls: 1 } },
  });
  await run.runGoal('Audit Q3');
  expect((await theEvent(run, 'behavior.failed')).payload).toMatchObject({
    reason: 'budget.llm_calls_exhausted',
  });
  expect(model.calls).toBe(1);
});

test('a tool that costs more than is left is not called', async () => {
  const dear = tool({ name: 'dear', costPerCallUsd: '2', run: () => 1 });
  const buyer = behavior({
    name: 'buyer',
    on: 'goal.created',
    tools: [dear],
    run: ({ ctx }) => ctx.callTool('dear', {}),
  });
  const run = await openFixed({ behaviors: [buyer], budget: { maxCostUsd: '1' } });
  await run.runGoal('g');
  expect((await theEvent(run, 'behavior.failed')).payload).toMatchObject({
    reason: 'budget.cost_exhausted',
    tool: 'dear',
    estimated_cost_usd: '2',
    budget_remaining_usd: '1',
  });
  expect(await typesOf(run)).not.toContain('tool.requested');
});

test('money is counted exactly', async () => {
  const cheap = llmBehavior({ name: 'cheap', on: 'tick', run: () => {} });
  const model = auditModel(() => ({ text: 'ok', costUsd: '0.1' }));
  const run = await openFixed({ behaviors: [cheap], model, budget: { maxCostUsd: '100' } });
  await run.mutate((graph) => {
    for (let n = 0; n < 3; n += 1) graph.emit('tick', { n });
  });
  expect((await run.runUntilIdle()).budget).toMatchObject({ cost_used_usd: '0.3' });
});

test('applied patches are counted, and rejected ones are not', async () => {
  const patcher = behavior({
    name: 'patcher',
    on: 'goal.created',
    run: ({ graph }) => {
      const { id } = graph.addObject('t', {});
      graph.patchObject(id, { a: 1 });
      graph.patchObject(id, { a: 2 }, { expectedVersion: 1 });
    },
  });
  const run = await openFixed({ behaviors: [patcher] });
  expect((await run.runGoal('g')).budget).toMatchObject({ used: { max_patches: 1 } });
  expect((await theEvent(run, 'behavior.completed')).payload).toMatchObject({ patches_applied: 1 });
});

test('a limit that cannot be reached is no limit', async () => {
  const run = await openFixed({ budget: { maxEvents: Number.POSITIVE_INFINITY } });
  await run.runGoal('g');
  expect((await theEvent(run, 'runtime.idle')).payload).toMatchObject({
    snapshot: { limits: { max_events: null } },
  });
});

describe('a budget', () => {
  const refused: readonly unknown[] = [
    { maxEvents: -1 },
    { maxEvents: Number.NaN },
    { maxEvents: '3' },
    { maxCostUsd: 5 },
    { maxCostUsd: 'five' },
    { maxCostUsd: '-1' },
    { max_events: 3 },
    { maxTokens: 3 },
  ];
  it.each(refused)('is refused as %j, and no run is made', async (budget) => {
    await expect(openFixed({ budget: budget as Budget })).rejects.toBeInstanceOf(InvalidRuntimeConfiguration);
  });
});

test('a run whose work ended exactly at the limit says so once', async () => {
  const once = behavior({ name: 'once', on: 'goal.created', run: () => {} });
  const run = await openFixed({ behaviors: [once], budget: { maxBehaviorCalls: 1 } });
  const status = await run.runGoal('g');
  await run.runUntilIdle();
  expect((await eventsOf(run)).map(({ type }) => type)).toEqual([
    'goal.created',
    'behavior.started',
    'behavior.completed',
    'runtime.budget_exhausted',
  ]);
  expect(status).toMatchObject({ state: 'exhausted', queueDepth: 0 });
});
