/** Proves that a run over an open store is neither made nor loaded with an option that nobody reads. */
import { nodePlatform } from 'runlog';
import { expect, it } from 'vitest';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { directInvoker } from '../../effects/index.ts';
import { checkRunOptions, createRun, loadRun } from './open-runtime.ts';

const { nowMs, newCanceller: canceller, sleep } = nodePlatform;
const options = {
  platform: nodePlatform,
  ownsStore: false,
  invoker: directInvoker({ nowMs, canceller, sleep }),
};
const misspelled = Object.assign({ budgets: { maxEvents: 1 } }, options);

it.each([
  ['createRun', async () => createRun(memoryPlace().open(), misspelled)],
  ['loadRun', async () => loadRun(memoryPlace().open(), 'run', misspelled)],
  ['checkRunOptions', async () => checkRunOptions(misspelled)],
])('%s refuses an option that it does not know, and names the one that was meant', async (call, use) => {
  await expect(use()).rejects.toMatchObject({
    code: 'invalid-runtime-configuration',
    summary: `\`${call}\` has no option 'budgets'`,
    context: { near: ['budget'] },
  });
});

it('makes no run when an option is refused', async () => {
  const store = memoryPlace().open();
  await createRun(store, misspelled).catch(() => undefined);
  expect(await store.logs()).toEqual([]);
});

it('takes every option that it knows', async () => {
  const run = await createRun(memoryPlace().open(), { ...options, runId: 'run', budget: {}, seed: 1 });
  expect(run.runId).toBe('run');
  await run.close();
});
