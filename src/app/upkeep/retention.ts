/** Decides how runs leave a store: looked at first, archived and proved when that is asked for, then removed one by one, forks first. */
import { checkArguments, type CancelSignal, isStructuredError } from '../../base/index.ts';
import type { ArtifactStore } from '../../effects/index.ts';
import {
  type Head,
  type LogInfo,
  runNotFound,
  RunNotFoundError,
  type WholeLogStore,
  withoutCredentials,
} from '../../log/index.ts';
import {
  type ChosenRun,
  chooseRuns,
  type MigrationProgress,
  type MigrationSource,
  moveRuns,
  verifyCopy,
} from '../../migrate/index.ts';
import {
  canBePinned,
  type KeptLog,
  pinOf,
  pinRecord,
  planRetention,
  type RetentionPolicy,
} from '../../upkeep/index.ts';
import { openCopyTarget } from '../migrate/copy-target.ts';
import { ownSource } from '../migrate/own-source.ts';
import { areOneStore, areTwoPlaces } from '../migrate/two-places.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { openArtifacts } from '../artifacts/open-artifacts.ts';
import { candidatesOf } from './candidates.ts';
import { checkPolicy, choosesNothing, namesNoRuns, policyNames } from './checked-policy.ts';
import { LeavingArtifacts } from './leaving-artifacts.ts';

