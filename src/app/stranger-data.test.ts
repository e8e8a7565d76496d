import { expect, test } from 'vitest';
import { tool } from '../effects/index.ts';
import { MemoryDatabase, openMemoryStore, type LogStore } from '../log/index.ts';
import { behavior, llmBehavior } from '../runtime/index.ts';
import { logicalClock } from '../base/index.ts';
import { sha256 } from './node-platform.ts';
import { load, open } from './open.ts';

test('a field may be called like something that every object inherits', async () => {
  const run = await open('memory:');
  const patch = await run.mutate((graph) => {
    const object = graph.addObject('p', { a: 1 });
    return graph.patchObject(object.id, { constructor: 2, toString: 'x' });
  });
  expect(patch.status).toBe('applied');
  const events = [];
  for await (const event of run.events()) events.push(event);
  expect(events.at(-1)?.payload['diff']).toEqual({
    constructor: { old: null, new: 2 },
    toString: { old: null, new: 'x' },
  });
  await run.close();
});

test('a thrown proxy is a failure of its behavior, and the run goes on', async () => {
  const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
  revoke();
  const thrower = behavior({
    name: 'thrower',
    on: 'goal.created',
    run: () => {
      throw proxy;
    },
  });
  const run = await open('memory:', { behaviors: [thrower] });
  expect(await run.runGoal('g')).toMatchObject({ state: 'idle', failures: 1 });
  await run.close();
});

test.each(['-5', 'abc', '1e999', ''])(
  'a model that says it costs %j is refused as a fault of the provider',
  async (costUsd) => {
    const asker = llmBehavior({ name: 'asker', on: 'goal.created', run: () => undefined });
    const model = {
      defaultModel: 'm',
      recognizesModel: () => true,
      countTokens: () => Promise.resolve(1),
      estimateCost: () => '0',
      complete: () =>
        Promise.resolve({
          rawText: 'x',
          inputTokens: 1,
          outputTokens: 1,
          costUsd,
          latencySeconds: 0,
          model: 'm',
          finishReason: 'end',
          seed: null,
          providerMeta: {},
          toolCalls: null,
        }),
    };
    const run = await open('memory:', { behaviors: [asker], model });
    await run.runGoal('g');
    expect(run.errors).toMatchObject([{ reason: 'llm.request_error' }]);
    await run.close();
  },
);

test('a process that slept through a takeover does not call the tool that its successor has called', async () => {
  const database = new MemoryDatabase();
  let nowMs = 0;
  const store = (): LogStore => openMemoryStore({ sha256, nowMs: () => nowMs, database, leaseMs: 1000 });
  const calls: string[] = [];
  const clock = logicalClock('2026-01-01T00:00:00Z');
  const optionsOf = (name: string, before: () => Promise<void>) => ({
    runId: 'run',
    clock,
    tools: [tool({ name: 'pay', run: () => calls.push(name) })],
    behaviors: [
      behavior({
        name: 'payer',
        on: 'goal.created',
        tools: ['pay'],
        run: async ({ ctx }) => {
          await before();
          await ctx.callTool('pay', { eur: 100 });
        },
      }),
    ],
  });
  const asleep = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const first = await open(
    store(),
    optionsOf('first', () => {
      reached.resolve();
      return asleep.promise;
    }),
  );
  const zombie = first.runGoal('g').catch((error: unknown) => error);
  await reached.promise;
  nowMs = 5000;
  const second = await load(
    store(),
    optionsOf('second', () => Promise.resolve()),
  );
  await second.runUntilIdle();
  asleep.resolve();
  expect(await zombie).toBeInstanceOf(Error);
  expect(calls).toEqual(['second']);
  await second.close();
});
