/** Proves that a model that does not answer in time is given up, by the clock that the platform lends. */
import { llmBehavior, nodePlatform, type Runtime, scriptedModel } from 'runlog';
import type { CallOptions } from 'runlog/effects';
import { expect, test } from 'vitest';
import { openFixed, theEvent, typesOf } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { directInvoker, type ScriptedAnswer } from '../../effects/index.ts';
import { createRun } from '../run/open-runtime.ts';

const asker = llmBehavior({
  name: 'asker',
  on: 'goal.created',
  timeoutMs: 5,
  run: ({ rawText, graph }) => void graph.addObject('answer', { rawText }),
});

async function asked(
  respond: (options: CallOptions) => Promise<ScriptedAnswer>,
): Promise<{ readonly run: Runtime; readonly state: string }> {
  const model = scriptedModel({ respond: async (_request, _index, options) => respond(options) });
  const run = await openFixed({ behaviors: [asker], model });
  const { state } = await run.runGoal('g');
  return { run, state };
}

test('a model that never answers fails its behavior, and the run goes on', async () => {
  const { run, state } = await asked(async () => new Promise(() => undefined));
  expect(state).toBe('idle');
  expect((await theEvent(run, 'behavior.failed')).payload).toMatchObject({
    reason: 'llm.network_error',
    message: 'the model did not answer within 5 ms',
    timeout_ms: 5,
  });
});

test('the signal of the call is cancelled, and what the provider throws then is not heard', async () => {
  let isCancelled = false;
  const { run } = await asked(
    async ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          isCancelled = true;
          reject(new Error('cancelled by the provider'));
        });
      }),
  );
  expect(isCancelled).toBe(true);
  expect((await theEvent(run, 'behavior.failed')).payload).toMatchObject({ timeout_ms: 5 });
});

test('an answer that comes too late is not written', async () => {
  let answer: (text: ScriptedAnswer) => void = () => undefined;
  const { run } = await asked(async () => new Promise((resolve) => (answer = resolve)));
  const before = await typesOf(run);
  answer({ text: 'late' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(await typesOf(run)).toEqual(before);
  expect(before).not.toContain('llm.responded');
});

test('the time is that of the platform, and ends with the call', async () => {
  const waits: { readonly delayMs: number; readonly isOver: () => boolean }[] = [];
  const platform = {
    ...nodePlatform,
    sleep: async (delayMs: number, signal?: CallOptions['signal']): Promise<void> => {
      waits.push({ delayMs, isOver: () => signal?.aborted === true });
      return new Promise(() => undefined);
    },
  };
  const { nowMs, newCanceller: canceller, sleep } = platform;
  const run = await createRun(memoryPlace().open(), {
    platform,
    ownsStore: false,
    invoker: directInvoker({ nowMs, canceller, sleep }),
    behaviors: [asker],
    model: scriptedModel({ respond: ['in time'] }),
  });
  await run.runGoal('g');
  expect(run.graph.objects('answer')).toHaveLength(1);
  expect(waits.map(({ delayMs, isOver }) => [delayMs, isOver()])).toEqual([[5, true]]);
});