/** Which runs may go, where they are archived, and whether anything is changed. */
export interface RetentionOptions extends RetentionPolicy {
  /** Do it. Without it nothing is changed, and the report says what would be done. */
  readonly apply?: boolean;
  /** Folder or `s3:` URL with the artifacts of sessions; without it, sessions that have some are not deleted. */
  readonly artifacts?: string;
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** Ends it between two runs, or between two pages of one that is archived. The same call again goes on. */
  readonly signal?: CancelSignal;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = [
  ...policyNames,
  ...Object.keys({ apply: true, artifacts: true, onProgress: true, signal: true } satisfies Record<
    Exclude<keyof RetentionOptions, keyof RetentionPolicy>,
    true
  >),
];

/** What became of one run that the policy lets go. */
export interface LeavingRun {
  readonly runId: string;
  readonly events: number;
  readonly headHash: string;
  /** Keys of artifacts that go with a session. */
  readonly artifacts: readonly string[];
  /** Why it is still there; `null` when it is gone, or would be. */
  readonly problem: string | null;
}

/** A run that stays, of which the archive gets a part because a fork that goes reads it. */
export interface PartialRun {
  readonly runId: string;
  /** Events that go into the archive, and how many the run has. */
  readonly events: number;
  readonly ofEvents: number;
}

/** What leaves a store, and what stays and why. */
export interface RetentionReport {
  readonly store: string;
  /** The archive; `null` for runs that are deleted for good. */
  readonly archive: string | null;
  readonly isDryRun: boolean;
  readonly leaving: readonly LeavingRun[];
  /** What the archive gets beside the runs that leave. */
  readonly partial: readonly PartialRun[];
  readonly kept: readonly KeptLog[];
  /** False when a run that should have gone is still there; with `apply`, one that was asked for by its id is such a run. */
  readonly ok: boolean;
}

/**
 * Copies the runs that a policy lets go into another store, proves the copies, and then removes the runs. A run whose copy is not
 * proved stays. Ended at any moment, the same call completes it. Rejects with the errors of opening, with `RunNotFoundError`, and with
 * `InvalidRuntimeConfiguration` for a policy that says nothing.
 */
export async function archiveRuns(
  url: string,
  to: string,
  options: RetentionOptions,
): Promise<RetentionReport> {
  checkArguments('archiveRuns', { url: [url, 'text'], to: [to, 'text'] });
  checkLeaving('archiveRuns', options);
  return leave(url, to, options);
}

/** Removes the runs that a policy lets go, for good. Rejects as `archiveRuns` does. */
export async function deleteRuns(url: string, options: RetentionOptions): Promise<RetentionReport> {
  checkArguments('deleteRuns', { url: [url, 'text'] });
  checkLeaving('deleteRuns', options);
  return leave(url, null, options);
}

/** Before anything is opened. */
function checkLeaving(call: string, options: RetentionOptions): void {
  checkPolicy(call, options, optionNames);
  checkArguments(call, { 'options.apply': [options.apply ?? false, 'boolean'] });
  if (choosesNothing(options)) throw namesNoRuns(call);
}

async function leave(url: string, to: string | null, options: RetentionOptions): Promise<RetentionReport> {
  const opened = options.artifacts === undefined ? null : await openArtifacts(options.artifacts, 'read');
  try {
    return await leaveWith(opened?.store ?? null, { url, to, options });
  } finally {
    await opened?.close();
  }
}

async function leaveWith(
  artifacts: ArtifactStore | null,
  { url, to, options }: Leaving,
): Promise<RetentionReport> {
  const isDryRun = options.apply !== true;
  const store = await openStore(url, { mode: isDryRun ? 'read' : 'write' });
  try {
    const { infos, candidates } = await candidatesOf(store);
    const unknown = options.ids?.find((id) => !infos.has(id));
    if (unknown !== undefined) throw runNotFound({ logId: unknown, operation: 'retention' });
    const { going, kept } = planRetention(candidates, options, Date.now());
    const heads = going.flatMap((id) => headOf(infos, id));
    const partial = to === null ? [] : await partsOf(store, heads);
    const stays = new Set(kept.map(({ id }) => id));
    const isAnyLeft = !isDryRun && options.ids?.some((id) => stays.has(id)) === true;
    const files = await LeavingArtifacts.of(store, heads, { artifacts, isArchived: to !== null });
    const leaving = isDryRun
      ? heads.map((head) => leavingRun(head, files, files.problemOf(head.logId)))
      : await removed(store, heads, files, { url, to, options });
    return {
      store: withoutCredentials(url),
      archive: to === null ? null : withoutCredentials(to),
      isDryRun,
      leaving,
      partial,
      kept,
      ok: leaving.every(({ problem }) => problem === null) && leaving.length === heads.length && !isAnyLeft,
    };
  } finally {
    await store.close();
  }
}

/** The archive keeps forks as pointers, so it needs what they read. */
async function partsOf(store: WholeLogStore, heads: readonly Head[]): Promise<readonly PartialRun[]> {
  const source = ownSource(store, store.storeId);
  return (await stillThere(source, heads))
    .filter(({ isAncestor }) => isAncestor)
    .map(({ run, events }) => ({ runId: run.id, events, ofEvents: run.events }));
}

/** Somebody else may have let some go since they were looked at. */
async function stillThere(source: MigrationSource, heads: readonly Head[]): Promise<readonly ChosenRun[]> {
  const runs = await source.runs();
  const there = new Set(runs.map(({ id }) => id));
  return chooseRuns(runs, { runIds: heads.map(({ logId }) => logId).filter((id) => there.has(id)) });
}

interface Leaving {
  readonly url: string;
  readonly to: string | null;
  readonly options: RetentionOptions;
}

async function removed(
  store: WholeLogStore,
  heads: readonly Head[],
  files: LeavingArtifacts,
  { url, to, options }: Leaving,
): Promise<readonly LeavingRun[]> {
  const able = heads.filter(({ logId }) => files.problemOf(logId) === null);
  const unproved =
    to === null ? new Map<string, string>() : await archived(store, able, { url, to, options });
  const leaving: LeavingRun[] = [];
  for (const head of heads) {
    if (options.signal?.aborted === true) break;
    const { logId } = head;
    const problem = files.problemOf(logId) ?? unproved.get(logId) ?? (await removal(store, head));
    leaving.push(leavingRun(head, files, problem ?? (await files.remove(logId))));
  }
  await files.sweep();
  return leaving;
}

/** The store itself refuses what was written, taken or forked since the runs were looked at. */
async function removal(store: WholeLogStore, head: Head): Promise<string | null> {
  try {
    await store.remove(head, pinRecord(head.logId));
    return null;
  } catch (error) {
    // Somebody else let it go meanwhile.
    if (error instanceof RunNotFoundError) return null;
    if (!isStructuredError(error)) throw error;
    if (canBePinned(head.logId) && (await pinOf(store, head.logId)) !== null)
      return 'It was pinned meanwhile.';
    return error.whatFailed;
  }
}

/** Why runs are not in the archive, by id; those that are, and were read back and chained again, are not among them. */
async function archived(
  store: WholeLogStore,
  heads: readonly Head[],
  { url, to, options }: Leaving & { readonly to: string },
): Promise<ReadonlyMap<string, string>> {
  const source = ownSource(store, withoutCredentials(url));
  const chosen = await stillThere(source, heads);
  const { store: archive, settle } = await openCopyTarget(to);
  try {
    const { pause } = nodePlatform;
    const { signal, onProgress } = options;
    const { runs } = await moveRuns(source, chosen, archive, {
      sha256,
      pause,
      location: withoutCredentials(to),
      isElsewhere: areTwoPlaces(url, to) && !(await areOneStore(archive, store)),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    // What is removed here next has to be there whatever happens.
    await settle();
    const problems = new Map<string, string>();
    for (const head of heads) {
      const report = runs.find(({ runId }) => runId === head.logId);
      const isGone = (await store.info(head.logId)) === undefined;
      const problem = isGone ? null : report === undefined ? 'It was not archived.' : report.problem;
      // What has grown meanwhile was proved as far as it goes now.
      const isProved = report?.verifiedHash === head.hash;
      const found = problem ?? (isProved ? null : await proofProblem(archive, head));
      if (found !== null) problems.set(head.logId, found);
    }
    return problems;
  } finally {
    await archive.close();
  }
}

async function proofProblem(archive: WholeLogStore, head: Head): Promise<string | null> {
  try {
    await verifyCopy(archive, head.logId, head, { sha256 });
    return null;
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    return `Its copy in the archive is not what it is: ${error.whatFailed}`;
  }
}

function headOf(infos: ReadonlyMap<string, LogInfo>, id: string): readonly Head[] {
  const info = infos.get(id);
  return info === undefined ? [] : [info.head];
}

function leavingRun({ logId, seq, hash }: Head, files: LeavingArtifacts, problem: string | null): LeavingRun {
  return { runId: logId, events: seq, headHash: hash, artifacts: files.of(logId), problem };
}
