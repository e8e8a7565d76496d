/** Decides what comes with the runs of a store of our own: their documents, and with a part of a run those of who drove that part. */
import type { WholeLogStore } from '../../log/index.ts';
import { logSource, type MigrationSource } from '../../migrate/index.ts';
import { openingsOfPast, openingsUpTo } from '../../runtime/index.ts';

const drivers = { upTo: openingsUpTo, ofPast: openingsOfPast };

/** `location` is what the report calls it, without a password. The source does not close the store. */
export function ownSource(store: WholeLogStore, location: string): MigrationSource {
  return logSource({ store, location, drivers });
}
