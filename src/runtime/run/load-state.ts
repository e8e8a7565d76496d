/** Decides how a run is rebuilt: its log is read once, from beginning to end, into its graph and its state. Writes nothing. */
import { counterOf, type Sha256 } from '../../base/index.ts';
import { project, Tables } from '../../graph/index.ts';
import {
  chainHash,
  damagedHistory,
  decodeEvent,
  genesisHash,
  type Head,
  type LogEvent,
  type LogStore,
} from '../../log/index.ts';
import { RunState } from './run-state.ts';

export interface LoadedRun {
  readonly state: RunState;
  readonly tables: Tables;
}

/**
 * Rejects with `RunNotFoundError`, and with `CorruptedEventPayloadError` at the first payload that cannot be read. With
 * `verifyWith` the hash chain is computed on the way: `DamagedHistoryError` names the first place that does not fit.
 */
export async function loadState(
  store: LogStore,
  runId: string,
  options: { readonly verifyWith?: Sha256 } = {},
): Promise<LoadedRun> {
  const { verifyWith } = options;
  const state = new RunState();
  const tables = new Tables();
  const head = verifyWith === undefined ? null : await store.head(runId);
  let hash = genesisHash;
  for await (const page of store.read(runId, head === null ? {} : { before: head.seq + 1 })) {
    for (const stored of page) {
      if (verifyWith !== undefined) hash = chainHash(hash, stored, verifyWith);
      takeIn({ state, tables }, decodeEvent(stored, runId));
    }
  }
  if (verifyWith !== undefined && head !== null && hash !== head.hash)
    throw await firstDamage(store, head, verifyWith);
  return settled({ state, tables });
}

/** The run as it stood after some events: what `loadState` gives for a log that ends there. */
export function stateAfter(events: Iterable<LogEvent>): LoadedRun {
  const loaded = { state: new RunState(), tables: new Tables() };
  for (const event of events) takeIn(loaded, event);
  return settled(loaded);
}

function takeIn({ state, tables }: LoadedRun, event: LogEvent): void {
  project(tables, event.type, event.payload);
  state.apply(event);
  state.eventNumber = Math.max(state.eventNumber, event.seq, counterOf(event.id));
}

function settled({ state, tables }: LoadedRun): LoadedRun {
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
