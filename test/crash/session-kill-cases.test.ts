// The cases of the session kit that need processes: what survives those that are killed, and what two write at once.
import type { StoreReport } from 'runlog/conformance';
import { beforeAll, expect, it } from 'vitest';
import { killStores } from '../../src/cli/kill/kill-stores.ts';
import { builtProgram } from '../harness/built-programs/built-program.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';

beforeAll(() => {
  // Its children have no other way to know.
  process.env['RUNLOG_TEST_POSTGRES'] = serverUrl();
});

const noWarning = '--disable-warning=ExperimentalWarning';

async function killed(name: string, writes: readonly number[]): Promise<StoreReport> {
  const module = new URL(`makers/${name}.ts`, import.meta.url).pathname;
  const child = [process.execPath, noWarning, builtProgram('kill-child'), builtProgram(name)];
  return killStores(module, { child, port: 'session-store', writes });
}

function failuresOf({ results }: StoreReport): readonly (readonly [string, string | null])[] {
  return results.filter(({ ok }) => !ok).map(({ id, failure }) => [id, failure]);
}

/** `runlog conformance --port session-store MODULE --kill` does all writes on each. */
it.each([
  ['session-sqlite', [4]],
  ['session-postgres', [2]],
])(
  'a session store keeps all that it acknowledged, whole and once, and is written by two: %s',
  async (name, writes) => {
    const report = await killed(name, writes);
    expect(failuresOf(report)).toEqual([]);
    expect(report.groups).toEqual([
      { group: 'kill', promises: 5, refusals: 0, passed: 5, failed: 0 },
      { group: 'processes', promises: 3, refusals: 0, passed: 3, failed: 0 },
    ]);
  },
);

it('a session store in memory is asked whether it is empty', async () => {
  const report = await killed('session-memory', [5]);
  expect(failuresOf(report)).toEqual([]);
  expect(report.groups.map(({ refusals }) => refusals)).toEqual([5, 3]);
});

it('a store whose flush is torn is caught', async () => {
  const failures = new Map(failuresOf(await killed('session-wrong-torn', [5])));
  expect([...failures.keys()]).toEqual(['kill/rows-and-events-together']);
  expect(failures.get('kill/rows-and-events-together')).toContain('"session":"completed"');
});
