/**
 * Decides who works on a run: its row names an owner, an epoch that grows with every taking, and a moment up to which nobody else may
 * take it. A row is written by compare-and-set, so whoever was taken over cannot end the run any more.
 */
import { isJsonObject, type JsonObject, mergeObjects } from '../../base/index.ts';
import type { Execution } from '../model/execution.ts';
import { formatMicros } from '../model/timestamp.ts';
import { type Continuation, isContinuation } from './continuation.ts';
import type { Parts } from './parts.ts';

/** Who works on a run, until when, and whether it was asked to stop. */
export interface RunLease {
  readonly owner: string;
  readonly epoch: number;
  /** UTC, to the microsecond. */
  readonly expiresAt: string;
  /** Somebody else wants the run to be cancelled. */
  readonly isCancelRequested: boolean;
  /** How the agent of this call learned what was said before; `null` where nobody wrote it down. */
  readonly continuation: Continuation | null;
}

/** `null` for a run that nobody works on. */
export function leaseOf(run: Execution): RunLease | null {
  const lease = run.metadata['lease'];
  if (!isJsonObject(lease)) return null;
  const { owner, epoch, expires_at: expiresAt, cancel_requested: cancelRequested, continuation } = lease;
  if (typeof owner !== 'string' || typeof epoch !== 'number' || typeof expiresAt !== 'string') return null;
  return {
    ...{ owner, epoch, expiresAt, isCancelRequested: cancelRequested === true },
    continuation: isContinuation(continuation) ? continuation : null,
  };
}

export function withLease(run: Execution, lease: RunLease): Execution {
  const { owner, epoch, expiresAt, isCancelRequested, continuation } = lease;
  const written: JsonObject = {
    owner,
    epoch,
    expires_at: expiresAt,
    ...(isCancelRequested ? { cancel_requested: true } : {}),
    ...(continuation === null ? {} : { continuation }),
  };
  return { ...run, metadata: mergeObjects(run.metadata, { lease: written }) };
}

/** The run without its lease, as it is written at its end. */
export function withoutLease(run: Execution): Execution {
  const { lease: _lease, ...metadata } = run.metadata;
  return { ...run, metadata };
}

/** The lease of this manager, taken now; the epoch is one above the last, and the mode that of the last where none is given. */
export function takenBy(
  { options, platform, leaseMs }: Parts,
  run: Execution,
  mode?: Continuation,
): RunLease {
  const last = leaseOf(run);
  const epoch = (last?.epoch ?? 0) + 1;
  const continuation = mode ?? last?.continuation ?? null;
  const expiresAt = formatMicros(platform.nowMs() + leaseMs);
  return { owner: options.owner, epoch, expiresAt, isCancelRequested: false, continuation };
}

export function isSameLease(left: RunLease | null, right: RunLease | null): boolean {
  return left !== null && right !== null && left.owner === right.owner && left.epoch === right.epoch;
}

/** True when nobody works on a run that is `running`, as `isLeftBehind` says it for this manager. */
export function isAbandoned({ options: { isOwnerGone }, platform }: Parts, run: Execution): boolean {
  const nowMs = platform.nowMs();
  return isLeftBehind(run, isOwnerGone === undefined ? { nowMs } : { nowMs, isOwnerGone });
}

/**
 * True when nobody works on a run whose row says `running`: it was never owned, its owner is gone, or was silent for too long. A manager
 * may take such a run; whoever only reads says so. `isOwnerGone` tells of processes that are known to have ended.
 */
export function isLeftBehind(
  run: Execution,
  at: { readonly nowMs: number; readonly isOwnerGone?: (owner: string) => boolean },
): boolean {
  if (run.status !== 'running') return false;
  const lease = leaseOf(run);
  if (lease === null || lease.expiresAt <= formatMicros(at.nowMs)) return true;
  return at.isOwnerGone?.(lease.owner) ?? false;
}
