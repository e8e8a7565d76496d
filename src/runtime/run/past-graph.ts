/** Decides how a graph is seen as it stood at an earlier place of the log: projected anew, from its beginning. */
import { project, Tables } from '../../graph/index.ts';
import { decodeEvent, type LogStore } from '../../log/index.ts';

const graphTypes = [
  'object.created',
  'object.removed',
  'relation.created',
  'relation.removed',
  'patch.proposed',
  'patch.applied',
  'patch.rejected',
];

/** The graph of all events before place `seq`. */
export async function graphBefore(
  store: Pick<LogStore, 'read'>,
  runId: string,
  seq: number,
): Promise<Tables> {
  const tables = new Tables();
  for await (const page of store.read(runId, { before: seq, types: graphTypes })) {
    for (const stored of page) project(tables, stored.type, decodeEvent(stored, runId).payload);
  }
  return tables;
}
