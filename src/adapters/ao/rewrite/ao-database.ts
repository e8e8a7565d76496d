/** Decides the statements: what is asked of a database of the rewrite, and how rows are put into it. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { gooseLedger, type MigrationDatabase } from '../../../schema/index.ts';
import type { KnownColumn, KnownRows, KnownSchema, ProjectValues, SessionValues } from './rows.ts';

type Row = Readonly<Record<string, unknown>>;

export class AoDatabase {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async schema(): Promise<KnownSchema> {
    const applied = await gooseLedger.applied(this.migrationPort());
    return {
      applied: applied.map(({ version }) => version),
      projects: this.#columns('projects'),
      sessions: this.#columns('sessions'),
    };
  }

  rows(): KnownRows {
    return {
      projects: this.#all('SELECT id, path, archived_at IS NOT NULL AS archived FROM projects').map(
        (row) => ({
          id: String(row['id']),
          path: String(row['path']),
          isArchived: row['archived'] === 1,
        }),
      ),
      sessions: this.#all('SELECT id, project_id, num FROM sessions').map((row) => ({
        id: String(row['id']),
        projectId: String(row['project_id']),
        num: Number(row['num']),
      })),
    };
  }

  insertProject(row: ProjectValues): boolean {
    return this.#insert('projects', {
      id: row.id,
      path: row.path,
      repo_origin_url: row.repoOriginUrl,
      display_name: row.displayName,
      registered_at: row.registeredAt,
      archived_at: null,
      config: row.config,
      kind: 'single_repo',
    });
  }

  insertOrchestrator(row: SessionValues): boolean {
    return this.#insert('sessions', {
      id: row.id,
      project_id: row.projectId,
      num: row.num,
      kind: 'orchestrator',
      harness: row.harness,
      activity_state: row.activityState,
      activity_last_at: row.activityLastAt,
      is_terminated: row.isTerminated ? 1 : 0,
      branch: row.branch,
      workspace_path: row.workspacePath,
      runtime_handle_id: '',
      agent_session_id: row.agentSessionId,
      prompt: row.prompt,
      display_name: row.displayName,
      // Without it the rewrite would say that the session never gave a sign of life.
      first_signal_at: row.activityLastAt,
      created_at: row.createdAt,
      updated_at: row.updatedAt,
    });
  }

  run(sql: string): void {
    this.#database.exec(sql);
  }

  /** Writes what stands in the log into the file itself. Throws when that cannot be done in full. */
  emptyLog(): void {
    const [row] = this.#all('PRAGMA wal_checkpoint(TRUNCATE)');
    if (row?.['busy'] !== 0) throw new Error('the log of the new database cannot be written into it');
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  migrationPort(): MigrationDatabase {
    return {
      exec: async (sql) => this.#database.exec(sql),
      all: async (sql) => this.#all(sql).map((row) => Object.values(row)),
      transaction: async (work) => {
        this.run('BEGIN IMMEDIATE');
        try {
          const result = await work();
          this.run('COMMIT');
          return result;
        } catch (error) {
          // SQLite has ended it by itself where the disk failed.
          if (this.#database.isTransaction) this.run('ROLLBACK');
          throw error;
        }
      },
    };
  }

  #columns(table: string): readonly KnownColumn[] {
    return this.#all(`SELECT name, "notnull", dflt_value, pk FROM pragma_table_info('${table}')`).map(
      (row) => ({
        name: String(row['name']),
        isNeeded: row['notnull'] === 1 && row['dflt_value'] === null && row['pk'] === 0,
      }),
    );
  }

  #all(sql: string): readonly Row[] {
    return this.#database.prepare(sql).all();
  }

  #insert(table: string, values: Readonly<Record<string, SQLInputValue>>): boolean {
    // A full disk makes SQLite end the transaction by itself; what is inserted after that would be there at once, and for good.
    if (!this.#database.isTransaction) throw new Error('the database has ended the transaction');
    const names = Object.keys(values);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`;
    return Number(this.#database.prepare(sql).run(...Object.values(values)).changes) === 1;
  }
}
