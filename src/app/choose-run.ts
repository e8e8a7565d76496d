/** Decides which run is meant when a store is all that was named: the one that was created last. */
import { type LogInfo, type LogStore, RunNotFoundError, runNotFound } from '../log/index.ts';

export interface ChosenRun {
  readonly info: LogInfo;
  /** True when nobody named the run. */
  readonly isNewest: boolean;
}

/** The named run, or the one that was created last. Rejects with `RunNotFoundError`. */
export async function chooseRun(store: LogStore, runId: string | undefined): Promise<ChosenRun> {
  const id = runId ?? (await newestRunId(store));
  const info = await store.info(id);
  if (info === undefined || info.kind !== 'run') throw runNotFound({ logId: id, operation: 'the command' });
  return { info, isNewest: runId === undefined };
}

/** The id of the run that was created last. Rejects with `RunNotFoundError` when the store has none. */
export async function newestRunId(store: LogStore): Promise<string> {
  let newest: string | null = null;
  for await (const info of allRuns(store)) newest = info.id;
  if (newest === null) throw noRuns();
  return newest;
}

/** Every run of a store in the order in which they were made, a page at a time. */
export async function* allRuns(store: LogStore): AsyncGenerator<LogInfo> {
  let page = await store.logs({ kind: 'run' });
  while (page.length > 0) {
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    page = await store.logs({ kind: 'run', after: last.id });
  }
}

function noRuns(): Error {
  return new RunNotFoundError({
    summary: 'the store has no runs',
    whatFailed: 'The run that was created last was asked for, and nobody has made a run in this store.',
    why: 'There is nothing to take for it, and an empty run that is made by looking would hide a wrong URL.',
    howToFix:
      'Check the URL of the store. A program makes a run with `open(url)`; `runlog quickstart` makes one to look at.',
  });
}
