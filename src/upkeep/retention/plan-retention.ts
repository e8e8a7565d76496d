/** Decides which logs of a store go and which stay, and why: a log goes only together with every fork that reads from it, forks first. */
import { type Candidate, type KeptReason, reasonsToKeep, type RetentionPolicy } from './policy.ts';

/** A log that retention leaves, and why. */
export interface KeptLog {
  readonly id: string;
  /** At least one. */
  readonly reasons: readonly KeptReason[];
}

export interface RetentionPlan {
  /** In the order in which they can be removed: forks before what they were forked from. */
  readonly going: readonly string[];
  readonly kept: readonly KeptLog[];
}

/**
 * `logs` are all logs of a store in the order in which they were made; or some of them with all that read them, and `newerThan` says how
 * many logs of the store were made after one.
 */
export function planRetention(
  logs: readonly Candidate[],
  policy: RetentionPolicy,
  nowMs: number,
  newerThan: (log: Candidate, index: number) => number = (_log, index) => logs.length - 1 - index,
): RetentionPlan {
  const reasons = new Map(
    logs.map((log, index) => [log.id, [...reasonsToKeep(log, newerThan(log, index), policy, nowMs)]]),
  );
  const byId = new Map(logs.map((log) => [log.id, log]));
  const staying = logs.filter(({ id }) => (reasons.get(id) ?? []).length > 0);
  // What stays needs what it reads from, which stays for that and needs more.
  for (const log of staying) {
    for (const needed of log.reads) {
      const other = byId.get(needed);
      const of = reasons.get(needed);
      if (other === undefined || of === undefined) continue;
      if (of.length === 0) staying.push(other);
      of.push({ code: 'needed', forks: [log.id] });
    }
  }
  const stays = new Set(staying.map(({ id }) => id));
  return {
    going: logs
      .filter(({ id }) => !stays.has(id))
      .map(({ id }) => id)
      .toReversed(),
    kept: logs
      .filter(({ id }) => stays.has(id))
      .map(({ id }) => ({ id, reasons: joined(reasons.get(id) ?? []) })),
  };
}

/** One reason for all forks that need a log. */
function joined(reasons: readonly KeptReason[]): readonly KeptReason[] {
  const forks = reasons.flatMap((reason) => (reason.code === 'needed' ? reason.forks : []));
  const others = reasons.filter(({ code }) => code !== 'needed');
  return forks.length === 0 ? others : [...others, { code: 'needed', forks }];
}
