/**
 * Decides how a database of the Python ActiveGraph is read as a source: runs with and without a row, events page by page, and
 * forks, which are full copies there, as pointers wherever their beginning truly is their parent's.
 */
import type { Sha256 } from '../../base/index.ts';
import type { MigrationDatabase } from '../../schema/index.ts';
import { numberNotes } from '../number-notes.ts';
import type { MigrationSource, SourceEvent, SourceRun } from '../source.ts';
import { type ActiveGraphLayout, activeGraphVersion } from './layout.ts';
import { eventOf, isSameEvent } from './rows.ts';
import { parentsFirst, type PlacedRun, readRunRows, type RunRow } from './run-rows.ts';
import { selectEvents } from './selects.ts';

export interface ActiveGraphSourceOptions {
  readonly database: MigrationDatabase;
  readonly layout: ActiveGraphLayout;
  readonly location: string;
  readonly sha256: Sha256;
  readonly close: () => Promise<void>;
  /** Waited for after each page that is read; what it rejects with ends the reading. */
  readonly turn?: () => Promise<void>;
}

const pageSize = 500;
/** At most this many notes a run: a report is for people. */
const notesAtMost = 20;

/** The database has to be one of ActiveGraph: see `activeGraphLayout`. Nothing is written to it. */
export function activeGraphSource(options: ActiveGraphSourceOptions): MigrationSource {
  return new ActiveGraphSource(options);
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
    const isOlder = Number(version) < Number(activeGraphVersion);
    const from = isOlder ? `, older than ${activeGraphVersion} and brought forward` : '';
    this.format = `ActiveGraph, layout ${version} (${dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'})${from}`;
    this.#options = options;
  }

  async runs(): Promise<readonly SourceRun[]> {
    const { database, layout } = this.#options;
    const runs: SourceRun[] = [];
    for (const placed of parentsFirst(await readRunRows(database, layout)))
      runs.push(await this.#take(placed));
    return runs;
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

  notes(runId: string | null): readonly string[] {
    return runId === null ? [] : (this.#notes.get(runId) ?? []);
  }

  async close(): Promise<void> {
    await this.#options.close();
  }

  async #take({ row, parent, problem }: PlacedRun): Promise<SourceRun> {
    const { id, label, createdAt, events } = row;
    if (!row.hasRow) this.#note(id, 'it has events and no row in the table of runs');
    if (events === 0) this.#note(id, 'it has a row in the table of runs and no events');
    if (problem !== null) this.#note(id, problem);
    const atSeq = parent === null ? 0 : await this.#sharedPrefix(parent, row);
    return {
      id,
      kind: 'run',
      label,
      createdAt,
      parent: atSeq > 0 && parent !== null ? { runId: parent.id, atSeq } : null,
      events,
      headHash: null,
    };
  }

  /** How many first events of a fork are its parent's, up to the fork point; 0 when one of them is not. */
  async #sharedPrefix(parent: RunRow, fork: RunRow): Promise<number> {
    const parentEvents = each(this.#pages(parent.id));
    let shared = 0;
    let isAtForkPoint = false;
    for await (const event of each(this.#pages(fork.id))) {
      const { value: other } = await parentEvents.next();
      if (other === undefined || !isSameEvent(event, other)) break;
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
    let last: string | null = null;
    for (;;) {
      const rows: readonly (readonly unknown[])[] = await database.all(
        selectEvents(layout, { runId, after: last, limit: pageSize }),
      );
      if (rows.length === 0) return;
      await this.#options.turn?.();
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
