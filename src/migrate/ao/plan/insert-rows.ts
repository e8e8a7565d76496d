/** Decides the order in which rows go in, and how each of them is counted. */
import { type Note, orchestratorNote, projectNote } from '../note.ts';
import type { TargetTransaction } from '../target/target-port.ts';
import type { ReconciledPlan } from './reconcile.ts';
import type { Counts } from './report.ts';

export interface Inserted {
  readonly projects: Counts;
  readonly orchestrators: Counts;
  readonly created: number;
  readonly failed: number;
  readonly notes: readonly Note[];
  /** The same when the transaction was taken back: what was created has failed. */
  undone(): Inserted;
}

/** Projects first: the sessions point at them. A row that fails does not stop the others. */
export function insertRows(plan: ReconciledPlan, transaction: TargetTransaction): Inserted {
  const notes: Note[] = [];
  const projects = insertAll(
    plan.projects,
    (row) => transaction.insertProject(row),
    ({ id }, text) => notes.push(projectNote(id, text)),
  );
  const orchestrators = insertAll(
    plan.orchestrators,
    (row) => transaction.insertOrchestrator(row),
    ({ id }, text) => notes.push(orchestratorNote(id, text)),
  );
  return inserted(projects, orchestrators, notes);
}

function insertAll<Row>(
  rows: readonly Row[],
  insert: (row: Row) => boolean,
  note: (row: Row, text: string) => void,
): Counts {
  const counts = { created: 0, skipped: 0, failed: 0 };
  for (const row of rows) {
    try {
      if (insert(row)) counts.created += 1;
      else {
        counts.skipped += 1;
        note(row, 'skipped: it is in the database already');
      }
    } catch (error) {
      counts.failed += 1;
      note(row, `failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return counts;
}

function inserted(projects: Counts, orchestrators: Counts, notes: readonly Note[]): Inserted {
  return {
    projects,
    orchestrators,
    created: projects.created + orchestrators.created,
    failed: projects.failed + orchestrators.failed,
    notes,
    undone: () => inserted(undone(projects), undone(orchestrators), notes),
  };
}

function undone({ created, skipped, failed }: Counts): Counts {
  return { created: 0, skipped, failed: failed + created };
}
