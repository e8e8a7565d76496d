/**
 * Decides what is taken along of who drove a run when only a part of its history is: by a fork that is to stand by itself, under ids of its
 * own, and by a copy of a run that ends at a fork point. A fork that still has its parent says the same with such records as without.
 */
import { checkArguments } from '../../base/index.ts';
import {
  commitLimits,
  type LogInfo,
  type LogStore,
  type StoredRecord,
  stretchesOf,
} from '../../log/index.ts';
import { openingKind, openingsToTake, recordedOpenings, takenOpeningId } from '../run/opening.ts';

/** A record names what drove a run, in some thousand characters. */
const recordsAtOnce = 500;

/**
 * Writes down with a fork who drove its parents up to its fork point, before it is detached, so that a stop in between loses nothing;
 * nothing for a run that has none. Done again, it changes nothing.
 */
export async function takeOpenings(store: LogStore, fork: LogInfo): Promise<void> {
  checkArguments('takeOpenings', { store: [store, 'with commit'], fork: [fork, 'with lineage'] });
  const writes = (await openingsOfPast(store, fork)).map(({ kind, id, value }) => ({
    ...{ kind, id, value },
    expectedVersion: 'any' as const,
  }));
  for (let from = 0; from < writes.length; from += recordsAtOnce)
    await store.commit([], writes.slice(from, from + recordsAtOnce));
}

/** The records of who drove the parents of a fork up to its fork point, as they stand with a fork that was detached. */
export async function openingsOfPast(store: LogStore, fork: LogInfo): Promise<readonly StoredRecord[]> {
  checkArguments('openingsOfPast', { store: [store, 'with records'], fork: [fork, 'with lineage'] });
  // A run whose id leaves no room for more goes on without such records.
  if (takenOpeningId(fork.id, 0).length > commitLimits.idCharacters) return [];
  const taken: string[] = [];
  for (const stretch of stretchesOf(fork).slice(0, -1))
    for (const value of await openingsToTake(store, stretch)) taken.push(JSON.stringify(value));
  return taken.map((value, index) => ({
    kind: openingKind,
    id: takenOpeningId(fork.id, index),
    version: 1,
    value,
  }));
}

/** The records of who drove a run up to one of its places, as they would be had it ended there. */
export async function openingsUpTo(
  store: LogStore,
  runId: string,
  seq: number,
): Promise<readonly StoredRecord[]> {
  checkArguments('openingsUpTo', {
    store: [store, 'with records'],
    runId: [runId, 'text'],
    seq: [seq, 'number'],
  });
  return recordedOpenings(store, runId, seq);
}
