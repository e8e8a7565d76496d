/** Decides which log is meant when a store is all that was named: the run that was created last, or a session where there is no run. */
import { shellWord } from '../base/index.ts';
import { type LogInfo, type LogKind, type LogStore, RunNotFoundError, runNotFound } from '../log/index.ts';
import { listLogs } from '../migrate/index.ts';

/** The run that was meant, and whether it was taken because it is the newest. */
export interface ChosenRun {
  readonly info: LogInfo;
  /** True when nobody named the run. */
  readonly isNewest: boolean;
}

/** The named run, or the one that was created last. Rejects with `RunNotFoundError`. */
export async function chooseRun(store: LogStore, runId: string | undefined): Promise<ChosenRun> {
  const id = runId ?? (await newestRunId(store));
  const info = await store.info(id);
  if (info === undefined) throw runNotFound({ logId: id, operation: 'the command' });
  if (info.kind !== 'run') throw isSession(id);
  return { info, isNewest: runId === undefined };
}

/** As `chooseRun`, for what serves runs and sessions alike. */
export async function chooseLog(store: LogStore, id: string | undefined): Promise<ChosenRun> {
  if (id !== undefined) {
    const info = await store.info(id);
    if (info === undefined) throw runNotFound({ logId: id, operation: 'the command' });
    return { info, isNewest: false };
  }
  for (const kind of ['run', 'session'] as const) {
    let newest: LogInfo | null = null;
    for await (const info of logsOf(store, kind)) newest = info;
    if (newest !== null) return { info: newest, isNewest: true };
  }
  throw noRuns();
}

/** The id of the run that was created last. Rejects with `RunNotFoundError` when the store has none. */
export async function newestRunId(store: LogStore): Promise<string> {
  let newest: string | null = null;
  for await (const info of allRuns(store)) newest = info.id;
  if (newest === null) throw await noRunsOfGraphs(store);
  return newest;
}

/** Every run of a store in the order in which they were made. */
export function allRuns(store: LogStore): AsyncGenerator<LogInfo> {
  return logsOf(store, 'run');
}

/** Every log of a kind, or of both, in the order in which they were made, a page at a time; also while others are removed. */
export async function* logsOf(store: LogStore, kind?: LogKind): AsyncGenerator<LogInfo> {
  for await (const page of listLogs(store, kind)) yield* page;
}

function isSession(id: string): Error {
  return new RunNotFoundError({
    summary: `'${id}' is a session, and no run of a graph`,
    whatFailed: `The command works on runs of graphs, and '${id}' is the session of an agent.`,
    why: 'A session has messages and runs of its agent; it has no graph, no behaviors and no forks.',
    howToFix: `Look into the session: \`runlog inspect URL --run-id ${shellWord(id)}\`. \`runlog runs URL\` lists both.`,
  });
}

/** Where only sessions are, nobody is told that the store is empty. */
async function noRunsOfGraphs(store: LogStore): Promise<Error> {
  let newest: string | null = null;
  let count = 0;
  for await (const { id } of logsOf(store, 'session')) {
    newest = id;
    count += 1;
  }
  if (newest === null) return noRuns();
  return new RunNotFoundError({
    summary: `the store has no runs of graphs, and ${count === 1 ? 'a session' : `${count} sessions`}`,
    whatFailed:
      'The run of a graph that was created last was asked for, and this store holds sessions of agents only.',
    why: `A session, such as '${newest}', has messages and runs of its agent; it is not taken for a run of a graph.`,
    howToFix: `\`runlog runs URL\` lists what is there, and \`runlog inspect URL --run-id ${shellWord(newest)}\` shows the session that was created last.`,
  });
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
