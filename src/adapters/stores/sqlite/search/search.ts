/** Decides how questions about all sessions of a file are answered: each is one statement along an index. */
import type { LogSearch } from '../../../../log/index.ts';
import type { SqliteConnection } from '../connection.ts';
import { countEvents, findEvents } from './find-events.ts';
import { sumRecords } from './sum-records.ts';

/** One of the store's readings: waits while the file is locked. */
type Read = <T>(operation: string, step: () => T) => Promise<T>;

export function sqliteSearch(connection: SqliteConnection, read: Read): LogSearch {
  return {
    findEvents: (query, limit) => read('findEvents', () => findEvents(connection, query, limit)),
    countEvents: (query) => read('countEvents', () => countEvents(connection, query)),
    sumRecords: (query, sums) => read('sumRecords', () => sumRecords(connection, query, sums)),
  };
}
