/**
 * Decides how the adapter talks to the driver: statements are prepared once, rows are arrays, and no error of the driver
 * leaves untranslated.
 */
import type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from './driver.ts';
import { translateError } from './translate-error.ts';

export class SqliteConnection {
  /** What errors call the store: its path, or a word for a handle that was passed in. */
  readonly location: string;
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, SqliteStatement>();
  readonly #queries = new Map<string, SqliteStatement>();

  constructor(database: SqliteDatabase, location: string) {
    this.#database = database;
    this.location = location;
  }

  /** Runs statements that are used once. */
  exec(sql: string): void {
    this.#translated(() => this.#database.exec(sql));
  }

  /** Returns how many rows it changed. */
  run(sql: string, ...values: SqliteValue[]): number {
    try {
      return Number(this.#statement(sql).run(...values).changes);
    } catch (cause) {
      throw translateError(cause, this.location);
    }
  }

  row(sql: string, ...values: SqliteValue[]): SqliteRow | undefined {
    return this.#translated(() => toRow(this.#query(sql).get(...values)));
  }

  rows(sql: string, ...values: SqliteValue[]): readonly SqliteRow[] {
    return this.#translated(() => toRows(this.#query(sql).all(...values)));
  }

  /** A query that is not asked again: nothing of it is kept. */
  rowsOnce(sql: string): readonly SqliteRow[] {
    return this.#translated(() => toRows(asArrays(this.#database.prepare(sql)).all()));
  }

  /** Ends what a failed statement may have left open. SQLite ends some transactions by itself: then there is nothing to do. */
  rollback(): void {
    try {
      this.#statement('ROLLBACK').run();
    } catch {
      // No transaction is open any more, which is what was wanted.
    }
  }

  close(): void {
    this.#statements.clear();
    this.#queries.clear();
    this.#translated(() => this.#database.close());
  }

  #statement(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #query(sql: string): SqliteStatement {
    let query = this.#queries.get(sql);
    if (query === undefined) {
      query = asArrays(this.#database.prepare(sql));
      this.#queries.set(sql, query);
    }
    return query;
  }

  #translated<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw translateError(cause, this.location);
    }
  }
}

function asArrays(query: SqliteStatement): SqliteStatement {
  if (query.setReturnArrays !== undefined) query.setReturnArrays(true);
  else query.raw?.(true);
  return query;
}

function isRow(value: unknown): value is SqliteRow {
  return Array.isArray(value);
}

/** A driver that knows objects only still keeps the order of the columns. */
function toRow(value: unknown): SqliteRow | undefined {
  if (isRow(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : undefined;
}

function toRows(values: readonly unknown[]): readonly SqliteRow[] {
  if (values.every(isRow)) return values;
  return values.map((value) => toRow(value) ?? []);
}
