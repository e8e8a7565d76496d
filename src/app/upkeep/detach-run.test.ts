/** Proves that a fork which stands by itself is driven as it would have been beside its parent. */
import { describe, expect, it } from 'vitest';
import { driven, forked, noter, openingsOf, other } from '../../../test/harness/driven-forks.ts';
import { behavior } from '../../runtime/index.ts';
import { forkRun } from '../fork/fork-run.ts';
import { inspectBehaviors } from '../inspect/inspect-run.ts';
import { load, open } from '../open.ts';
import { verifyRun } from '../replay/verify-run.ts';
import { detachRun } from './pin-run.ts';
import { deleteRuns } from './retention.ts';

const third = behavior({ name: 'third', on: 'goal.created', run: () => undefined });

/** What a behavior that comes in by itself brings besides. */
const none = {
  ...{ owner: null, tools: [], objectTypes: [], relationTypes: [], policies: [] },
  ...{ settings: undefined, loadedPayload: null },
};

async function detached(url: string, runId: string, parent: 'stays' | 'goes'): Promise<void> {
  await detachRun(url, runId);
  if (parent === 'goes') await deleteRuns(url, { ids: ['parent'], apply: true });
}

describe.each(['stays', 'goes'] as const)(
  'a fork that is detached before anybody drove it, whose parent %s',
  (parent) => {
    it('names the behaviors that drove its parent at the fork point', async () => {
      const url = await forked(['fork', 'evt_001']);
      await detached(url, 'fork', parent);
      const { value } = await inspectBehaviors(url, { runId: 'fork' });
      expect(value.map(({ name }) => name)).toEqual(['noter']);
    });

    it('is not driven without them', async () => {
      const url = await forked(['fork', 'evt_001']);
      await detached(url, 'fork', parent);
      const run = await load(url, { runId: 'fork' });
      await expect(run.runUntilIdle()).rejects.toMatchObject({ context: { behaviors: ['noter'] } });
      await run.close();
    });

    it('is driven with others, as beside its parent', async () => {
      const url = await forked(['fork', 'evt_001']);
      await detached(url, 'fork', parent);
      const run = await load(url, { runId: 'fork', behaviors: [third] });
      expect((await run.runUntilIdle()).state).toBe('idle');
      await run.close();
    });

    it('goes on under the clock, the seed and the frame of its parent', async () => {
      const url = await forked(['fork', 'evt_001'], ['twin', 'evt_001']);
      const beside = await driven(url, 'twin');
      await deleteRuns(url, { ids: ['twin'], apply: true });
      await detached(url, 'fork', parent);
      expect(await driven(url, 'fork')).toBe(beside);
    });

    it('is verified, what it has inherited included', async () => {
      const url = await forked(['fork', 'evt_009']);
      await detached(url, 'fork', parent);
      await driven(url, 'fork');
      const report = await verifyRun(url, { runId: 'fork', behaviors: [noter, other] });
      expect(report.divergence).toBeNull();
    });
  },
);

describe('a fork that is detached', () => {
  it('keeps who drove its parent when it was driven itself', async () => {
    const url = await forked(['fork', 'evt_001']);
    await driven(url, 'fork');
    await detachRun(url, 'fork');
    await forkRun(url, { runId: 'fork', atEvent: 'evt_001', newRunId: 'below' });
    await detachRun(url, 'below');
    const { value } = await inspectBehaviors(url, { runId: 'below' });
    expect(value.map(({ name }) => name)).toEqual(['noter']);
  });

  it('does not name a behavior that came in behind its fork point', async () => {
    const url = await forked();
    const run = await open(url, { runId: 'late', behaviors: [noter] });
    await run.runGoal('one');
    await run.install({ ...none, behaviors: [other] });
    await run.runGoal('two');
    await run.close();
    await forkRun(url, { runId: 'late', atEvent: 'evt_001', newRunId: 'fork' });
    await detachRun(url, 'fork');
    const { value } = await inspectBehaviors(url, { runId: 'fork' });
    expect(value.map(({ name }) => name)).toEqual(['noter']);
  });

  it('is the same when it is detached again', async () => {
    const url = await forked(['fork', 'evt_009']);
    await detachRun(url, 'fork');
    const before = await openingsOf(url, 'fork');
    await detachRun(url, 'fork');
    expect(before).toHaveLength(2);
    const values = (await openingsOf(url, 'fork')).map(({ id, value }) => [id, value]);
    expect(values).toEqual(before.map(({ id, value }) => [id, value]));
  });

  it('takes each drive once, also from a fork that was detached before it', async () => {
    const url = await forked(['fork', 'evt_005']);
    await driven(url, 'fork');
    await forkRun(url, { runId: 'fork', atEvent: 'evt_009', newRunId: 'below' });
    await detachRun(url, 'fork');
    await detachRun(url, 'below');
    const values = (await openingsOf(url, 'below')).map(({ value }) => value);
    expect(values.map((value) => /"run_id":"(\w+)"/.exec(value)?.[1])).toEqual(['parent', 'fork']);
  });
});
