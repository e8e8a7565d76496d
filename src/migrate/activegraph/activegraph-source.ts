/**
 * Decides how a database of the Python ActiveGraph is read as a source: runs with and without a row, events page by page, and
 * forks, which are full copies there, as pointers wherever their beginning truly is their parent's.
 */
import type { Sha256 } from '../../base/index.ts';
import { hashLine } from '../../log/index.ts';
import { type MigrationDatabase, quoteText } from '../../schema/index.ts';
import type { MigrationSource, SourceEvent, SourceRun } from '../source.ts';
import { type ActiveGraphLayout, columnsOf } from './layout.ts';
import { numberNotes } from './number-notes.ts';
import { eventOf } from './rows.ts';

export interface ActiveGraphSourceOptions {
  readonly database: MigrationDatabase;
  readonly layout: ActiveGraphLayout;
  readonly location: string;
  readonly sha256: Sha256;
  readonly close: () => Promise<void>;
}

const pageSize = 500;
/** PostgreSQL keeps an instant, not a text; whole seconds were written without a fraction. */
const isoTimestamp = `regexp_replace(to_char(timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '\\.?0*$', '') || 'Z'`;
/** At most this many notes a run: a report is for people. */
const notesAtMost = 20;

/** The database has to be one of ActiveGraph: see `activeGraphLayout`. Nothing is written to it. */
export function activeGraphSource(options: ActiveGraphSourceOptions): MigrationSource {
  return new ActiveGraphSource(options);
}

interface RunRow {
  readonly id: string;
  readonly parent: string | null;
  readonly forkedAt: string | null;
  readonly label: string | null;
  readonly createdAt: string;
  readonly events: number;
  readonly hasRow: boolean;
}

class ActiveGraphSource implements MigrationSource {
  readonly location: string;
  readonly format: string;
  readonly storeId = null;
  readonly #options: ActiveGraphSourceOptions;
  readonly #notes = new Map<string, string[]>();
  readonly #digests = new Map<string, string>();

  constructor(options: ActiveGraphSourceOptions) {
    const { dialect, version } = options.layout;
    this.location = options.location;
    this.format = `ActiveGraph, layout ${version} (${dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'})`;
    this.#options = options;
  }

  async runs(): Promise<readonly SourceRun[]> {
    const rows = await this.#runRows();
    const byId = new Map(rows.map((row) => [row.id, row]));
    const done = new Map<string, SourceRun>();
    for (const row of rows) await this.#take(row, byId, done, new Set());
    return [...done.values()];
  }

  async *events(run: SourceRun, after: number): AsyncIterable<readonly SourceEvent[]> {
    let seen = 0;
    const { sha256 } = this.#options;
    let digest = sha256('');
    const hear = (row: readonly unknown[]): void => {
      digest = sha256(digest + JSON.stringify(row));
      this.#digests.set(run.id, digest);
    };
    for await (const page of this.#pages(run.id, hear)) {
      const taken = page.slice(Math.max(0, after - seen));
      seen += page.length;
      for (const event of taken) if (event.ok) this.#noteNumbers(run.id, event.row.id, event.row.payload);
      if (taken.length > 0) yield taken;
    }
  }

  async hashAt(): Promise<null> {
    return null;
  }

  /** ActiveGraph keeps nothing beside its events that a run needs. */
  async records(): Promise<readonly []> {
    return [];
  }

  digest(runId: string): string | null {
    return this.#digests.get(runId) ?? null;
  }

  notes(runId: string): readonly string[] {
    return this.#notes.get(runId) ?? [];
  }

  async close(): Promise<void> {
    await this.#options.close();
  }

  async #runRows(): Promise<readonly RunRow[]> {
    const { database, layout } = this.#options;
    const known = await columnsOf(database, layout.dialect, 'runs');
    const column = (name: string): string => (known.has(name) ? `CAST(r.${name} AS TEXT)` : 'NULL');
    const counted =
      'SELECT run_id, count(*) AS n, min(seq) AS first, CAST(min(timestamp) AS TEXT) AS began FROM events GROUP BY run_id';
    const withRows = known.has('run_id')
      ? `SELECT r.run_id AS id, ${column('parent_run_id')} AS parent, ${column('forked_at_event_id')} AS forked,
          ${column('label')} AS label,
          ${column('created_at')} AS created, coalesce(e.n, 0) AS n, 1 AS has_row, e.first AS first, e.began AS began
          FROM runs r LEFT JOIN (${counted}) e ON e.run_id = r.run_id WHERE r.run_id IS NOT NULL
          UNION ALL `
      : '';
    const withoutRows = known.has('run_id')
      ? 'WHERE e.run_id NOT IN (SELECT run_id FROM runs WHERE run_id IS NOT NULL)'
      : '';
    const rows = await database.all(
      `SELECT id, parent, forked, label, created, n, has_row, began FROM (
          ${withRows}SELECT e.run_id AS id, NULL AS parent, NULL AS forked, NULL AS label, NULL AS created, e.n AS n,
            0 AS has_row, e.first AS first, e.began AS began FROM (${counted}) e ${withoutRows}
        ) AS found ORDER BY CASE WHEN first IS NULL THEN 1 ELSE 0 END, first, id`,
    );
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

