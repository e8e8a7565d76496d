/** Decides which record is the orchestrator of a project: one that still lives, rather the one of the plain name, rather the newer. */
import { lifecycleOf, type Lifecycle } from '../legacy/lifecycle.ts';
import type { SessionRecord } from '../legacy/session-records.ts';
import { textAt } from '../legacy/values.ts';
import { parseTime } from './timestamp.ts';

export interface Candidate {
  readonly record: SessionRecord;
  readonly lifecycle: Lifecycle;
}

export interface Choice {
  /** `null` when there is none at all. One that has ended is chosen only when all have. */
  readonly chosen: Candidate | null;
  readonly others: readonly Candidate[];
}

export function chooseOrchestrator(
  records: readonly SessionRecord[],
  prefix: string,
  strictParity: boolean,
): Choice {
  const candidates = records
    .filter((record) => isOrchestrator(record, prefix))
    .map((record) => ({ record, lifecycle: withArchive(record, strictParity) }))
    .sort((left, right) => (rank(left, prefix) < rank(right, prefix) ? 1 : -1));
  const [chosen = null, ...others] = candidates;
  return { chosen, others };
}

export function isOrchestratorName(name: string, prefix: string): boolean {
  const canonical = `${prefix}-orchestrator`;
  return (
    name === canonical || (name.startsWith(`${canonical}-`) && /^\d+$/.test(name.slice(canonical.length + 1)))
  );
}

function isOrchestrator({ name, values }: SessionRecord, prefix: string): boolean {
  return textAt(values, 'role')?.trim() === 'orchestrator' || isOrchestratorName(name, prefix);
}

function withArchive({ values, isArchived }: SessionRecord, strictParity: boolean): Lifecycle {
  const lifecycle = lifecycleOf(values, strictParity);
  if (!isArchived || lifecycle.isTerminal) return lifecycle;
  return { ...lifecycle, state: 'terminated', isTerminal: true };
}

/** A text that sorts: alive, then the plain name, then the time of the last change, then the name. */
function rank({ record, lifecycle }: Candidate, prefix: string): string {
  return [
    lifecycle.isTerminal ? '0' : '1',
    record.name === `${prefix}-orchestrator` && !record.isArchived ? '1' : '0',
    parseTime(lifecycle.lastTransitionAt) ?? parseTime(textAt(record.values, 'createdAt')) ?? '0',
    record.name,
  ].join(' ');
}
