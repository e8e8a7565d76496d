/** Decides how questions about all sessions of a database are answered: each is one statement along an index. */
import type { LogSearch } from '../../../../log/index.ts';
import type { PostgresConnection } from '../connection.ts';
import type { Tables } from '../tables.ts';
import { countEvents, findEvents } from './find-events.ts';
import { sumRecords } from './sum-records.ts';

interface Ground {
  readonly connection: PostgresConnection;
  readonly tables: Tables;
}

/** `check` throws when the store is closed. */
export function postgresSearch(
  { connection, tables }: Ground,
  check: (operation: string) => void,
): LogSearch {
  return {
    findEvents: async (query, limit) => {
      check('findEvents');
      return findEvents(connection, tables, query, limit);
    },
    countEvents: async (query) => {
      check('countEvents');
      return countEvents(connection, tables, query);
    },
    sumRecords: async (query, sums) => {
      check('sumRecords');
      return sumRecords(connection, tables, query, sums);
    },
  };
}
