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
  const needed = neededEvents(all, asked);
  const chosen = all.filter(({ id }) => needed.has(id));
  return chosen.map((run) => {
    const events = needed.get(run.id) ?? 0;
    const { parent } = run;
    const cut = parent === null ? null : { ...parent, atSeq: Math.min(parent.atSeq, events) };
    return { run: { ...run, parent: cut }, events, isAncestor: !asked.has(run.id) };
  });
}

/** How many events of each run have to be there. One step a run, youngest first: lineages may be as deep as there are runs. */
function neededEvents(all: readonly SourceRun[], asked: ReadonlySet<string>): ReadonlyMap<string, number> {
  const needed = new Map<string, number>();
  for (const run of all.toReversed()) {
    const own = asked.has(run.id) ? run.events : needed.get(run.id);
    if (own === undefined) continue;
    needed.set(run.id, own);
    if (run.parent === null) continue;
    const { runId, atSeq } = run.parent;
    needed.set(runId, Math.max(needed.get(runId) ?? 0, Math.min(atSeq, own)));
  }
  return needed;
}
