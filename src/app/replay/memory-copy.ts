/**
 * Decides how a run is tried out without being touched: its log, the logs that it was forked from and the records of who drove
 * them are copied into memory, under the same ids.
 */
import {
  append,
  type EventRow,
  type LogStore,
  openMemoryStore,
  runNotFound,
  type StoredEvent,
} from '../../log/index.ts';
import { openingKind } from '../../runtime/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';

/** A store in memory that holds a run as it is now. Rejects with `RunNotFoundError`. */
export async function copyToMemory(store: LogStore, runId: string): Promise<LogStore> {
  const copy = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  await copyLog(store, copy, runId);
  return copy;
}

async function copyLog(from: LogStore, to: LogStore, id: string): Promise<void> {
  const info = await from.info(id);
  if (info === undefined) throw runNotFound({ logId: id, operation: 'copying a run' });
  const { parent, label, createdAt, head } = info;
  if (parent === null) await to.create({ id, kind: 'run', label, createdAt });
  else {
    await copyLog(from, to, parent.logId);
    await to.fork({ parent: parent.logId, atSeq: parent.atSeq, id, label, createdAt });
  }
  let expected = parent?.atSeq ?? 0;
  for await (const page of from.read(id, { after: expected, before: head.seq + 1 })) {
    await append(to, { logId: id, expected, epoch: null, events: page.map(rowOf) });
    expected += page.length;
  }
  const openings = await from.records(openingKind, `${id}/`);
  const writes = openings.map(({ kind, id: recordId, value }) => ({ kind, id: recordId, value }));
  await to.commit(
    [],
    writes.map((write) => ({ ...write, expectedVersion: 'any' as const })),
  );
}

function rowOf({ seq: _seq, hash: _hash, ...row }: StoredEvent): EventRow {
  return row;
}
