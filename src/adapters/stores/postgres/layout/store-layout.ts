/**
 * Decides which layout this version of the product reads and writes: the files in `schema/`, and the ledger that says in each
 * store which of them have made it.
 */
import type { Sha256 } from '../../../../base/index.ts';
import {
  type Ledger,
  type Migration,
  type MigrationDatabase,
  parseMigrations,
  quoteText,
} from '../../../../schema/index.ts';
import { quoteName, type Tables } from '../tables.ts';
import { texts } from './schema.gen.ts';

export function storeMigrations(sha256: Sha256): readonly Migration[] {
  const byName = Object.entries(texts).map(([path, text]) => [path.replace('schema/', ''), text] as const);
  return parseMigrations(Object.fromEntries(byName), sha256);
}

export interface LedgerOptions {
  /** Id of the store, if this makes one. */
  readonly newStoreId: string;
  readonly productVersion: string;
}

/** `meta` repeats the version, because it is there in every layout. */
export function storeLedger(tables: Tables, { newStoreId, productVersion }: LedgerOptions): Ledger {
  return {
    async applied(database) {
      const [found] = await database.all(`SELECT to_regclass(${quoteText(tables.migrations)}) IS NOT NULL`);
      if (found?.[0] !== true) return [];
      const rows = await database.all(
        `SELECT version, checksum, applied_at FROM ${tables.migrations} ORDER BY version`,
      );
      return rows.map(([version, checksum, at]) => ({
        version: Number(version),
        checksum: String(checksum),
        appliedAt: String(at),
      }));
    },
    prepare: (database) => database.exec(`CREATE SCHEMA IF NOT EXISTS ${quoteName(tables.schema)}`),
    async record(database, { version, file, checksum }) {
      await setFact(database, tables, 'store_id', newStoreId, 'NOTHING');
      await setFact(database, tables, 'written_by', productVersion, 'UPDATE SET value = excluded.value');
      await setFact(database, tables, 'schema_version', String(version), 'UPDATE SET value = excluded.value');
      await database.exec(
        `INSERT INTO ${tables.migrations} (version, file, checksum, applied_at)
          VALUES (${version}, ${quoteText(file)}, ${quoteText(checksum)},
            to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))`,
      );
    },
  };
}

async function setFact(
  database: MigrationDatabase,
  { meta }: Tables,
  name: string,
  value: string,
  whenThere: string,
): Promise<void> {
  await database.exec(
    `INSERT INTO ${meta} (name, value) VALUES (${quoteText(name)}, ${quoteText(value)})
      ON CONFLICT (name) DO ${whenThere}`,
  );
}
