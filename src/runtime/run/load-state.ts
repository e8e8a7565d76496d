/** Decides how a run is rebuilt: its log is read once, from beginning to end, into its graph and its state. Writes nothing. */
import { counterOf, type Sha256 } from '../../base/index.ts';
import { project, Tables } from '../../graph/index.ts';
import { ChainCheck, decodeEvent, type LogStore } from '../../log/index.ts';
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
  const check = verifyWith === undefined ? null : new ChainCheck(runId, verifyWith);
  for await (const page of store.read(runId, head === null ? {} : { before: head.seq + 1, hashes: true })) {
    for (const stored of page) {
      const event = decodeEvent(stored, runId);
      check?.next(stored);
      project(tables, event.type, event.payload);
      state.apply(event);
      state.eventNumber = Math.max(state.eventNumber, event.seq, counterOf(event.id));
    }
  }
  if (head !== null) check?.end(head);
  state.schedule.dropGone(state.usage.events, (id) => tables.relation(id) === undefined);
  return { state, tables };
}
