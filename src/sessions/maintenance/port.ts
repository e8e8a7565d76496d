/**
 * The maintenance of sessions as the house needs it: what a policy lets go is marked, pruned or removed, and told. Nothing runs by
 * itself: whoever wants it each night calls it each night.
 */
import type { CancelSignal } from '../../base/index.ts';
import type { SessionErrorCode } from '../errors/error-codes.ts';
import type { RetentionPolicy } from './retention-policy.ts';

/** The parts of maintenance, in the order in which `execute` does them. */
export type MaintenanceStep = 'soft-delete' | 'hard-delete' | 'prune' | 'artifacts';

/** Which step, and how far it is. */
export interface MaintenanceProgress {
  readonly step: MaintenanceStep;
  /** Sessions that were looked at in this step; artifacts in the last one. */
  readonly done: number;
  /** At most so many sessions there are to look at. Of artifacts nobody knows, and it is `done`. */
  readonly of: number;
}

/** How maintenance tells its progress and is stopped; unused bytes younger than `artifactGraceMs` stay. */
export interface MaintenanceOptions {
  readonly onProgress?: (progress: MaintenanceProgress) => void;
  /** Ends the work between two sessions; what is done stays done, and the same call goes on. */
  readonly signal?: CancelSignal;
  /** Artifacts that no session names are left alone while they are younger: somebody may be putting them. One hour by default. */
  readonly artifactGraceMs?: number;
}

/** A session that is marked as deleted, and by which rule. */
export interface MarkedSession {
  readonly sessionId: string;
  /** The knob that it fell under. */
  readonly because: 'maxSessionAgeDays' | 'maxCompletedSessionAgeDays';
}

/** A session that was removed, and what went with it. */
export interface RemovedSession {
  readonly sessionId: string;
  readonly events: number;
  readonly runs: number;
  readonly artifacts: number;
}

/** A session whose oldest payloads were dropped: how many, and how many are left. */
export interface PrunedSession {
  readonly sessionId: string;
  /** Events whose data went. */
  readonly events: number;
  /** Events that keep their data. */
  readonly left: number;
}

/** Bytes that no row names and that were removed. */
export interface CleanedArtifact {
  readonly key: string;
  /** Number of bytes. */
  readonly size: number;
}

/** Something that did not go as the policy says; everything else went on. */
export interface MaintenanceProblem {
  readonly step: MaintenanceStep;
  /** `null` when it concerns no single session. */
  readonly sessionId: string | null;
  readonly code: SessionErrorCode;
  readonly message: string;
}

/** What was done; of a dry run, what `execute` would do. */
export interface MaintenanceReport {
  readonly isDryRun: boolean;
  readonly softDeleted: readonly MarkedSession[];
  readonly hardDeleted: readonly RemovedSession[];
  readonly pruned: readonly PrunedSession[];
  /** Sessions that were copied whole into the archive before something of them went. */
  readonly archived: readonly string[];
  /** Artifacts that no session named. Those of a session that goes are counted with it. */
  readonly artifactsCleaned: readonly CleanedArtifact[];
  readonly errors: readonly MaintenanceProblem[];
  /** True when the signal ended it before everything was looked at. */
  readonly isStopped: boolean;
  readonly durationMs: number;
  /** True when there are no errors and it was not stopped. */
  readonly ok: boolean;
}

/** Every method that takes a policy throws `ValidationError` for one that cannot be meant, before anything is read. */
export interface SessionMaintenance {
  /**
   * Marks sessions as deleted that are too old: queries leave them out, managers begin no run in them, and a copy that was read before
   * cannot bring them back. Sessions that somebody works in are passed over. Nothing is lost.
   */
  softDelete(policy?: Partial<RetentionPolicy>, options?: MaintenanceOptions): Promise<MaintenanceReport>;

  /**
   * Removes what was marked long enough ago: each session with its runs, events and artifact rows in one transaction, and then the
   * bytes of its artifacts. One that cannot be removed stays whole, and is told.
   */
  hardDelete(policy?: Partial<RetentionPolicy>, options?: MaintenanceOptions): Promise<MaintenanceReport>;

  /**
   * Drops the data of the oldest events of one session that are too many by `maxEventsPerSession`. Their places, types, times and
   * hashes stay. Rejects with `SessionNotFoundError`.
   */
  prune(
    sessionId: string,
    policy?: Partial<RetentionPolicy>,
    options?: MaintenanceOptions,
  ): Promise<MaintenanceReport>;

  /**
   * Removes rows of artifacts whose session is gone, artifacts that were put through a registry of this store and that no session
   * names, and bytes that nothing names. Artifacts that came another way are left alone.
   */
  cleanOrphanedArtifacts(options?: MaintenanceOptions): Promise<MaintenanceReport>;

  /** What is wrong, a sentence each; an empty list when nothing is. */
  healthCheck(): Promise<readonly string[]>;

  /** All steps. What goes wrong with one session does not stop the others. The same call again goes on where this one ended. */
  execute(policy?: Partial<RetentionPolicy>, options?: MaintenanceOptions): Promise<MaintenanceReport>;

  /** What `execute` would do at this moment; nothing is changed. */
  dryRun(policy?: Partial<RetentionPolicy>, options?: MaintenanceOptions): Promise<MaintenanceReport>;
}

/** The same, over a context that is handed in with each call: half of a reference. */
export interface MaintenanceImplementation<Context> {
  softDelete(
    context: Context,
    policy: Partial<RetentionPolicy>,
    options: MaintenanceOptions,
  ): Promise<MaintenanceReport>;
  hardDelete(
    context: Context,
    policy: Partial<RetentionPolicy>,
    options: MaintenanceOptions,
  ): Promise<MaintenanceReport>;
  prune(
    context: Context,
    sessionId: string,
    policy: Partial<RetentionPolicy>,
    options: MaintenanceOptions,
  ): Promise<MaintenanceReport>;
  cleanOrphanedArtifacts(context: Context, options: MaintenanceOptions): Promise<MaintenanceReport>;
  healthCheck(context: Context): Promise<readonly string[]>;
  execute(
    context: Context,
    policy: Partial<RetentionPolicy>,
    options: MaintenanceOptions,
  ): Promise<MaintenanceReport>;
  dryRun(
    context: Context,
    policy: Partial<RetentionPolicy>,
    options: MaintenanceOptions,
  ): Promise<MaintenanceReport>;
}
