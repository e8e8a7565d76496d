/** A fork is a pointer and reads as a copy: for the run that is opened on it as well, however deep forks of forks go. */
import * as fc from 'fast-check';
import { InvalidRuntimeConfiguration, load, logicalClock, open, type Runtime } from 'runlog';
import { append, type EventRow, type LogStore } from 'runlog/log';
import { forkRun } from 'runlog/runtime';
import { describe, expect, test } from 'vitest';
import { eventsOf, moment } from '../harness/fixed-run.ts';
import { graphJson, replayed } from '../harness/graph-json.ts';
import {
  type Action,
  actionsOnce,
  behaviorsOf,
  budget,
  drive,
  type RandomRun,
  randomRun,
} from './random-runs.ts';
import { beds, type StoreBed } from './store-beds.ts';

const common = { clock: logicalClock('2026-01-01T00:00:00Z'), budget };
const runsOf: Readonly<Record<string, number>> = { memory: 100, sqlite: 30, postgres: 10 };

async function onBed(
  make: () => StoreBed,
  work: (store: LogStore, bed: StoreBed) => Promise<void>,
): Promise<void> {
  const bed = make();
  const store = await bed.open();
  try {
    await work(store, bed);
  } finally {
    await store.close();
    await bed.clear();
  }
}

/** Everything that can be read of an open run. */
async function everything(run: Runtime): Promise<unknown> {
  const { runId: _, ...status } = await run.status({ recent: 512 });
  const { seq, hash } = await run.head();
  return {
    status,
    head: { seq, hash },
    errors: run.errors,
    graph: graphJson(run.graph),
    events: await eventsOf(run),
  };
}

/** Writes the first events of a run into another store, as a log of its own. */
async function copied(from: LogStore, logId: string, count: number, to: LogStore): Promise<void> {
  await to.create({ id: logId, kind: 'run', label: null, createdAt: moment });
  const events: EventRow[] = [];
  for await (const page of from.read(logId, { before: count + 1 }))
    for (const { seq: _, hash: __, ...row } of page) events.push(row);
  if (events.length > 0) await append(to, { logId, expected: 0, epoch: null, events });
}

async function forked(store: LogStore, parent: string, atEvent: string, runId: string): Promise<boolean> {
  try {
    await forkRun(store, { parent, atEvent, runId, label: null, createdAt: moment });
    return true;
  } catch (error) {
    // The place stands among changes that belong together.
    expect(error).toBeInstanceOf(InvalidRuntimeConfiguration);
    return false;
  }
}

interface Branch {
  /** Chooses among the runs that are there, and among the events of the one that is chosen. */
  readonly parent: number;
  readonly at: number;
  readonly actions: readonly Action[];
  readonly isDetached: boolean;
}

const branch: fc.Arbitrary<Branch> = fc.record({
  parent: fc.nat(),
  at: fc.nat(),
  actions: actionsOnce,
  isDetached: fc.boolean(),
});

describe.each(Object.entries(beds))('on a %s store', (name, { make }) => {
  const numRuns = runsOf[name] ?? 0;

  async function driven(store: LogStore, random: RandomRun): Promise<Runtime> {
    const run = await open(store, { ...common, runId: 'run_x', behaviors: behaviorsOf(random) });
    await drive(run, random);
    return run;
  }

  test('a fork at the end of a run in which nothing happens is the run', async () => {
    const law = fc.asyncProperty(randomRun, (random) =>
      onBed(make, async (store) => {
        const run = await driven(store, random);
        const last = (await eventsOf(run)).at(-1);
        // A command that failed leaves nothing to fork.
        if (last === undefined) return run.close();
        const before = await everything(run);
        const fork = await run.fork({ atEvent: last.id, runId: 'fork' });
        expect(await everything(fork)).toEqual(before);
        await fork.runUntilIdle();
        expect(await everything(fork)).toEqual(before);
        expect(await everything(run)).toEqual(before);
        await fork.close();
        await run.close();
      }),
    );
    await fc.assert(law, { numRuns });
  });

  test('a beginning of a run that tears no changes apart is a run, and comes to a sound end', async () => {
    const law = fc.asyncProperty(randomRun, fc.nat(), (random, at) =>
      onBed(make, async (store) => {
        const run = await driven(store, random);
        const events = await eventsOf(run);
        await run.close();
        const last = events[at % events.length];
        if (last === undefined || !(await forked(store, 'run_x', last.id, 'probe'))) return;
        await onBed(make, async (elsewhere) => {
          await copied(store, 'run_x', last.seq, elsewhere);
          const cut = await load(elsewhere, { ...common, runId: 'run_x', behaviors: behaviorsOf(random) });
          expect(graphJson(cut.graph)).toEqual(graphJson(replayed(events.slice(0, last.seq))));
          expect((await cut.head()).hash).toBe((await store.head('probe')).hash);
          const { state, queueDepth } = await cut.runUntilIdle();
          expect(state).toMatch(/^(idle|exhausted)$/);
          if (state === 'idle') expect(queueDepth).toBe(0);
          expect((await eventsOf(cut)).at(-1)?.type).toMatch(/^runtime\.(idle|budget_exhausted)$/);
          expect(graphJson(cut.graph)).toEqual(graphJson(replayed(await eventsOf(cut))));
          await cut.close();
        });
      }),
    );
    await fc.assert(law, { numRuns });
  });

  test('forks of forks, each gone on with, are what copies would be', async () => {
    const law = fc.asyncProperty(
      randomRun,
      fc.array(branch, { minLength: 2, maxLength: 6 }),
      (random, branches) =>
        onBed(make, async (store) => {
          const first = await driven(store, { ...random, commands: random.commands.slice(0, 1) });
          await first.close();
          const ids = ['run_x'];
          const heads = new Map([['run_x', (await store.head('run_x')).hash]]);
          for (const [index, { parent, at, actions, isDetached }] of branches.entries()) {
            const from = ids[parent % ids.length] ?? 'run_x';
            const id = `fork_${index}`;
            const { seq: length } = await store.head(from);
            if (length === 0) continue;
            const seq = 1 + (at % length);
            const event = await eventAt(store, from, seq);
            if (!(await forked(store, from, event, id))) continue;
            const before = await store.head(id);
            if (isDetached) expect((await store.detach(id)).head).toMatchObject({ seq, hash: before.hash });
            await onBed(make, async (elsewhere) => {
              await copied(store, id, seq, elsewhere);
              const ends = [];
              for (const place of [store, elsewhere]) {
                const run = await load(place, { ...common, runId: id, behaviors: behaviorsOf(random) });
                await drive(run, { behaviors: [], commands: [actions] });
                ends.push(await everything(run));
                await run.close();
              }
              expect(ends[0]).toEqual(ends[1]);
            });
            ids.push(id);
            heads.set(id, (await store.head(id)).hash);
          }
          // Nobody's history was changed by what was forked from it.
          for (const [id, hash] of heads) expect((await store.head(id)).hash).toBe(hash);
        }),
    );
    await fc.assert(law, { numRuns });
  });
});

async function eventAt(store: LogStore, logId: string, seq: number): Promise<string> {
  for await (const [stored] of store.read(logId, { after: seq - 1, limit: 1 })) return stored?.id ?? '';
  return '';
}
