/** Proves what is said of a run that nobody drives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { behavior } from '../../runtime/index.ts';
import { forkRun } from '../fork/fork-run.ts';
import { load, open } from '../open.ts';
import { inspectBehaviors } from './inspect-run.ts';

it('names the behaviors of a fork that drove its parent at the fork point', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-inspect-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const url = `sqlite:///${join(folder, 'runs.db')}`;
  for (const name of ['before', 'after']) {
    const behaviors = [behavior({ name, on: 'goal.created', run: () => undefined })];
    const run = await (name === 'before'
      ? open(url, { runId: 'run', behaviors })
      : load(url, { runId: 'run', behaviors, withoutMissing: true }));
    await run.runGoal(name);
    await run.close();
  }
  const namesOf = async (runId: string): Promise<readonly string[]> =>
    (await inspectBehaviors(url, { runId })).value.map(({ name }) => name);
  const { runId } = await forkRun(url, { runId: 'run', atEvent: 'evt_002' });
  expect(await namesOf(runId)).toEqual(['before']);
  expect(await namesOf('run')).toContain('after');
});
