/** Every driven run is verified against its log, however often it was stopped, resumed or cut on the way. */
import { load, open, type Runtime, verifyRun } from 'runlog';
import type { LogStore } from 'runlog/log';
import { forkRun } from 'runlog/runtime';
import { describe, expect, it } from 'vitest';
import { eventsOf, moment } from '../../harness/fixed-run.ts';
import { memoryPlace } from '../../harness/memory-store.ts';
import { type Breakdown, stoppingStore } from '../../harness/stopping-store.ts';
import { type Asked, common, type DrivenRun, drivenRuns } from './driven-runs.ts';

const names = drivenRuns(new Map()).map(({ name }) => name);

function runNamed(name: string, asked: Asked = new Map()): DrivenRun {
  const found = drivenRuns(asked).find((run) => run.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

/** Verifies without a model, and sees that no tool was called. */
async function expectVerified(store: LogStore, name: string, runId: string, at = ''): Promise<void> {
  const asked: Asked = new Map();
  const { model: _model, ...program } = runNamed(name, asked).options();
  const report = await verifyRun(store, { ...common, ...program, runId });
  const { seq } = await store.head(runId);
  expect(report, at).toMatchObject({ divergence: null, events: seq, verified: seq });
  expect([...asked.keys()], at).toEqual([]);
}

async function whole(name: string, store: LogStore): Promise<Runtime> {
  const { options, drive } = runNamed(name);
  const run = await open(store, { ...common, ...options() });
  await drive(run);
  return run;
}

/** Drives a run on stores that break at some commit, and then on a sound one. */
async function stopped(name: string, ats: readonly number[], breakdown: Breakdown): Promise<LogStore> {
  const place = memoryPlace();
  for (const at of ats) {
    const breaking = stoppingStore(place.open(), at, breakdown);
    const { options, drive } = runNamed(name);
    const isNew = place.database.logs.size === 0;
    const run = await (isNew ? open : load)(breaking.store, { ...common, ...options() });
    const driving = drive(run).then(
      () => true,
      () => false,
    );
    await Promise.race([breaking.broken, driving]);
    if (breakdown !== 'silent') await run.close().catch(() => undefined);
    place.lapse();
  }
  const { options, drive } = runNamed(name);
  const run = await load(place.open(), { ...common, ...options() });
  await drive(run);
  await run.close();
  return place.open();
}

describe.each(names)('a run with %s', (name) => {
  it('is verified', async () => {
    const store = memoryPlace().open();
    await (await whole(name, store)).close();
    await expectVerified(store, name, common.runId);
  });

  it.each<Breakdown>(['before', 'after', 'silent'])(
    'is verified after a stop at any commit (%s)',
    async (breakdown) => {
      for (let at = 1; at <= 12; at += 1) {
        const store = await stopped(name, [at, 2], breakdown);
        await expectVerified(store, name, common.runId, `stopped at ${at}`);
      }
    },
  );

  it('is verified as far as it goes, wherever it is cut, and after it has gone on from there', async () => {
    const store = memoryPlace().open();
    const run = await whole(name, store);
    for (const { id, seq } of await eventsOf(run)) {
      const forkId = `fork_${seq}`;
      const fork = { parent: common.runId, atEvent: id, runId: forkId, label: null, createdAt: moment };
      const made = await forkRun(store, fork).catch(() => null);
      if (made === null) continue;
      await expectVerified(store, name, forkId, `cut at ${id}`);
      const { options, drive } = runNamed(name);
      const again = await load(store, { ...common, ...options(), runId: forkId });
      await drive(again);
      await again.close();
      await expectVerified(store, name, forkId, `forked at ${id}`);
      await store.detach(forkId);
      await expectVerified(store, name, forkId, `detached at ${id}`);
    }
  });
});
