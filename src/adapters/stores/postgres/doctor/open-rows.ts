/** Decides how a PostgreSQL store is opened for a look at its rows: one transaction that reads what was there when it began. */
import { hash } from 'node:crypto';
import { checkArguments, type Sha256 } from '../../../../base/index.ts';
import { type StoredRows, withoutCredentials } from '../../../../log/index.ts';
import { PostgresConnection, type Session } from '../connection.ts';
import type { PostgresClient, PostgresRow } from '../driver.ts';
import { checkServer, identifyStore } from '../layout/identify-store.ts';
import { openPool } from '../open-pool.ts';
import { thisProcess } from '../../../../host/index.ts';
import { tablesOf } from '../tables.ts';
import { translateError } from '../translate-error.ts';
import { mendTables } from './mend.ts';
import { PostgresRows } from './stored-rows.ts';

/** A database whose rows are to be read. */
export interface PostgresRowsOptions {
  readonly url: string;
  /** `runlog` by default. */
  readonly schema?: string;
  readonly productVersion: string;
}

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/** Rejects with the errors of opening. */
export async function openPostgresRows(options: PostgresRowsOptions): Promise<StoredRows> {
  checkArguments('openPostgresRows', { options: [options, 'with url'] });
  const { url, schema = 'runlog', productVersion } = options;
  const pool = await openPool(url, 1);
  const tables = tablesOf(schema, withoutCredentials(url));
  const connection = new PostgresConnection(pool, tables.location);
  try {
    await checkServer(connection, tables);
    await identifyStore(connection, tables, { productVersion, mayCreate: false, sha256 });
    const client = await pool.connect().catch((cause: unknown) => {
      throw translateError(cause, tables.location);
    });
    const session = sessionOf(client, tables.location);
    await session.rows('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    let isOpen = true;
    const end = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      // With the connection ends what it reads.
      client.release(true);
    };
    return new PostgresRows({
      session,
      tables,
      self: thisProcess(),
      mend: async (changes) => {
        await end();
        await mendTables(connection, tables, changes);
      },
      close: async () => {
        await end();
        await pool.end();
      },
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function sessionOf(client: PostgresClient, location: string): Session {
  // A connection may break between two statements; the next one says so.
  client.on('error', () => undefined);
  return {
    rows: async (text, ...values) => {
      try {
        const parameters = values.length === 0 ? {} : { values: [...values] };
        const { rows = [] } = await client.query({ text, rowMode: 'array', ...parameters });
        return rows.filter((row): row is PostgresRow => Array.isArray(row));
      } catch (cause) {
        throw translateError(cause, location);
      }
    },
  };
}
