/** Decides how a graph is seen as it stood at an earlier place of the log: projected anew, from its beginning or a snapshot. */
import { project, Tables } from '../../graph/index.ts';
import { decodeEvent, type LogStore } from '../../log/index.ts';
import { readSnapshot, type SnapshotReading } from '../snapshot/read-snapshot.ts';

const graphTypes = [
  'object.created',
  'object.removed',
  'relation.created',
  'relation.removed',
  'patch.proposed',
  'patch.applied',
  'patch.rejected',
];

/** The graph of all events before place `seq`. Without `snapshots` the log alone is read. */
export async function graphBefore(
  store: LogStore,
  runId: string,
  seq: number,
  snapshots?: SnapshotReading,
): Promise<Tables> {
  const snapshot = snapshots === undefined ? null : await readSnapshot(store, runId, snapshots, seq);
  const tables = snapshot?.tables ?? new Tables();
  const after = snapshot?.state.seq ?? 0;
  for await (const page of store.read(runId, { after, before: seq, types: graphTypes })) {
    for (const stored of page)
      project(tables, stored.type, decodeEvent(stored, runId).payload, stored.payload);
  }
  return tables;
}
