// The cases that kill, with real processes: what survives them, and stores that nothing else finds out.
import { nodePlatform } from 'runlog';
import { runStoreCases, type StoreReport } from 'runlog/conformance';
import { beforeAll, describe, expect, it } from 'vitest';
import { killStores } from '../../src/cli/kill/kill-stores.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import { type Mistake, wrongJournal } from './makers/wrong-journal.ts';

beforeAll(() => {
  // Its children have no other way to know.
  process.env['RUNLOG_TEST_POSTGRES'] = serverUrl();
});

const noWarning = '--disable-warning=ExperimentalWarning';

/** Children are without the command line, which the tests of the command and the guides go through. */
async function killed(name: string, writes?: readonly number[]): Promise<StoreReport> {
  const module = new URL(`makers/${name}.ts`, import.meta.url).pathname;
  const child = [process.execPath, noWarning, builtProgram('kill-child'), builtProgram(name)];
  return killStores(module, { child, ...(writes === undefined ? {} : { writes }) });
}

function failuresOf({ results }: StoreReport): readonly (readonly [string, string | null])[] {
  return results.filter(({ ok }) => !ok).map(({ id, failure }) => [id, failure]);
}

describe('a store that survives its process', () => {
  /** Every write but the last; `npm run crash` does all of them on both. */
  it.each([
    ['sqlite', [1, 3, 5]],
    ['postgres', [2, 4]],
  ])('keeps all that it acknowledged, whole and once: %s', async (name, writes) => {
    const report = await killed(name, writes);
    expect(failuresOf(report)).toEqual([]);
    expect(report.groups).toEqual([{ group: 'kill', promises: 6, refusals: 0, passed: 6, failed: 0 }]);
  });
});

it('asks a store in memory whether it is empty', async () => {
  const report = await killed('memory');
  expect(failuresOf(report)).toEqual([]);
  expect(report.groups).toEqual([{ group: 'kill', promises: 0, refusals: 6, passed: 6, failed: 0 }]);
});

describe('a wrong store', () => {
  const wrong: readonly (readonly [Mistake, string, number, string, string])[] = [
    ['acknowledges before it writes', 'wrong-early', 3, 'kill/acknowledged-is-there', 'the run is there'],
    ['writes a batch event by event', 'wrong-torn', 6, 'kill/batch-whole-or-not', 'us into write 6'],
    ['leaves its lock behind', 'wrong-locked', 3, 'kill/acknowledged-is-there', 'could not be opened'],
  ];

  it.each(wrong)('that %s is caught', async (_mistake, module, write, caughtBy, words) => {
    const failures = new Map(failuresOf(await killed(module, [write])));
    expect(failures.get(caughtBy)).toContain(words);
  });

  it.each(wrong)('that %s is caught by nothing else', { timeout: 300_000 }, async (mistake) => {
    const report = await runStoreCases(wrongJournal(mistake), { platform: nodePlatform });
    expect(failuresOf(report)).toEqual([]);
  });
});
