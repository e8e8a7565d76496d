/**
 * Decides how little of a SQLite driver this adapter needs: the few methods that `node:sqlite` and better-sqlite3 share, so
 * that a ready handle of either can be passed. Parameters are plain `?` everywhere: drivers disagree about numbered ones.
 */

export type SqliteValue = null | number | bigint | string | Uint8Array;

/** The part of a prepared statement that is used. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): readonly unknown[];
  /** Rows as arrays, as `node:sqlite` says it. */
  setReturnArrays?(enabled: boolean): unknown;
  /** Rows as arrays, as better-sqlite3 says it. */
  raw?(enabled: boolean): unknown;
}

/** The part of a database handle that is used; `node:sqlite` and better-sqlite3 fit. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

/** A row as the values of its columns, in the order of the query. */
export type SqliteRow = readonly unknown[];
