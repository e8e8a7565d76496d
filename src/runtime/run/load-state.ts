/** Decides how a run is rebuilt: its log is read once, from beginning to end, into its graph and its state. Writes nothing. */
import type { Sha256 } from '../../base/index.ts';
import { project, Tables } from '../../graph/index.ts';
import { chainHash, damagedHistory, decodeEvent, genesisHash, type LogStore } from '../../log/index.ts';
import { RunState } from './run-state.ts';

export interface LoadedRun {
  readonly state: RunState;
  readonly tables: Tables;
}

/**
 * Rejects with `RunNotFoundError`, and with `CorruptedEventPayloadError` at the first payload that cannot be read. With
 * `verifyWith` every event is checked against the hash chain on the way, and the first that does not fit is a
 * `DamagedHistoryError`.
 */
export async function loadState(
  store: LogStore,
  runId: string,
  options: { readonly verifyWith?: Sha256 } = {},
): Promise<LoadedRun> {
  const { verifyWith } = options;
  const state = new RunState();
  const tables = new Tables();
  let hash = genesisHash;
  for await (const page of store.read(runId, { hashes: verifyWith !== undefined })) {
    for (const stored of page) {
      if (verifyWith !== undefined) {
        hash = chainHash(hash, stored, verifyWith);
        if (hash !== stored.hash) throw damagedHistory({ logId: runId, seq: stored.seq, what: 'the stored hash is another' });
      }
      const event = decodeEvent(stored, runId);
      project(tables, event.type, event.payload);
      state.apply(event, true);
    }
  }
  return { state, tables };
}
