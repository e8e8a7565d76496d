/** Decides which logs a policy lets go, by themselves: how old they are, how they stand, what they are called, how many newer ones there are. */

/** All that is given has to hold for a log to go. */
export interface RetentionPolicy {
  /** Only these logs. */
  readonly ids?: readonly string[];
  /** Only logs whose last event is older than this, in milliseconds. */
  readonly olderThanMs?: number;
  /** The so many logs that were made last stay, whatever else holds. */
  readonly keepLast?: number;
  /** Only logs that stand so. Without it: those that have come to an end. */
  readonly statuses?: readonly string[];
  /** Only logs of this label. */
  readonly label?: string;
}

/** A log as far as retention looks at it, of whatever kind it is. */
export interface Candidate {
  readonly id: string;
  readonly label: string | null;
  /** When it was written last, in milliseconds since 1970; `null` when nothing says it. */
  readonly lastWrittenMs: number | null;
  /** How it stands, in the words of its kind. */
  readonly status: string;
  /** True when its kind says that nothing of it is left to be done. */
  readonly isEnded: boolean;
  /** Who writes it just now, in words; `null` for nobody. */
  readonly heldBy: string | null;
  /** Why somebody wants it kept; `null` when it is not pinned. */
  readonly pin: string | null;
  /** The logs whose events it reads as its own. */
  readonly reads: readonly string[];
}

/** Why a log stays. */
export type KeptReason =
  | { readonly code: 'not-asked-for' }
  | { readonly code: 'pinned'; readonly pin: string }
  | { readonly code: 'held'; readonly by: string }
  | { readonly code: 'needed'; readonly forks: readonly string[] }
  | { readonly code: 'among-the-newest'; readonly keepLast: number }
  | { readonly code: 'too-young'; readonly lastWrittenMs: number | null }
  | { readonly code: 'status'; readonly status: string }
  | { readonly code: 'label'; readonly label: string | null };

/** Every reason for which the log itself has to stay; `newer` says how many logs were made after it. */
export function reasonsToKeep(
  log: Candidate,
  newer: number,
  policy: RetentionPolicy,
  nowMs: number,
): readonly KeptReason[] {
  const { ids, olderThanMs, keepLast, statuses, label } = policy;
  const reasons: KeptReason[] = [];
  if (log.pin !== null) reasons.push({ code: 'pinned', pin: log.pin });
  if (log.heldBy !== null) reasons.push({ code: 'held', by: log.heldBy });
  if (ids !== undefined && !ids.includes(log.id)) reasons.push({ code: 'not-asked-for' });
  if (keepLast !== undefined && newer < keepLast) reasons.push({ code: 'among-the-newest', keepLast });
  const { lastWrittenMs } = log;
  if (olderThanMs !== undefined && (lastWrittenMs === null || nowMs - lastWrittenMs < olderThanMs))
    reasons.push({ code: 'too-young', lastWrittenMs });
  const isOfStatus = statuses === undefined ? log.isEnded : statuses.includes(log.status);
  if (!isOfStatus) reasons.push({ code: 'status', status: log.status });
  if (label !== undefined && log.label !== label) reasons.push({ code: 'label', label: log.label });
  return reasons;
}
