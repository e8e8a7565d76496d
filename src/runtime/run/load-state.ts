/**
 * Decides how a run is rebuilt: its log is read once, into its graph and its state, from its beginning or from the newest
 * snapshot on. Writes nothing.
 */
import { counterOf, type Sha256 } from '../../base/index.ts';
import { project, Tables } from '../../graph/index.ts';
import {
  chainHash,
  damagedHistory,
  decodeEvent,
  genesisHash,
  type Head,
  type LogStore,
} from '../../log/index.ts';
import { readSnapshot, type SnapshotReading } from '../snapshot/read-snapshot.ts';
import { recentEventsKept } from './recent-events.ts';
import { RunState } from './run-state.ts';

export interface LoadedRun {
  readonly state: RunState;
  readonly tables: Tables;
  /** Place of the snapshot that was begun with, 0 for none. */
  readonly snapshotSeq: number;
}

/**
 * Rejects with `RunNotFoundError`, and with `CorruptedEventPayloadError` at the first payload that cannot be read. With
 * `verifyWith` the hash chain is computed on the way: `DamagedHistoryError` names the first place that does not fit. Only with
 * `snapshots`, and without `verifyWith`, a part of the log may be left unread.
 */
export async function loadState(
  store: LogStore,
  runId: string,
  options: { readonly verifyWith?: Sha256; readonly snapshots?: SnapshotReading | undefined } = {},
): Promise<LoadedRun> {
  const { verifyWith, snapshots } = options;
  const snapshot =
    snapshots === undefined || verifyWith !== undefined ? null : await readSnapshot(store, runId, snapshots);
  const { state, tables } = snapshot ?? { state: new RunState(), tables: new Tables() };
  const snapshotSeq = state.seq;
  const head = verifyWith === undefined ? null : await store.head(runId);
  let hash = genesisHash;
  // The last events before a snapshot are looked at as they are in the log.
  const after = Math.max(0, snapshotSeq - recentEventsKept);
  for await (const page of store.read(runId, head === null ? { after } : { before: head.seq + 1 })) {
    for (const stored of page) {
      if (verifyWith !== undefined) hash = chainHash(hash, stored, verifyWith);
      const event = decodeEvent(stored, runId);
      if (event.seq <= snapshotSeq) {
        state.recent.add(event);
        continue;
      }
      project(tables, event.type, event.payload, stored.payload);
      state.apply(event, false);
      state.eventNumber = Math.max(state.eventNumber, event.seq, counterOf(event.id));
    }
  }
  if (verifyWith !== undefined && head !== null && hash !== head.hash)
    throw await firstDamage(store, head, verifyWith);
  state.schedule.dropGone(state.usage.events, (id) => tables.relation(id) === undefined);
  return { state, tables, snapshotSeq };
}

/** The chain ended elsewhere than the head says: a second reading, with the stored hashes, finds where it leaves the path. */
async function firstDamage(store: LogStore, head: Head, sha256: Sha256): Promise<Error> {
  const { logId } = head;
  let hash = genesisHash;
  let seq = 0;
  for await (const page of store.read(logId, { before: head.seq + 1, hashes: true })) {
    for (const stored of page) {
      seq += 1;
      if (stored.seq !== seq) return damagedHistory({ logId, seq, what: 'An event is missing' });
      hash = chainHash(hash, stored, sha256);
      if (hash !== stored.hash)
        return damagedHistory({ logId, seq, what: 'The stored hash does not belong to the event' });
    }
  }
  return damagedHistory({ logId, seq: head.seq, what: 'The events end elsewhere than the head says' });
}
