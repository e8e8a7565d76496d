/** Proves that a fork shares its past, takes along what its parent has, and pays for nothing that was answered before. */
import {
  behavior,
  InvalidRuntimeConfiguration,
  llmBehavior,
  type Runtime,
  scriptedModel,
  tool,
} from 'runlog';
import type { ScriptedModel } from 'runlog/effects';
import { describe, expect, it, test } from 'vitest';
import {
  eventsOf,
  loadFixed,
  openFixed,
  openUnrepeatable,
  typesOf,
} from '../../../test/harness/fixed-run.ts';
import { graphJson } from '../../../test/harness/graph-json.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import type { LogStore } from '../../log/index.ts';
import type { Bundle } from '../bundle.ts';
import { forkRun } from './fork-run.ts';

interface Asking {
  readonly run: Runtime;
  readonly model: ScriptedModel;
  readonly calls: string[];
}

/** Asks a model, which calls a tool, for each goal. */
async function asking(store?: LogStore): Promise<Asking> {
  const calls: string[] = [];
  const lookup = tool({
    name: 'lookup',
    costPerCallUsd: '0.01',
    run: ({ q }) => {
      calls.push(typeof q === 'string' ? q : '');
      if (q === 'bad') throw new Error('no such thing');
      return { n: 1 };
    },
  });
  const model = scriptedModel({
    respond: ({ messages }) =>
      messages.length > 1
        ? { text: 'done', costUsd: '0.001' }
        : {
            costUsd: '0.001',
            toolCalls: [
              {
                id: 'c',
                name: 'lookup',
                args: { q: messages[0]?.content.includes('bad') === true ? 'bad' : 'good' },
              },
            ],
          },
  });
  const asker = llmBehavior({
    name: 'asker',
    on: 'goal.created',
    tools: [lookup],
    run: ({ rawText, graph }) => void graph.addObject('answer', { rawText }),
  });
  const run = await openFixed({ behaviors: [asker], model, frame: { goal: 'Know' }, seed: 5 }, store);
  return { run, model, calls };
}

describe('a fork that asks what was asked before', () => {
  it.each(['good', 'bad'])('asks nobody and pays nothing (%s)', async (goal) => {
    const { run, model, calls } = await asking();
    await run.runGoal(goal);
    const before = [model.calls, calls.length];
    const fork = await run.fork({ atEvent: 'evt_001' });
    const status = await fork.runUntilIdle();
    expect([model.calls, calls.length]).toEqual(before);
    expect(status.budget).toMatchObject({
      used: { max_llm_calls: 0, max_tool_calls: 0 },
      cost_used_usd: '0',
    });
    expect(await typesOf(fork)).toEqual(await typesOf(run));
    const answers = (await eventsOf(fork)).filter(({ type }) => /^(llm|tool)\./.test(type));
    expect(new Set(answers.map(({ payload }) => payload['cache_hit']))).toEqual(new Set([true]));
  });

  it('asks nobody where it begins behind the question', async () => {
    const { run, model, calls } = await asking();
    await run.runGoal('good');
    const requests = (await eventsOf(run)).filter(({ type }) => type.endsWith('.requested'));
    for (const { id } of requests) {
      const fork = await run.fork({ atEvent: id });
      await fork.runUntilIdle();
      expect(fork.graph.objects('answer')).toHaveLength(1);
      expect([model.calls, calls.length], id).toEqual([2, 1]);
      await fork.close();
    }
  });

  it('asks nobody whichever of its ancestors was answered', async () => {
    const { run, model } = await asking();
    await run.runGoal('good');
    const fork = await run.fork({ atEvent: 'evt_001' });
    const forkOfFork = await fork.fork({ atEvent: 'evt_001' });
    await forkOfFork.runUntilIdle();
    expect(model.calls).toBe(2);
  });

  it('asks nobody under a budget that allows no further cost', async () => {
    const { run, model } = await asking();
    await run.runGoal('good');
    const fork = await run.fork({
      atEvent: 'evt_001',
      budget: { maxLlmCalls: 1, maxToolCalls: 1, maxCostUsd: '0.0001' },
    });
    await fork.runUntilIdle();
    expect(fork.graph.objects('answer')).toHaveLength(1);
    expect(model.calls).toBe(2);
  });

  it('asks nobody when it is loaded by a program that does not say what the run is for', async () => {
    const store = memoryPlace().open();
    const { run, model } = await asking(store);
    await run.runGoal('good');
    await run.close();
    await forkRun(store, {
      parent: 'run_x',
      atEvent: 'evt_001',
      runId: 'fork',
      label: null,
      createdAt: '2026-01-01T00:00:00Z',
    });
    const { run: again, model: secondModel } = await asking();
    const behaviors = llmBehavior({
      name: 'asker',
      on: 'goal.created',
      tools: [tool({ name: 'lookup', run: () => null })],
      run: () => {},
    });
    const fork = await loadFixed(store, { runId: 'fork', behaviors: [behaviors], model: secondModel });
    await fork.runUntilIdle();
    expect([model.calls, secondModel.calls]).toEqual([2, 0]);
    await again.close();
  });
});

