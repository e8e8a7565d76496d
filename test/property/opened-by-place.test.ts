/**
 * A run that was opened without looking into its graph knows what one knows that has looked at every event: in a store that reads again
 * on the spot, and in one that keeps texts; also when it is asked in the middle of making its graph.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { logicalClock, nodePlatform, open, sha256 } from 'runlog';
import { decodeEvent, type LogEvent, type LogStore, type ReadOptions, type StoredEvent } from 'runlog/log';
import { type LoadedRun, loadState, type LoadStateOptions } from 'runlog/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateAfter } from '../../src/runtime/run/load-state.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { memoryPlace } from '../harness/memory-store.ts';
import { objectPayload, writeLog } from '../harness/raw-log.ts';
import { graphEvent } from './graph-events.ts';
import { behaviorsOf, budget, drive, randomRun } from './random-runs.ts';
import { wholeOf } from './snapshot/loaded-whole.ts';

let folder = '';
let runs = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runlog-place-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const onTheSpot = async (): Promise<LogStore> =>
  openSqliteStore({ path: join(folder, 'runs.db'), mode: 'create', durability: 'process' });

/** A store that never gives out what may be passed over, as it does where that is most of a page. */
async function alwaysPassingOver(): Promise<LogStore> {
  const store = await onTheSpot();
  return new Proxy(store, {
    get: (_, name) => {
      if (name === 'read') return readOutline;
      const value: unknown = Reflect.get(store, name);
      return typeof value === 'function' ? (value.bind(store) as unknown) : value;
    },
  });
  async function* readOutline(id: string, options: ReadOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    const { passedOver = [], withPayloads = false } = options;
    const isLeftOut = ({ type }: StoredEvent): boolean => !withPayloads && passedOver.includes(type);
    for await (const page of store.read(id, options))
      yield page.map((stored) => (isLeftOut(stored) ? { ...stored, payload: '' } : stored));
  }
}

const stores = {
  'on the spot': onTheSpot,
  'on the spot, by places alone': alwaysPassingOver,
  'kept as texts': async (): Promise<LogStore> => memoryPlace().open(),
};

async function eventsOf(store: LogStore, id: string): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const page of store.read(id)) for (const stored of page) events.push(decodeEvent(stored, id));
  return events;
}

/** How a run can be rebuilt: all ways give the same. */
const ways = fc.constantFrom<LoadStateOptions>(
  {},
  { wantsGraph: nodePlatform },
  { verifyWith: sha256 },
  { verifyWith: sha256, wantsGraph: nodePlatform },
);

/** What was put off has its event at hand or has it not. */
const withoutHands = (whole: object): string =>
  JSON.stringify(whole, (key, value: unknown) => (key === 'event' ? undefined : value));

/** Asks a little of a graph that is not made yet, or half made. */
async function touch({ tables, state }: LoadedRun, how: number): Promise<void> {
  const half = tables.prepare(async () => {
    if (how === 1) tables.object('o#1');
    if (how === 2) expect(state.counters.object).toBeGreaterThanOrEqual(0);
  });
  if (how === 3) tables.relationsOf('o#2');
  await half;
}

describe.each(Object.entries(stores))('%s', (_, openStore) => {
  it('gives what every event, one after the other, leads to', async () => {
    const store = await openStore();
    await fc.assert(
      fc.asyncProperty(randomRun, fc.nat({ max: 4 }), ways, async (random, how, way) => {
        const runId = `run_${(runs += 1)}`;
        const clock = logicalClock('2026-01-01T00:00:00Z');
        const run = await open(store, { clock, budget, runId, behaviors: behaviorsOf(random) });
        await drive(run, random);
        await run.close();
        const loaded = await loadState(store, runId, way);
        const whole = stateAfter(await eventsOf(store, runId));
        if (how < 4) await touch(loaded, how);
        expect({ ...loaded.state.counters }).toEqual(whole.state.counters);
        expect(withoutHands(wholeOf(loaded))).toBe(withoutHands(wholeOf(whole)));
      }),
      { numRuns: 60 },
    );
    await store.close();
  });

  it('holds for what no runtime of today would write', async () => {
    const store = await openStore();
    const logs = fc.array(graphEvent, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(logs, fc.nat({ max: 4 }), ways, async (events, how, way) => {
        const runId = `log_${(runs += 1)}`;
        await writeLog(
          store,
          runId,
          events.map((event, index) => (index % 5 === 2 ? { ...event, id: `own-${index}` } : event)),
        );
        const loaded = await loadState(store, runId, way);
        const whole = stateAfter(await eventsOf(store, runId));
        if (how < 4) await touch(loaded, how);
        expect({ ...loaded.state.counters }).toEqual(whole.state.counters);
        expect(withoutHands(wholeOf(loaded))).toBe(withoutHands(wholeOf(whole)));
      }),
      { numRuns: 150 },
    );
    await store.close();
  });
});

it('holds when more events of the graph are wanted than are kept at once', async () => {
  const store = memoryPlace().open();
  const many = Array.from({ length: 50_010 }, (_, index) => ({
    type: 'object.removed',
    payload: { id: `o#${index}` },
  }));
  const last = { type: 'object.created', payload: objectPayload('o#1', 'note') };
  await writeLog(store, 'many', [last, ...many, last]);
  const { tables } = await loadState(store, 'many', { wantsGraph: nodePlatform });
  expect([...tables.objects('note')].map(({ id }) => id)).toEqual(['o#1']);
  expect(tables.size).toBe(1);
  await store.close();
});
