/**
 * Decides what a fork that is to stand by itself takes along besides events: the records of who drove what it shares, under its own id.
 * They are written before it is detached, so that a stop in between loses nothing; a fork that still has its parent says the same with them.
 */
import { checkArguments } from '../../base/index.ts';
import { commitLimits, type LogInfo, type LogStore, stretchesOf } from '../../log/index.ts';
import { openingKind, openingsToTake, takenOpeningId } from '../run/opening.ts';

/** A record names what drove a run, in some thousand characters. */
const recordsAtOnce = 500;

/** Writes down with a fork who drove its parents up to its fork point; nothing for a run that has none. Done again, it changes nothing. */
export async function takeOpenings(store: LogStore, fork: LogInfo): Promise<void> {
  checkArguments('takeOpenings', { store: [store, 'with commit'], fork: [fork, 'with lineage'] });
  // A run whose id leaves no room for more goes on without such records.
  if (takenOpeningId(fork.id, 0).length > commitLimits.idCharacters) return;
  const taken: string[] = [];
  for (const stretch of stretchesOf(fork).slice(0, -1))
    for (const value of await openingsToTake(store, stretch)) taken.push(JSON.stringify(value));
  const writes = taken.map((value, index) => ({
    ...{ kind: openingKind, id: takenOpeningId(fork.id, index), value },
    expectedVersion: 'any' as const,
  }));
  for (let from = 0; from < writes.length; from += recordsAtOnce)
    await store.commit([], writes.slice(from, from + recordsAtOnce));
}
