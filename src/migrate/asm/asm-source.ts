/**
 * Decides how a database of agent_session_manager is read as a source: sessions with and without a row, their events page by page,
 * their runs and artifacts as documents. What cannot be kept as it stands there is said.
 */
import type { Sha256 } from '../../base/index.ts';
import type { MigrationDatabase } from '../../schema/index.ts';
import { numberNotes } from '../number-notes.ts';
import type { InexactNumber, MigrationSource, SourceEvent, SourceRecord, SourceRun } from '../source.ts';
import { artifactRecord, runRecord, sessionRecord } from './documents.ts';
import { eventOf } from './event-row.ts';
import { inexactCells } from './inexact-cells.ts';
import type { AsmLayout } from './layout.ts';
import { momentOf } from './moment.ts';
import {
  artifactColumns,
  runColumns,
  selectEvents,
  selectRows,
  selectSessions,
  selectStrays,
  sessionColumns,
} from './selects.ts';

export interface AsmSourceOptions {
  readonly database: MigrationDatabase;
  readonly layout: AsmLayout;
  readonly location: string;
  readonly sha256: Sha256;
  readonly close: () => Promise<void>;
  /** Waited for after each page that is read; what it rejects with ends the reading. */
  readonly turn?: () => Promise<void>;
}

const pageSize = 500;
/** At most this many notes a session: a report is for people. */
const notesAtMost = 20;

/** The database has to be one of agent_session_manager: see `asmLayout`. Nothing is written to it. */
export function asmSource(options: AsmSourceOptions): MigrationSource {
  return new AsmSource(options);
}

class AsmSource implements MigrationSource {
  readonly location: string;
  readonly format: string;
  readonly storeId = null;
  readonly #options: AsmSourceOptions;
  readonly #notes = new Map<string | null, string[]>();
  readonly #inexact = new Map<string, readonly InexactNumber[]>();
  readonly #digests = new Map<string, string>();
  readonly #runIds = new Map<string, ReadonlySet<unknown>>();

  constructor(options: AsmSourceOptions) {
    const { dialect, older } = options.layout;
    const database = dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL';
    this.location = options.location;
    this.format =
      older.length === 0
        ? `agent_session_manager 0.8 (${database})`
        : `agent_session_manager before 0.8 (${database}), without ${older.join(', ')}`;
    this.#options = options;
  }

  async runs(): Promise<readonly SourceRun[]> {
    const { database, layout } = this.#options;
    await this.#noteStrays();
    const rows = await database.all(selectSessions(layout));
    return rows.map(([id, hasRow, createdAt, events, first, last, began, counter]) => {
      const sessionId = String(id);
      if (Number(hasRow) === 0)
        this.#note(sessionId, 'rows of other tables name it, and it has no row in the table of sessions');
      const behind = Number(last ?? 0);
      if (counter !== null && Number(counter) !== behind)
        this.#noteCounter(sessionId, behind, Number(counter));
      if (Number(events) > 0 && Number(first) < 1)
        this.#note(sessionId, `its numbers begin with ${String(first)}`);
      return {
        id: sessionId,
        kind: 'session',
        label: null,
        createdAt: momentOf(createdAt) ?? momentOf(began) ?? '1970-01-01T00:00:00.000000Z',
        parent: null,
        events: Number(events),
        headHash: null,
      };
    });
  }

