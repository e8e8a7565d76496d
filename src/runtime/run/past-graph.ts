/** Decides how a graph is seen as it stood at an earlier place of the log: projected anew, from its beginning or a snapshot. */
import { graphEventTypes, project, Tables } from '../../graph/index.ts';
import { decodeEvent, type EventForms, type LogStore, storedTextOf } from '../../log/index.ts';
import { readSnapshot, type SnapshotReading } from '../snapshot/read-snapshot.ts';

/** The graph of all events before place `seq`. Without `snapshotReading` the log alone is read. */
export async function graphBefore(
  store: LogStore,
  run: {
    readonly runId: string;
    readonly forms: EventForms;
    readonly snapshotReading: SnapshotReading | undefined;
  },
  seq: number,
): Promise<Tables> {
  const { runId, forms, snapshotReading } = run;
  const snapshot =
    snapshotReading === undefined ? null : await readSnapshot(store, runId, snapshotReading, seq);
  const tables = snapshot?.tables ?? new Tables();
  const after = snapshot?.state.seq ?? 0;
  for await (const page of store.read(runId, { after, before: seq, types: graphEventTypes })) {
    for (const stored of page) {
      const event = decodeEvent(stored, runId, forms);
      project(tables, stored.type, event.payload, storedTextOf(stored, event));
    }
  }
  return tables;
}