test('a fork has the packs of its parent, under their settings', async () => {
  const pack: Bundle = {
    owner: 'p',
    behaviors: [
      behavior({
        name: 'p.b',
        on: 'goal.created',
        run: ({ ctx, graph }) => void graph.addObject('t', { settings: ctx.settings }),
      }),
    ],
    tools: [],
    objectTypes: [],
    relationTypes: [],
    policies: [{ name: 'p.policy', requiresApproval: ['memo'] }],
    settings: { n: 1 },
    loadedPayload: { name: 'p', version: '1', settings: '{"n":1}' },
  };
  const run = await openUnrepeatable();
  await run.emit('before');
  await run.install(pack);
  await run.runGoal('g');
  const late = await run.fork({ atEvent: 'evt_003' });
  await late.runUntilIdle();
  expect(late.graph.objects('t').map(({ data }) => data)).toEqual([{ settings: { n: 1 } }]);
  const early = await run.fork({ atEvent: 'evt_001' });
  expect((await typesOf(early)).slice(1)).toEqual(['pack.loaded']);
  expect(early.installed.owners).toEqual(['p']);
});

test('a fork goes its own way, and the parent stays as it is', async () => {
  const run = await openFixed();
  await run.mutate((graph) => void graph.addObject('t', {}));
  const { hash } = await run.head();
  const before = graphJson(run.graph);
  const fork = await run.fork({ atEvent: 'evt_001', label: 'branch A', runId: 'mine' });
  await fork.mutate((graph) => graph.patchObject('t#1', { x: 1 }));
  const twin = await run.fork({ atEvent: 'evt_001' });
  const ids = await Promise.all(
    [fork, twin].map(async (each) => each.mutate((graph) => graph.addObject('u', {}).id)),
  );
  expect(ids).toEqual(['u#2', 'u#2']);
  expect(fork.runId).toBe('mine');
  expect([(await run.head()).hash, graphJson(run.graph)]).toEqual([hash, before]);
});

describe('a fork point', () => {
  const changer = behavior({
    name: 'changer',
    on: 'goal.created',
    run: async ({ graph }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      graph.addObject('a', {});
      graph.addObject('b', {});
    },
  });

  it('among the changes of a behavior is refused, with the two nearest that are not', async () => {
    const run = await openFixed({ behaviors: [changer] });
    await run.runGoal('g');
    for (const id of ['evt_003', 'evt_004']) {
      const forking = run.fork({ atEvent: id });
      await expect(forking).rejects.toBeInstanceOf(InvalidRuntimeConfiguration);
      await expect(forking).rejects.toMatchObject({ context: { before: 'evt_002', after: 'evt_005' } });
    }
    for (const id of ['evt_001', 'evt_002', 'evt_005', 'evt_006'])
      await (await run.fork({ atEvent: id })).close();
  });

  it('at what came from outside meanwhile is allowed', async () => {
    const run = await openFixed({ behaviors: [changer] });
    const running = run.runGoal('g');
    await new Promise((resolve) => setTimeout(resolve, 1));
    await run.emit('meanwhile');
    await running;
    expect((await typesOf(run))[2]).toBe('meanwhile');
    const fork = await run.fork({ atEvent: 'evt_003' });
    await fork.runUntilIdle();
    expect(await typesOf(fork)).toEqual(await typesOf(run));
  });

  it('between a grant and its object is refused', async () => {
    const proposer = behavior({
      name: 'p',
      on: 'goal.created',
      run: ({ ctx }) => ctx.proposeObject('memo', {}),
    });
    const run = await openFixed({ behaviors: [proposer] });
    await run.runGoal('g');
    await run.approve('1', { by: 'jane' });
    await expect(run.fork({ atEvent: 'evt_006' })).rejects.toMatchObject({
      context: { before: 'evt_005', after: 'evt_007' },
    });
  });

  it('that is no event is not found', async () => {
    const run = await openFixed();
    await expect(run.fork({ atEvent: 'evt_009' })).rejects.toMatchObject({ name: 'EventNotFoundError' });
  });
});
