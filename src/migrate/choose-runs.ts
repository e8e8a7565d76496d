/** Decides which runs are moved, and how far: those that were asked for, and of what they were forked from as much as they share. */
import { runNotFound } from '../log/index.ts';
import type { SourceRun } from './source.ts';

export interface ChosenRun {
  readonly run: SourceRun;
  /** Events to be there in the end. */
  readonly events: number;
  readonly isAncestor: boolean;
}

export interface Choice {
  /** All when left out. */
  readonly runIds?: readonly string[];
  /** Take forks for themselves, with all their events, and leave their ancestors. */
  readonly detach?: boolean;
}

/** In the order in which they can be written. Throws `RunNotFoundError` for an id that the source does not have. */
export function chooseRuns(
  all: readonly SourceRun[],
  { runIds, detach = false }: Choice,
): readonly ChosenRun[] {
  const byId = new Map(all.map((run) => [run.id, run]));
  const unknown = runIds?.find((id) => !byId.has(id));
  if (unknown !== undefined) throw runNotFound({ logId: unknown, operation: 'migrate' });
  const asked = new Set(runIds ?? all.map(({ id }) => id));
  if (detach) {
    return all
      .filter(({ id }) => asked.has(id))
      .map((run) => ({ run: { ...run, parent: null }, events: run.events, isAncestor: false }));
  }
  const needed = new Map<string, number>();
  for (const id of asked) {
    let run = byId.get(id);
    let shared = Number.POSITIVE_INFINITY;
    while (run !== undefined && run.parent !== null) {
      const { runId, atSeq }: { readonly runId: string; readonly atSeq: number } = run.parent;
      shared = Math.min(shared, atSeq);
      needed.set(runId, Math.max(needed.get(runId) ?? 0, shared));
      run = byId.get(runId);
    }
  }
  return all
    .filter(({ id }) => asked.has(id) || needed.has(id))
    .map((run) => {
      const events = asked.has(run.id) ? run.events : (needed.get(run.id) ?? 0);
      const { parent } = run;
      const cut = parent === null ? null : { ...parent, atSeq: Math.min(parent.atSeq, events) };
      return { run: { ...run, parent: cut }, events, isAncestor: !asked.has(run.id) };
    });
}
