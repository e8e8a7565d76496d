/** Decides what is told of a migration: for each run what became of it, and everything that a person has to know about it. */

/**
 * `copied`, `continued` (the rest of a run whose beginning was there), `present` (all of it was there already), `replaced` (one that
 * was there in part, with skips), `conflict` (another run stands there under this id), `failed`.
 */
export type RunStatus = 'copied' | 'continued' | 'present' | 'replaced' | 'conflict' | 'failed';

export interface SkippedEvent {
  readonly eventId: string;
  readonly why: string;
}

/** What became of one run of a migration. */
export interface RunReport {
  readonly runId: string;
  readonly status: RunStatus;
  /** Events written by this call; with a dry run, those that would be. */
  readonly events: number;
  /** UTF-8 bytes of their payloads. */
  readonly bytes: number;
  /** Events that cannot be kept. The run is marked as partial when there are any. */
  readonly skipped: readonly SkippedEvent[];
  /** Events that name a skipped one as their cause. */
  readonly brokenLinks: readonly { readonly eventId: string; readonly causedBy: string }[];
  /** True when it was brought because a run that was asked for was forked from it, and then only as far as that. */
  readonly isAncestor: boolean;
  /** Chain hash of the run in the destination, computed from what was read back; `null` when nothing was verified. */
  readonly verifiedHash: string | null;
  /** Artifacts of the session that are there with it; with a dry run, that would be. */
  readonly artifacts: number;
  /** SHA-256 over the raw rows of a foreign source. */
  readonly sourceDigest: string | null;
  readonly notes: readonly string[];
  /** Why it failed, or what differs; `null` otherwise. */
  readonly problem: string | null;
}

/** What a migration did, run by run. */
export interface MigrationReport {
  readonly source: string;
  readonly format: string;
  readonly destination: string;
  readonly isDryRun: boolean;
  readonly runs: readonly RunReport[];
  /** True when all runs are there. */
  readonly ok: boolean;
  /** True when it was ended before the last run: the same call goes on. */
  readonly isStopped: boolean;
  /** What of the source belongs to no run, and stays behind. */
  readonly notes: readonly string[];
}

/** Told again and again while a migration goes on. */
export interface MigrationProgress {
  readonly runId: string;
  /** From 1. */
  readonly run: number;
  readonly runs: number;
  /** `compare`: a run that is there under the same id is looked at. */
  readonly phase: 'compare' | 'copy' | 'verify';
  /** Events done in this phase of this run, and how many it has. */
  readonly events: number;
  readonly ofEvents: number;
}
