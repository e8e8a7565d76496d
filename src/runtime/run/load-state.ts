/** Decides how a run is rebuilt: its log is read once, from beginning to end, into its graph and its state. Writes nothing. */
import { project, Tables } from '../../graph/index.ts';
import { decodeEvent, type LogStore } from '../../log/index.ts';
import { RunState } from './run-state.ts';

export interface LoadedRun {
  readonly state: RunState;
  readonly tables: Tables;
}

/** Rejects with `RunNotFoundError`, and with `CorruptedEventPayloadError` at the first payload that cannot be read. */
export async function loadState(store: LogStore, runId: string): Promise<LoadedRun> {
  const state = new RunState();
  const tables = new Tables();
  for await (const page of store.read(runId)) {
    for (const stored of page) {
      const event = decodeEvent(stored, runId);
      project(tables, event.type, event.payload);
      state.apply(event, true);
    }
  }
  return { state, tables };
}
