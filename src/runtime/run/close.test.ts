/** Proves that a runtime can be closed whatever it waits for, and that its log is gone on with afterwards. */
import { RuntimeClosedError, RuntimeContextRequiredError } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import {
  eventsOf,
  loadFixed,
  openFixed,
  openUnrepeatable,
  type RunOptions,
  typesOf,
} from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { overlaid } from '../../../test/harness/stopping-store.ts';
import { type ScriptedAnswer, scriptedModel, tool } from '../../effects/index.ts';
import type { LogStore } from '../../log/index.ts';
import { behavior, llmBehavior } from '../behavior.ts';

const never = new Promise<never>(() => undefined);
const soon = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** What a run waits for, with options that wait and options that do not. */
interface Waiting {
  readonly name: string;
  readonly stuck: RunOptions;
  readonly sound: RunOptions;
}

function handlerOptions(wait: Promise<unknown>): RunOptions {
  const waiter = behavior({
    name: 'waiter',
    on: 'goal.created',
    run: async ({ graph }) => {
      await wait;
      graph.addObject('done', {});
    },
  });
  return { behaviors: [waiter] };
}

function modelOptions(
  answer: Promise<ScriptedAnswer>,
  count: Promise<number> = Promise.resolve(1),
): RunOptions {
  const asker = llmBehavior({
    name: 'asker',
    on: 'goal.created',
    run: ({ graph }) => graph.addObject('done', {}).id,
  });
  const model = scriptedModel({ respond: async () => answer });
  return {
    behaviors: [asker],
    model: { ...model, countTokens: async () => count },
    budget: { maxCostUsd: '1' },
  };
}

function toolOptions(answer: Promise<unknown>): RunOptions {
  const slow = tool({ name: 'slow', run: async () => answer });
  const caller = behavior({
    name: 'caller',
    on: 'goal.created',
    tools: [slow],
    run: async ({ graph, ctx }) => {
      // A handler that swallows every failure cannot go on either.
      await ctx.callTool('slow', {}).catch(() => null);
      graph.addObject('done', {});
    },
  });
  return { behaviors: [caller] };
}

const waitings: readonly Waiting[] = [
  { name: 'a handler', stuck: handlerOptions(never), sound: handlerOptions(Promise.resolve()) },
  { name: 'a model', stuck: modelOptions(never), sound: modelOptions(Promise.resolve({ text: 'ok' })) },
  {
    name: 'a count of tokens',
    stuck: modelOptions(Promise.resolve({ text: 'ok' }), never),
    sound: modelOptions(Promise.resolve({ text: 'ok' })),
  },
  { name: 'a tool', stuck: toolOptions(never), sound: toolOptions(Promise.resolve(1)) },
];

describe.each(waitings)('a runtime that waits for $name', ({ stuck, sound }) => {
  async function closedWhileWaiting(store: LogStore): Promise<void> {
    const run = await openFixed(stuck, store);
    const running = run.runGoal('g');
    await soon();
    await Promise.all([run.close(), expect(running).rejects.toBeInstanceOf(RuntimeClosedError)]);
    await run.close();
    await expect(run.emit('late')).rejects.toBeInstanceOf(RuntimeClosedError);
  }

  it('is closed, and leaves the invocation open in the log', async () => {
    const store = memoryPlace().open();
    await closedWhileWaiting(store);
    const loaded = await loadFixed(store, sound);
    expect((await typesOf(loaded)).filter((type) => type.startsWith('behavior.'))).toEqual([
      'behavior.started',
    ]);
    expect(await loaded.status()).toMatchObject({ queueDepth: 1, state: 'stopped' });
  });

  it('is gone on with where it was', async () => {
    const store = memoryPlace().open();
    await closedWhileWaiting(store);
    const loaded = await loadFixed(store, sound);
    expect(await loaded.runUntilIdle()).toMatchObject({ state: 'idle', failures: 0 });
    expect(loaded.graph.objects('done')).toHaveLength(1);
    expect((await typesOf(loaded)).filter((type) => type === 'behavior.started')).toHaveLength(1);
  });
});

test('commands that wait for their turn are refused when the runtime closes', async () => {
  const run = await openFixed(handlerOptions(never));
  const running = run.runGoal('g');
  await soon();
  const waiting = [
    run.mutate((graph) => graph.addObject('t', {})),
    run.approve('1', { by: 'jane' }),
    run.runUntilIdle(),
  ];
  const refused = [running, ...waiting].map(async (call) =>
    expect(call).rejects.toBeInstanceOf(RuntimeClosedError),
  );
  await run.close();
  await Promise.all(refused);
});

