/**
 * Decides how the tables of another program are read on PostgreSQL: in one transaction that cannot write and sees one moment of
 * the database from its first statement to its last, through the port of migrations.
 */
import { checkArguments } from '../../../base/index.ts';
import type { MigrationDatabase } from '../../../schema/index.ts';
import { foreignDatabase, withoutCredentials } from '../../../log/index.ts';
import type { PostgresClient, PostgresRow } from './driver.ts';
import { findForeignProduct } from './layout/foreign-product.ts';
import { openPool } from './open-pool.ts';
import { quoteName } from './tables.ts';
import { translateError } from './translate-error.ts';

/** A database of another program, in a transaction that cannot write. */
export interface ForeignPostgres {
  readonly database: MigrationDatabase;
  readonly close: () => Promise<void>;
}

/** Another default of the server, or of the user, must not change what is read. */
const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL idle_in_transaction_session_timeout = 0;
  SET LOCAL statement_timeout = 0;
  SET LOCAL standard_conforming_strings = on;
  SET LOCAL TimeZone = 'UTC'`;

/**
 * The tables of a program whose history can be brought along: in the schema, or where they usually stand when it is the one that
 * stores of this product have unless they are told otherwise, and it is empty; `null` when they are not there. Rejects with the
 * errors of opening.
 */
export async function openForeignPostgres(url: string, wanted: string): Promise<ForeignPostgres | null> {
  checkArguments('openForeignPostgres', { url: [url, 'text'], wanted: [wanted, 'text'] });
  const location = withoutCredentials(url);
  const pool = await openPool(url, 1);
  const end = async (client: PostgresClient | null): Promise<void> => {
    // Nothing was written, so nothing has to be ended in order.
    client?.release(true);
    await pool.end();
  };
  let client: PostgresClient | null = null;
  try {
    client = await pool.connect();
    // A connection may break between two statements; the next one says so.
    client.on('error', () => undefined);
    const reading = new ForeignReading(client, location);
    await reading.exec(begin);
    const found = await findForeignProduct(reading, wanted);
    if (found === null) {
      await end(client);
      return null;
    }
    await reading.exec(`SET LOCAL search_path TO ${quoteName(found.schema)}`);
    const held = client;
    return { database: reading, close: () => end(held) };
  } catch (cause) {
    await end(client);
    throw translateError(cause, location);
  }
}

class ForeignReading implements MigrationDatabase {
  readonly #client: PostgresClient;
  readonly #location: string;

  constructor(client: PostgresClient, location: string) {
    this.#client = client;
    this.#location = location;
  }

  async exec(sql: string): Promise<void> {
    await this.#ask({ text: sql, rowMode: 'array' });
  }

  all(sql: string): Promise<readonly PostgresRow[]> {
    return this.#ask({ text: sql, rowMode: 'array' });
  }

  async transaction(): Promise<never> {
    throw foreignDatabase({
      location: this.#location,
      whatFailed: 'The tables of another program were to be changed.',
      howToFix: 'Read them only: what belongs to another program is never written.',
    });
  }

  rows(sql: string, ...values: readonly unknown[]): Promise<readonly PostgresRow[]> {
    return this.#ask({ text: sql, values: [...values], rowMode: 'array' });
  }

  async #ask(query: Parameters<PostgresClient['query']>[0]): Promise<readonly PostgresRow[]> {
    try {
      const { rows = [] } = await this.#client.query(query);
      return rows.filter((row): row is PostgresRow => Array.isArray(row));
    } catch (cause) {
      throw translateError(cause, this.#location);
    }
  }
}