  async *events({ id }: SourceRun, after: number): AsyncIterable<readonly SourceEvent[]> {
    const { database, layout, sha256, turn } = this.#options;
    let digest = sha256('');
    let place = 0;
    for (let last: string | null = null; ;) {
      const rows: readonly (readonly unknown[])[] = await database.all(
        selectEvents(layout, { sessionId: id, after: last, limit: pageSize }),
      );
      if (rows.length === 0) return;
      await turn?.();
      const page: SourceEvent[] = [];
      for (const [number, ...columns] of rows) {
        digest = sha256(digest + JSON.stringify([number, ...columns]));
        place += 1;
        const event = eventOf(id, columns);
        await this.#noteEvent(id, event, {
          number: Number(number),
          before: Number(last ?? 0),
          place,
          timestamp: columns[2],
        });
        if (place > after) page.push(event);
        last = String(number);
      }
      this.#digests.set(id, digest);
      if (page.length > 0) yield page;
    }
  }

  async hashAt(): Promise<null> {
    return null;
  }

  async records({ id }: SourceRun): Promise<readonly SourceRecord[]> {
    const { database, layout } = this.#options;
    const sessions = await database.all(selectRows(layout, 'asm_sessions', id));
    const runs = await database.all(selectRows(layout, 'asm_runs', id));
    const hasArtifacts = layout.columns.asm_artifacts.has('session_id');
    const artifacts = hasArtifacts ? await database.all(selectRows(layout, 'asm_artifacts', id)) : [];
    for (const text of [...sessions, ...runs, ...artifacts].flat()) {
      if (typeof text !== 'string' || !/^[[{]/.test(text)) continue;
      for (const found of numberNotes(text)) this.#note(id, `its row, or one of its runs: ${found}`);
    }
    this.#inexact.set(id, [
      ...inexactCells('session', sessionColumns, sessions),
      ...inexactCells('run', runColumns, runs),
      ...inexactCells('artifact', artifactColumns, artifacts),
    ]);
    return [...sessions.map(sessionRecord), ...runs.map(runRecord), ...artifacts.map(artifactRecord)];
  }

  digest(sessionId: string): string | null {
    return this.#digests.get(sessionId) ?? null;
  }

  inexact(sessionId: string): readonly InexactNumber[] {
    return this.#inexact.get(sessionId) ?? [];
  }

  notes(sessionId: string | null): readonly string[] {
    return this.#notes.get(sessionId) ?? [];
  }

  async close(): Promise<void> {
    await this.#options.close();
  }

  async #noteStrays(): Promise<void> {
    const { database, layout } = this.#options;
    for (const table of ['asm_runs', 'asm_events', 'asm_artifacts'] as const) {
      if (!layout.columns[table].has('session_id')) continue;
      const [[count, first] = []] = await database.all(selectStrays(table));
      if (Number(count) > 0)
        this.#note(
          null,
          `${String(count)} rows of ${table} name no session and stay behind; the first is '${String(first)}'`,
        );
    }
  }

  #noteCounter(sessionId: string, last: number, counter: number): void {
    this.#note(sessionId, `its counter says ${counter}, and its last event has the number ${last}`);
  }

  async #noteEvent(
    sessionId: string,
    event: SourceEvent,
    at: {
      readonly number: number;
      readonly before: number;
      readonly place: number;
      readonly timestamp: unknown;
    },
  ): Promise<void> {
    const { number, before, place } = at;
    if (number > before + 1) {
      const gone =
        number - before === 2
          ? `the number ${before + 1} is`
          : `the numbers ${before + 1} to ${number - 1} are`;
      this.#note(sessionId, `${gone} not there: what had the number ${number} has ${place} here`);
    }
    if (!event.ok) return;
    const { id, payload, runId, timestamp } = event.row;
    if (timestamp !== at.timestamp)
      this.#note(
        sessionId,
        'its times are written to the microsecond and with a Z here: they are the same moments',
      );
    if (runId !== null && !(await this.#runsOf(sessionId)).has(runId))
      this.#note(sessionId, `events name the run '${runId}', which has no row`);
    for (const found of numberNotes(payload))
      this.#note(sessionId, `${id}: ${found}; the log keeps the text`);
  }

  async #runsOf(sessionId: string): Promise<ReadonlySet<unknown>> {
    const known = this.#runIds.get(sessionId);
    if (known !== undefined) return known;
    const { database, layout } = this.#options;
    const rows = await database.all(selectRows(layout, 'asm_runs', sessionId));
    const found = new Set(rows.map(([id]) => id));
    // One session is read at a time.
    this.#runIds.clear();
    this.#runIds.set(sessionId, found);
    return found;
  }

  #note(sessionId: string | null, text: string): void {
    const notes = this.#notes.get(sessionId) ?? [];
    if (notes.length < notesAtMost && !notes.includes(text)) notes.push(text);
    this.#notes.set(sessionId, notes);
  }
}
