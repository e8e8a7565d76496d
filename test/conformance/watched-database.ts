// Decides how a test stands between the SQLite store and its driver: it hears of each statement, and may make it fail.
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { SqliteDatabase, SqliteStatement } from '../../src/adapters/stores/sqlite/index.ts';

export type Hear = (sql: string) => void;

/** A handle that tells of each statement before and after it is run. What a listener throws is the statement's failure. */
export function watched(database: DatabaseSync, before: Hear, after: Hear = () => undefined): SqliteDatabase {
  const heard = <T>(sql: string, work: () => T): T => {
    before(sql);
    const result = work();
    after(sql);
    return result;
  };
  const prepare = (sql: string): SqliteStatement => {
    const statement = database.prepare(sql);
    return {
      run: (...values) => heard(sql, () => statement.run(...values)),
      get: (...values) => heard(sql, () => statement.get(...values)),
      all: (...values) => heard(sql, () => statement.all(...values)),
      setReturnArrays: (enabled) => statement.setReturnArrays(enabled),
    };
  };
  return { prepare, exec: (sql) => heard(sql, () => database.exec(sql)), close: () => database.close() };
}

/** The error that the driver throws when the disk fails. */
export function diskError(): Error {
  return Object.assign(new Error('disk I/O error'), {
    code: 'ERR_SQLITE_ERROR',
    errcode: 10,
    errstr: 'disk I/O error',
  });
}

/** A handle on a file that claims a version of the library; it is closed when the test ends. */
export function claiming(version: string, path: string): SqliteDatabase {
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  const prepare = (sql: string) =>
    database.prepare(sql === 'SELECT sqlite_version()' ? `SELECT '${version}'` : sql);
  return { prepare, exec: (sql) => database.exec(sql), close: () => database.close() };
}
