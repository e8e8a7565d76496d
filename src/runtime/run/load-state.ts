/** Decides how a run is rebuilt: its log is read once, from beginning to end, into its graph and its state. Writes nothing. */
import { counterOf, type Sha256 } from '../../base/index.ts';
import { project, Tables } from '../../graph/index.ts';
import {
  chainHash,
  damagedHistory,
  decodeEvent,
  type EventForms,
  firstForms,
  genesisHash,
  type Head,
  type LogStore,
} from '../../log/index.ts';
import { RunState } from './run-state.ts';

export interface LoadedRun {
  readonly state: RunState;
  readonly tables: Tables;
}

/**
 * Rejects with `RunNotFoundError`, and with `CorruptedEventPayloadError` at the first payload that cannot be read. With
 * `verifyWith` the hash chain is computed on the way: `DamagedHistoryError` names the first place that does not fit. `forms`
 * raises older events: `UpcastError` names the first that it cannot.
 */
export async function loadState(
  store: LogStore,
  runId: string,
  options: { readonly verifyWith?: Sha256; readonly forms?: EventForms } = {},
): Promise<LoadedRun> {
  const { verifyWith, forms = firstForms } = options;
  const state = new RunState();
  const tables = new Tables();
  const head = verifyWith === undefined ? null : await store.head(runId);
  let hash = genesisHash;
  for await (const page of store.read(runId, head === null ? {} : { before: head.seq + 1 })) {
    for (const stored of page) {
      if (verifyWith !== undefined) hash = chainHash(hash, stored, verifyWith);
      const event = decodeEvent(stored, runId, forms);
      project(tables, event.type, event.payload);
      state.apply(event);
      state.eventNumber = Math.max(state.eventNumber, event.seq, counterOf(event.id));
    }
  }
  if (verifyWith !== undefined && head !== null && hash !== head.hash)
    throw await firstDamage(store, head, verifyWith);
  state.schedule.dropGone(state.usage.events, (id) => tables.relation(id) === undefined);
  return { state, tables };
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
