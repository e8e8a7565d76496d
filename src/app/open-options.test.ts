import { expect, test } from 'vitest';
import { verifyRun } from './replay/verify-run.ts';
import { forkRun } from './fork/fork-run.ts';
import { load, open } from './open.ts';

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

test('forkRun refuses a part of its request that it does not know', async () => {
  const request = misspelled({ atEvent: 'evt_001' }, 'labels');
  await expect(forkRun('sqlite:///not-there.db', request)).rejects.toMatchObject({
    context: { option: 'labels', near: ['label'] },
  });
});
