/** Whatever a fork and its parent did: a promotion without conflicts gives the parent what the fork changed and leaves it the rest; one with conflicts changes nothing. */
import * as fc from 'fast-check';
import { isJsonObject, type JsonValue } from 'runlog/base';
import { type GraphReader, PromoteConflictError, type Promotion, type Runtime } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, openFixed } from '../harness/fixed-run.ts';
import { graphJson, replayed } from '../harness/graph-json.ts';
import { behaviorsOf, budget, drive, type RandomRun, randomRun } from './random-runs.ts';

type Fields = ReadonlyMap<string, JsonValue>;

/** Data of the objects by id, with ids of one run told by those of another. */
function fieldsOf(graph: GraphReader, ids: ReadonlyMap<string, string>): ReadonlyMap<string, Fields> {
  const name = (value: JsonValue): JsonValue =>
    typeof value === 'string' ? (ids.get(value) ?? value) : value;
  return new Map(
    graph
      .objects()
      .map(({ id, data }) => [
        ids.get(id) ?? id,
        new Map(Object.entries(data).map(([field, value]) => [field, name(value)])),
      ]),
  );
}

/** What the parent has to hold: what the fork changed since the base, and otherwise what it held. */
function merged(
  base: ReadonlyMap<string, Fields>,
  fork: ReadonlyMap<string, Fields>,
  parent: ReadonlyMap<string, Fields>,
): ReadonlyMap<string, Fields> {
  const ids = new Set([...base.keys(), ...fork.keys(), ...parent.keys()]);
  const objects = new Map<string, Fields>();
  for (const id of ids) {
    const [before, now, here] = [base.get(id), fork.get(id), parent.get(id)];
    if (before === undefined && now !== undefined) objects.set(id, now);
    if (before !== undefined && now === undefined) continue;
    if (here === undefined || objects.has(id)) continue;
    const fields = new Map(here);
    for (const field of new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const value = now?.get(field);
      if (value === before?.get(field)) continue;
      if (value === undefined) fields.delete(field);
      else fields.set(field, value);
    }
    objects.set(id, fields);
  }
  return objects;
}

async function promoted(run: Runtime, fork: Runtime): Promise<Promotion | null> {
  try {
    return await run.promote(fork, { by: 'jane' });
  } catch (error) {
    if (error instanceof PromoteConflictError) return null;
    throw error;
  }
}

async function tried(
  past: RandomRun,
  inParent: RandomRun,
  inFork: RandomRun,
): Promise<'taken' | 'refused' | 'empty'> {
  const run = await openFixed({ runId: 'run', behaviors: behaviorsOf(past), budget });
  await drive(run, past);
  const last = (await eventsOf(run)).at(-1);
  if (last === undefined) return 'empty';
  const base = replayed(await eventsOf(run));
  const fork = await run.fork({ atEvent: last.id, runId: 'fork' });
  await drive(fork, inFork);
  await drive(run, inParent);
  const before = { events: await eventsOf(run), objects: fieldsOf(run.graph, new Map()) };
  const promotion = await promoted(run, fork);
  const events = await eventsOf(run);
  if (promotion?.eventId === undefined || promotion.eventId === null) {
    expect(events).toEqual(before.events);
    return promotion === null ? 'refused' : 'empty';
  }
  const [marker, ...changes] = events.slice(before.events.length);
  const counts: JsonValue = marker?.payload['counts'] ?? null;
  expect(isJsonObject(counts) ? counts['events'] : null).toBe(changes.length);
  const ids = new Map(promotion.plan.created.map(({ forkId, id }) => [forkId, id]));
  expect(fieldsOf(run.graph, new Map())).toEqual(
    merged(fieldsOf(base, new Map()), fieldsOf(fork.graph, ids), before.objects),
  );
  expect(
    run.graph.relations().every(({ source, target }) => [source, target].every((id) => run.graph.object(id))),
  ).toBe(true);
  expect(graphJson(replayed(events))).toEqual(graphJson(run.graph));
  expect((await run.promote(fork, { by: 'jane' })).eventId).toBeNull();
  return 'taken';
}

test('a promotion gives the parent what the fork changed, or changes nothing', async () => {
  const outcomes = { taken: 0, refused: 0, empty: 0 };
  await fc.assert(
    fc.asyncProperty(randomRun, randomRun, randomRun, async (past, inParent, inFork) => {
      outcomes[await tried(past, inParent, inFork)] += 1;
    }),
    { numRuns: 120 },
  );
  // Both were met. How often is a matter of chance, and a dozen is the usual number.
  expect(outcomes.taken).toBeGreaterThan(0);
  expect(outcomes.refused).toBeGreaterThan(0);
});
