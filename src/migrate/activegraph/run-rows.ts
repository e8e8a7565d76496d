/** Decides what the tables of the Python ActiveGraph say about a run, and in which order runs are taken: parents first. */
import type { MigrationDatabase } from '../../schema/index.ts';
import { columnsOf } from '../table-columns.ts';
import type { ActiveGraphLayout } from './layout.ts';
import { selectRuns } from './selects.ts';

export interface RunRow {
  readonly id: string;
  readonly parent: string | null;
  readonly forkedAt: string | null;
  readonly label: string | null;
  readonly createdAt: string;
  readonly events: number;
  /** False for events of a run that the table of runs does not have. */
  readonly hasRow: boolean;
}

/** In the order in which they began. */
export async function readRunRows(
  database: MigrationDatabase,
  layout: ActiveGraphLayout,
): Promise<readonly RunRow[]> {
  const runs = await columnsOf(database, layout.dialect, 'runs');
  const rows = await database.all(selectRuns(layout, runs));
  return rows.map(([id, parent, forkedAt, label, createdAt, events, hasRow, began]) => ({
    id: String(id),
    parent: textOrNull(parent),
    forkedAt: textOrNull(forkedAt),
    label: textOrNull(label),
    createdAt: textOrNull(createdAt) ?? textOrNull(began) ?? '1970-01-01T00:00:00Z',
    events: Number(events),
    hasRow: Number(hasRow) === 1,
  }));
}

/** Where a run stands in the order, and what of its lineage holds. */
export interface PlacedRun {
  readonly row: RunRow;
  /** `null` for a run of its own, and where the lineage does not hold. */
  readonly parent: RunRow | null;
  /** Why the parent that is named is not taken, in a sentence. */
  readonly problem: string | null;
}

/** Parents first, by a walk with a list of its own: a lineage may be as deep as there are runs. */
export function parentsFirst(rows: readonly RunRow[]): readonly PlacedRun[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const placed = new Map<string, PlacedRun>();
  for (const row of rows) {
    const path: RunRow[] = [];
    const onPath = new Set<string>();
    for (let next: RunRow | undefined = row; next !== undefined && !placed.has(next.id);) {
      if (onPath.has(next.id)) break;
      path.push(next);
      onPath.add(next.id);
      next = next.parent === null ? undefined : byId.get(next.parent);
    }
    // From the oldest ancestor that is not placed yet. Where the walk met itself, that one has its parent still to come.
    for (const each of path.toReversed()) placed.set(each.id, place(each, byId, placed));
  }
  return [...placed.values()];
}

function place(
  row: RunRow,
  byId: ReadonlyMap<string, RunRow>,
  placed: ReadonlyMap<string, PlacedRun>,
): PlacedRun {
  if (row.parent === null) return { row, parent: null, problem: null };
  const parent = byId.get(row.parent);
  if (parent === undefined) {
    const problem = `its parent '${row.parent}' is not in the database: it is taken as a run of its own`;
    return { row, parent: null, problem };
  }
  if (!placed.has(parent.id))
    return { row, parent: null, problem: 'its lineage goes round: it is taken as a run of its own' };
  return { row, parent, problem: null };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