test('a handler that goes on after the close changes nothing', async () => {
  const store = memoryPlace().open();
  const release = Promise.withResolvers<void>();
  const refusals: unknown[] = [];
  const slow = tool({ name: 'slow', run: () => 1 });
  const late = behavior({
    name: 'late',
    on: 'goal.created',
    tools: [slow],
    run: async ({ graph, ctx }) => {
      await release.promise;
      await ctx.callTool('slow', {}).catch((error: unknown) => void refusals.push(error));
      try {
        graph.addObject('t', {});
      } catch (error) {
        refusals.push(error);
      }
    },
  });
  const run = await openFixed({ behaviors: [late] }, store);
  const running = run.runGoal('g').catch(() => undefined);
  await soon();
  await run.close();
  await running;
  const { hash } = await store.head(run.runId);
  release.resolve();
  await soon();
  expect(refusals).toHaveLength(2);
  for (const refusal of refusals) expect(refusal).toBeInstanceOf(RuntimeContextRequiredError);
  expect((await store.head(run.runId)).hash).toBe(hash);
});

test('a model that answers after the close is not heard', async () => {
  const store = memoryPlace().open();
  const answer = Promise.withResolvers<ScriptedAnswer>();
  const run = await openFixed(modelOptions(answer.promise), store);
  const running = run.runGoal('g').catch(() => undefined);
  await soon();
  await run.close();
  await running;
  const { seq } = await store.head(run.runId);
  answer.resolve({ text: 'too late' });
  await soon();
  expect((await store.head(run.runId)).seq).toBe(seq);
});

test('the signal of a handler is cancelled by the close', async () => {
  const heard = Promise.withResolvers<void>();
  const listener = behavior({
    name: 'listener',
    on: 'goal.created',
    run: async ({ ctx }) => {
      ctx.signal.addEventListener('abort', () => heard.resolve());
      await never;
    },
  });
  const run = await openFixed({ behaviors: [listener] });
  run.runGoal('g').catch(() => undefined);
  await soon();
  await run.close();
  await heard.promise;
});

test('what was worked off before the close is in the log', async () => {
  const store = memoryPlace().open();
  const quick = behavior({ name: 'quick', on: 'goal.created', run: ({ graph }) => graph.emit('then') });
  const stuck = behavior({ name: 'stuck', on: 'then', run: async () => never });
  const run = await openFixed({ behaviors: [quick, stuck] }, store);
  run.runGoal('g').catch(() => undefined);
  await soon();
  await run.close();
  expect(await typesOf(await loadFixed(store))).toEqual([
    'goal.created',
    'behavior.started',
    'then',
    'behavior.completed',
    'behavior.started',
  ]);
});

test('a runtime whose store was closed before it is closed without complaint', async () => {
  const store = memoryPlace().open();
  const run = await openUnrepeatable({}, store);
  await run.emit('x');
  await store.close();
  await expect(run.close()).resolves.toBeUndefined();
});

test('a run is free for the next as soon as the close has resolved', async () => {
  const place = memoryPlace();
  const run = await openFixed({}, place.open());
  await run.close();
  const next = await loadFixed(place.open());
  expect(await next.emit('x')).toMatchObject({ id: 'evt_001' });
});

test('an open that is refused leaves no run behind', async () => {
  const store = memoryPlace().open();
  const asker = llmBehavior({ name: 'asker', run: () => {} });
  await expect(openFixed({ behaviors: [asker] }, store)).rejects.toMatchObject({
    name: 'MissingProviderError',
  });
  expect(await store.logs()).toEqual([]);
});

test('a load that fails gives the run back', async () => {
  const inner = memoryPlace().open();
  await (await openFixed({}, inner)).close();
  const failing = overlaid(inner, {
    read: () => {
      throw new Error('unreadable');
    },
  });
  await expect(loadFixed(failing)).rejects.toThrow('unreadable');
  expect(await eventsOf(await loadFixed(inner))).toEqual([]);
});

test('a log that is no run is not loaded', async () => {
  const store = memoryPlace().open();
  await store.create({ id: 'run_x', kind: 'session', label: null, createdAt: '2026-01-01T00:00:00Z' });
  await expect(loadFixed(store)).rejects.toMatchObject({ name: 'RunNotFoundError' });
});

test('a load that fails says why, also when the run cannot be given back', async () => {
  const store = memoryPlace().open();
  const run = await openFixed({}, store);
  await run.close();
  const failing = overlaid(store, {
    records: async () => Promise.reject(new Error('the first failure')),
    release: async () => Promise.reject(new Error('the second failure')),
  });
  await expect(loadFixed(failing)).rejects.toThrow('the first failure');
});
