/**
 * Decides how all runs of a store are copied while others remove some, take forks off their parents, or give an id to another run: what
 * cannot be copied as it was listed is listed again, as long as it is not as it was listed any more.
 */
import { damagedStore, RunNotFoundError, type WholeLogStore } from '../../log/index.ts';
import {
  chooseRuns,
  listLogs,
  type MigrateOptions,
  type MigrationSource,
  moveRuns,
  type RunReport,
  type SourceRun,
} from '../../migrate/index.ts';

/** Rejects with the error of the first run that cannot be copied and stands as it was listed, and with the reason of the signal. */
export async function copyWhatStays(
  source: MigrationSource,
  copy: WholeLogStore,
  options: MigrateOptions,
): Promise<void> {
  let listed = await source.runs();
  for (;;) {
    const { runs } = await moveRuns(source, chooseRuns(listed, {}), copy, options);
    if (options.signal?.aborted === true) throw options.signal.reason;
    const failed = runs.filter(({ problem }) => problem !== null);
    const [first] = failed;
    if (first === undefined) return;
    const replaced = failed.filter(({ status }) => status === 'conflict');
    for (const { runId } of replaced) await takeOut(copy, runId);
    const present = await source.runs();
    const isAsListed = replaced.length === 0 && !(await haveChanged(source, failed, listed, present));
    if (isAsListed) throw runNotCopied(source.location, first.runId, first.problem ?? '');
    listed = present;
  }
}

/** True when one of them is gone, is another run, or has other parents: what has come already is found there. */
async function haveChanged(
  source: MigrationSource,
  failed: readonly RunReport[],
  listed: readonly SourceRun[],
  present: readonly SourceRun[],
): Promise<boolean> {
  const before = new Map(listed.map((run) => [run.id, run]));
  const after = new Map(present.map((run) => [run.id, run]));
  for (const { runId } of failed) {
    const [was, is] = [before.get(runId), after.get(runId)];
    if (was === undefined || is === undefined) return true;
    if (was.parent?.runId !== is.parent?.runId || was.events > is.events) return true;
    if (await isAnother(source, was)) return true;
  }
  return false;
}

async function isAnother(source: MigrationSource, was: SourceRun): Promise<boolean> {
  try {
    return (await source.hashAt(was, was.events)) !== was.headHash;
  } catch (error) {
    // What cannot be read for another reason is why it was not copied.
    return error instanceof RunNotFoundError;
  }
}

/** What a run of this copy was before its id was given to another; forks of it go on alone, as they do where it was removed. */
async function takeOut(copy: WholeLogStore, runId: string): Promise<void> {
  for await (const page of listLogs(copy))
    for (const { id, lineage } of page)
      if (lineage.some(({ logId }) => logId === runId)) await copy.detach(id);
  await copy.remove(await copy.head(runId));
}

function runNotCopied(location: string, runId: string, problem: string): Error {
  return damagedStore({
    location,
    whatFailed: `Run '${runId}' cannot be copied, so no backup was made. ${problem}`,
    howToFix: 'Look at the store first: `runlog doctor URL`.',
  });
}
