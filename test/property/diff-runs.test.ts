/** The difference of two runs, read from their tails, is that of their whole graphs; a run does not differ from itself. */
import * as fc from 'fast-check';
import { diffGraphs, type GraphReader, type LogEvent, type Runtime } from 'runlog';
import { isJsonObject, type JsonValue } from 'runlog/base';
import { project, Tables } from 'runlog/graph';
import type { LogStore } from 'runlog/log';
import { diffRuns, type RunDiff } from 'runlog/runtime';
import { expect, test } from 'vitest';
import { eventsOf, openFixed } from '../harness/fixed-run.ts';
import { replayed } from '../harness/graph-json.ts';
import { memoryPlace } from '../harness/memory-store.ts';
import { writeLog } from '../harness/raw-log.ts';
import { type GraphEvent, graphEvent } from './graph-events.ts';
import { behaviorsOf, budget, drive, type RandomRun, randomRun } from './random-runs.ts';

/** Which elements differ, where, and in which fields. */
function stateOf({ objects, relations }: RunDiff): unknown {
  const told = ({
    id,
    where,
    fields,
  }: RunDiff['objects'][number] | RunDiff['relations'][number]): unknown => [
    id,
    where,
    fields.map(({ field, left, right }) => [field, left, right]),
  ];
  return [...objects.map(told), ...relations.map(told)].toSorted(byText);
}

function wholeDiff(left: GraphReader, right: GraphReader): unknown {
  const { objects, relations } = diffGraphs(left, right);
  return [objects, relations]
    .flatMap(({ onlyLeft, onlyRight, changed }) => [
      ...onlyLeft.map(({ id }) => [id, 'left', []]),
      ...onlyRight.map(({ id }) => [id, 'right', []]),
      ...changed.map(({ left: { id }, fields }) => [
        id,
        'both',
        fields.map(({ field, left: before, right: after }) => [field, before, after]),
      ]),
    ])
    .toSorted(byText);
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function mirrored(diff: RunDiff): unknown {
  const { left, right, events, objects, relations, usage, isIdentical } = diff;
  const swap = { left: 'right', right: 'left', both: 'both' } as const;
  return {
    ids: [right.runId, left.runId],
    shared: events.shared,
    counts: [events.onlyRight.length, events.onlyLeft.length],
    elements: [...objects, ...relations].map(({ id, where, leftEvents, rightEvents }) => [
      id,
      swap[where],
      rightEvents,
      leftEvents,
    ]),
    usage: [usage.right, usage.left],
    isIdentical,
  };
}

function plain(diff: RunDiff): unknown {
  const { left, right, events, objects, relations, usage, isIdentical } = diff;
  return {
    ids: [left.runId, right.runId],
    shared: events.shared,
    counts: [events.onlyLeft.length, events.onlyRight.length],
    elements: [...objects, ...relations].map(({ id, where, leftEvents, rightEvents }) => [
      id,
      where,
      leftEvents,
      rightEvents,
    ]),
    usage: [usage.left, usage.right],
    isIdentical,
  };
}

async function driven(store: LogStore, runId: string, story: RandomRun): Promise<Runtime> {
  const run = await openFixed({ runId, behaviors: behaviorsOf(story), budget }, store);
  await drive(run, story);
  return run;
}

/** A fork at a place that may be forked, at or before the one that was asked for. */
async function forkNear(run: Runtime, events: readonly LogEvent[], place: number): Promise<Runtime> {
  for (let index = place % events.length; index > 0; index -= 1) {
    const atEvent = events[index]?.id ?? '';
    const fork = await run.fork({ atEvent, runId: 'fork' }).catch(() => null);
    if (fork !== null) return fork;
  }
  return run.fork({ atEvent: events[0]?.id ?? '', runId: 'fork' });
}

test('a run does not differ from itself, nor from the same work done again', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, async (story) => {
      const store = memoryPlace().open();
      const [run, again] = [await driven(store, 'a', story), await driven(store, 'b', story)];
      for (const diff of [await run.diff(run), await run.diff(again)]) {
        expect(diff).toMatchObject({ isIdentical: true, objects: [], relations: [] });
        expect(diff.events).toEqual({ shared: (await run.head()).seq, onlyLeft: [], onlyRight: [] });
      }
      await run.close();
      await again.close();
    }),
    { numRuns: 40 },
  );
});

test('a run and its fork differ as their graphs do, seen from either side', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, randomRun, fc.nat(), async (story, other, place) => {
      const store = memoryPlace().open();
      const run = await driven(store, 'run', story);
      const events = await eventsOf(run);
      fc.pre(events.length > 0);
      const fork = await forkNear(run, events, place);
      await drive(fork, other);
      const diff = await run.diff(fork);
      expect(stateOf(diff)).toEqual(wholeDiff(run.graph, fork.graph));
      expect(plain(await fork.diff(run))).toEqual(mirrored(diff));
      await fork.close();
      await run.close();
    }),
    { numRuns: 100 },
  );
});

test('logs of other writers, with ids made twice and operations that nobody knows, differ as their graphs do', async () => {
  const events = fc.array(graphEvent, { maxLength: 12 });
  const seen = { differing: 0 };
  await fc.assert(
    fc.asyncProperty(events, events, events, fc.boolean(), async (before, left, right, areKin) => {
      const past = withoutDangling(before);
      const store = memoryPlace().open();
      const whole = (own: readonly GraphEvent[]): readonly GraphEvent[] => [...past, ...own];
      await writeLog(store, 'left', whole(left));
      if (areKin) {
        const createdAt = '2026-01-01T00:00:00Z';
        await store.fork({ parent: 'left', atSeq: past.length, id: 'right', label: null, createdAt });
        await writeOn(store, 'right', past.length, right);
      } else await writeLog(store, 'right', whole(right));
      const diff = await diffRuns(store, 'left', 'right');
      const graphs = [left, right].map((own) => replayed(planted(whole(own))));
      const expected = wholeDiff(graphs[0] ?? replayed([]), graphs[1] ?? replayed([]));
      expect(stateOf(diff)).toEqual(expected);
      expect(diff.past.equalSeq).toBeGreaterThanOrEqual(past.length);
      if (!diff.isIdentical) seen.differing += 1;
    }),
    { numRuns: 500 },
  );
  expect(seen.differing).toBeGreaterThan(100);
});

function planted(events: readonly GraphEvent[]): readonly LogEvent[] {
  return events.map(({ type, payload }, index) => ({
    seq: index + 1,
    id: `evt_${index}`,
    type,
    payload,
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp: '',
  }));
}

/** No writer of the past made a relation before its ends. */
function withoutDangling(events: readonly GraphEvent[]): readonly GraphEvent[] {
  const tables = new Tables();
  return events.filter(({ type, payload }) => {
    const relation: JsonValue = payload['relation'] ?? null;
    const ends = isJsonObject(relation) ? [relation['source'], relation['target']] : [];
    if (ends.some((id) => typeof id === 'string' && tables.object(id) === undefined)) return false;
    project(tables, type, payload);
    return true;
  });
}

async function writeOn(
  store: LogStore,
  logId: string,
  after: number,
  events: readonly GraphEvent[],
): Promise<void> {
  const { seq } = await store.head(logId);
  await writeLog(store, `${logId}-source`, events);
  for await (const page of store.read(`${logId}-source`)) {
    const rows = page.map((row) => ({ ...row, id: `evt_${String(row.seq + after).padStart(3, '0')}` }));
    await store.commit([{ logId, expected: seq, epoch: null, events: rows }]);
  }
}
