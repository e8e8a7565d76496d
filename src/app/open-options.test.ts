import { expect, test } from 'vitest';
import { planFork, planStoredFork } from './replay/plan-fork.ts';
import { verifyRun } from './replay/verify-run.ts';
import { forkRun } from './fork/fork-run.ts';
import { openForkWithSettings } from './fork/fork-with-settings.ts';
import { load, open } from './open.ts';
import { openStore } from './open-store.ts';

/** As a program without types would write it. */
function misspelled<Options extends object>(options: Options, name: string): Options {
  return Object.defineProperty({ ...options }, name, { value: 1, enumerable: true });
}

test.each([
  ['open', () => open('memory:', misspelled({}, 'budgets'))],
  ['load', () => load('sqlite:///not-there.db', misspelled({}, 'budgets'))],
  ['verifyRun', () => verifyRun('sqlite:///not-there.db', misspelled({}, 'budgets'))],
  [
    'fork',
    async () => {
      const run = await open('memory:');
      try {
        return await run.fork(misspelled({ atEvent: 'evt_001' }, 'budgets'));
      } finally {
        await run.close();
      }
    },
  ],
])('%s refuses an option that it does not know, and names the one that was meant', async (call, use) => {
  await expect(use()).rejects.toMatchObject({
    code: 'invalid-runtime-configuration',
    context: { option: 'budgets', near: ['budget'] },
    summary: `\`${call}\` has no option 'budgets'`,
  });
});

test.each([
  [
    'planFork',
    async (request: object) =>
      planFork(await openStore('memory:'), Object.assign({ parent: 'r', atEvent: 'e' }, request), {}),
  ],
  [
    'planStoredFork',
    async (request: object) =>
      planStoredFork('sqlite:///not-there.db', Object.assign({ parent: 'r', atEvent: 'e' }, request)),
  ],
])('%s refuses a part of its request that it does not know', async (call, plan) => {
  await expect(plan({ records: true })).rejects.toMatchObject({
    summary: `\`${call}\` has no option 'records'`,
    context: { near: ['record'] },
  });
});

test('openForkWithSettings makes no fork for options that it does not know', async () => {
  const store = await openStore('memory:');
  const parent = await open(store, { runId: 'parent' });
  await parent.runGoal('g');
  await parent.close();
  const fork = { parent: 'parent', atEvent: 'evt_001', runId: 'fork', label: 'l', overrides: [] };
  const refusal = { summary: "`openForkWithSettings` has no option 'budgets'" };
  await expect(openForkWithSettings(store, fork, misspelled({}, 'budgets'))).rejects.toMatchObject(refusal);
  await expect(openForkWithSettings(store, misspelled(fork, 'budgets'), {})).rejects.toMatchObject(refusal);
  expect(await store.info('fork')).toBeUndefined();
});

test('forkRun refuses a part of its request that it does not know', async () => {
  const request = misspelled({ atEvent: 'evt_001' }, 'labels');
  await expect(forkRun('sqlite:///not-there.db', request)).rejects.toMatchObject({
    context: { option: 'labels', near: ['label'] },
  });
});
