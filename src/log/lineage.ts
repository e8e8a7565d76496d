/**
 * Decides how a fork reads its past: a flat list of segments of other logs, computed once at birth, so that no reading
 * recurses and no cycle can exist.
 */
import { InvalidRuntimeConfiguration, shellWord } from '../base/index.ts';
import type { NewFork, Segment } from './port.ts';

/** A stretch to read: places after `after` up to and including `to` (no bound: `Infinity`) of one log's own events. */
export interface Stretch {
  readonly logId: string;
  readonly after: number;
  readonly to: number;
}

/** The lineage of a fork of `parent` at `atSeq`: the parent's ancestors up to that place, then the parent itself. */
export function lineageOfFork(
  parent: { readonly id: string; readonly lineage: readonly Segment[] },
  atSeq: number,
): readonly Segment[] {
  const lineage: Segment[] = [];
  let covered = 0;
  for (const segment of [...parent.lineage, { logId: parent.id, toSeq: atSeq }]) {
    const toSeq = Math.min(segment.toSeq, atSeq);
    if (toSeq > covered) lineage.push({ logId: segment.logId, toSeq });
    covered = Math.max(covered, toSeq);
  }
  return lineage;
}

/** The stretches, oldest first, in which the events of a log stand. */
export function stretchesOf(log: {
  readonly id: string;
  readonly lineage: readonly Segment[];
}): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let after = 0;
  for (const segment of log.lineage) {
    stretches.push({ logId: segment.logId, after, to: segment.toSeq });
    after = segment.toSeq;
  }
  stretches.push({ logId: log.id, after, to: Number.POSITIVE_INFINITY });
  return stretches;
}

/**
 * Why a reading that follows a lineage could not be trusted to come to an end at the right place; `null` when it can: segments go
 * forward, are of other logs, and end at the fork place.
 */
export function lineageProblem(log: {
  readonly id: string;
  readonly seq: number;
  readonly parent?: string | null;
  readonly forkSeq: number;
  readonly lineage: readonly Segment[];
}): string | null {
  const { id, seq, parent, forkSeq, lineage } = log;
  let reached = 0;
  for (const { logId, toSeq } of lineage) {
    if (logId === id) return 'a lineage was expected, and one that names the run itself is there';
    if (toSeq <= reached) return 'a lineage was expected, and one that does not go forward is there';
    reached = toSeq;
  }
  if (reached !== forkSeq || forkSeq > seq)
    return `the fork place ${forkSeq}, the end of the lineage ${reached} and the length ${seq} do not fit each other`;
  if (parent === id) return 'another run was expected as its parent, and the run itself is there';
  if (parent === null && forkSeq > 0) return 'a parent was expected, and nothing is there';
  return null;
}

/** Refuses a fork at a place that the parent does not have. */
export function checkForkPoint(fork: NewFork, headSeq: number): void {
  if (Number.isInteger(fork.atSeq) && fork.atSeq >= 0 && fork.atSeq <= headSeq) return;
  throw new InvalidRuntimeConfiguration({
    summary: `run '${fork.parent}' has no place ${fork.atSeq}`,
    whatFailed: `A fork of '${fork.parent}' was asked for at place ${fork.atSeq}; the run has ${headSeq} events.`,
    why: 'A fork shares history that exists; it cannot share events that are still to come.',
    howToFix: `Choose an event of the run: \`runlog inspect URL --run-id ${shellWord(fork.parent)} --tail 100\` lists them.`,
    context: { run_id: fork.parent, at_seq: fork.atSeq, head_seq: headSeq },
  });
}