  /** Parents first. A lineage that goes round is noted, and its runs are taken for themselves. */
  async #take(
    row: RunRow,
    byId: ReadonlyMap<string, RunRow>,
    done: Map<string, SourceRun>,
    under: ReadonlySet<string>,
  ): Promise<void> {
    if (done.has(row.id)) return;
    if (!row.hasRow) this.#note(row.id, 'it has events and no row in the table of runs');
    if (row.events === 0) this.#note(row.id, 'it has a row in the table of runs and no events');
    const parent = row.parent === null ? undefined : byId.get(row.parent);
    const isCycle = parent !== undefined && (parent.id === row.id || under.has(parent.id));
    if (row.parent !== null && parent === undefined)
      this.#note(
        row.id,
        `its parent '${row.parent}' is not in the database: it is taken as a run of its own`,
      );
    if (isCycle) this.#note(row.id, 'its lineage goes round: it is taken as a run of its own');
    if (parent !== undefined && !isCycle) await this.#take(parent, byId, done, new Set([...under, row.id]));
    const atSeq = parent === undefined || isCycle ? 0 : await this.#sharedPrefix(parent, row);
    done.set(row.id, {
      id: row.id,
      kind: 'run',
      label: row.label,
      createdAt: row.createdAt,
      parent: atSeq > 0 && parent !== undefined ? { runId: parent.id, atSeq } : null,
      events: row.events,
      headHash: null,
    });
  }

  /** How many first events of a fork are its parent's, up to the fork point; 0 when one of them is not. */
  async #sharedPrefix(parent: RunRow, fork: RunRow): Promise<number> {
    const { sha256 } = this.#options;
    const lineOf = (event: SourceEvent): string | null => (event.ok ? hashLine(event.row, sha256) : null);
    const parentEvents = each(this.#pages(parent.id));
    let shared = 0;
    let isAtForkPoint = false;
    for await (const event of each(this.#pages(fork.id))) {
      const { value: other } = await parentEvents.next();
      if (other === undefined || lineOf(event) === null || lineOf(event) !== lineOf(other)) break;
      shared += 1;
      isAtForkPoint = event.ok && event.row.id === fork.forkedAt;
      if (isAtForkPoint) break;
    }
    await parentEvents.return(undefined);
    if (isAtForkPoint) return shared;
    this.#note(
      fork.id,
      `its events up to '${fork.forkedAt ?? 'its fork point'}' are not those of '${parent.id}': it is taken as a run of its own`,
    );
    return 0;
  }

  async *#pages(
    runId: string,
    hear: (row: readonly unknown[]) => void = () => undefined,
  ): AsyncGenerator<readonly SourceEvent[]> {
    const { database, layout } = this.#options;
    const timestamp = layout.dialect === 'sqlite' ? 'timestamp' : isoTimestamp;
    const bytes = layout.dialect === 'sqlite' ? 'length(CAST(payload AS BLOB))' : 'NULL';
    let last: string | null = null;
    for (;;) {
      const rows = await database.all(
        `SELECT CAST(seq AS TEXT), id, type, actor, CAST(payload AS TEXT), frame_id, caused_by, ${timestamp}, ${bytes}
          FROM events WHERE run_id = ${quoteText(runId)} ${last === null ? '' : `AND seq > ${last}`}
          ORDER BY events.seq LIMIT ${pageSize}`,
      );
      if (rows.length === 0) return;
      last = String(rows.at(-1)?.[0]);
      for (const [, ...columns] of rows) hear(columns);
      yield rows.map(([, ...columns]) => eventOf(columns));
    }
  }

  #noteNumbers(runId: string, eventId: string, payload: string): void {
    for (const found of numberNotes(payload))
      this.#note(runId, `${eventId}: ${found}; the log keeps the text`);
  }

  #note(runId: string, text: string): void {
    const notes = this.#notes.get(runId) ?? [];
    if (notes.length < notesAtMost && !notes.includes(text)) notes.push(text);
    this.#notes.set(runId, notes);
  }
}

async function* each<Value>(pages: AsyncIterable<readonly Value[]>): AsyncGenerator<Value, undefined> {
  for await (const page of pages) yield* page;
  return undefined;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
