/** Decides how two runs of a stored place are compared: the store is opened for reading, and nothing in it changes. */
import { diffRuns as diffStoredRuns, type RunDiff } from '../runtime/index.ts';
import { withStore } from './with-store.ts';

/** The ids of two runs to be compared. */
export interface DiffRequest {
  /** The run that is called parent in counts and JSON. */
  readonly runA: string;
  readonly runB: string;
}

/** How two runs of a store differ. Reads only. Rejects with `RunNotFoundError` and `StoreNotFoundError`. */
export async function diffRuns(url: string, { runA, runB }: DiffRequest): Promise<RunDiff> {
  return withStore(url, 'read', async (store) => diffStoredRuns(store, runA, runB));
}
