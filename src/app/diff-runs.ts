/** Decides how two runs of a stored place are compared: the store is opened for reading, and nothing in it changes. */
import { checkArguments, checkOptionNames } from '../base/index.ts';
import { diffRuns as diffStoredRuns, type RunDiff } from '../runtime/index.ts';
import { withStore } from './with-store.ts';

/** The ids of two runs to be compared. */
export interface DiffRequest {
  /** The run that is called parent in counts and JSON. */
  readonly runA: string;
  readonly runB: string;
}

/** The name of every part of a request: one that is missing here does not compile. */
const requestNames: readonly string[] = Object.keys({ runA: true, runB: true } satisfies Record<
  keyof DiffRequest,
  true
>);

/** How two runs of a store differ. Reads only. Rejects with `RunNotFoundError` and `StoreNotFoundError`. */
export async function diffRuns(url: string, request: DiffRequest): Promise<RunDiff> {
  checkArguments('diffRuns', { url: [url, 'text'], request: [request, 'with runA'] });
  checkOptionNames('diffRuns', request, requestNames);
  const { runA, runB } = request;
  return withStore(url, 'read', async (store) => diffStoredRuns(store, runA, runB));
}
