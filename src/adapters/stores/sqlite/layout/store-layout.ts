/**
 * Decides which layout this version of the product reads and writes: the files in `schema/`, and the ledger that says in each
 * store which of them have made it.
 */
import type { Sha256 } from '../../../../base/index.ts';
import {
  type AppliedMigration,
  type Ledger,
  type Migration,
  type MigrationDatabase,
  parseMigrations,
  quoteText,
} from '../../../../schema/index.ts';
import { texts } from './schema.gen.ts';

/** "rlog" in ASCII: the mark that `file` and other tools see in the header. */
export const applicationId = 0x726c6f67;

/** The first layout had no list of files; the one that makes it writes down those before it, too. */
const ledgerSince = 2;

export function storeMigrations(sha256: Sha256): readonly Migration[] {
  const byName = Object.entries(texts).map(([path, text]) => [path.replace('schema/', ''), text] as const);
  return parseMigrations(Object.fromEntries(byName), sha256);
}

export interface LedgerOptions {
  /** Id of the store, if this makes one. */
  readonly newStoreId: string;
  readonly productVersion: string;
  readonly migrations: readonly Migration[];
}

/** `meta` repeats the version, because it is there in every layout. */
export function storeLedger({ newStoreId, productVersion, migrations }: LedgerOptions): Ledger {
  return {
    applied: appliedTo,
    prepare: async () => undefined,
    async record(database, { version }) {
      await database.exec(
        `INSERT INTO meta (name, value) VALUES ('store_id', ${quoteText(newStoreId)}) ON CONFLICT (name) DO NOTHING`,
      );
      await setFact(database, 'written_by', productVersion);
      await setFact(database, 'schema_version', String(version));
      await database.exec(`PRAGMA application_id = ${applicationId}`);
      if (version < ledgerSince) return;
      for (const done of migrations.filter((migration) => migration.version <= version)) {
        await recordFile(database, done);
      }
    },
  };
}

async function appliedTo(database: MigrationDatabase): Promise<readonly AppliedMigration[]> {
  const tables = await database.all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('meta', 'schema_migrations')",
  );
  const names = tables.map(([name]) => name);
  if (names.includes('schema_migrations')) {
    const rows = await database.all(
      'SELECT version, checksum, applied_at FROM schema_migrations ORDER BY version',
    );
    return rows.map(([version, checksum, at]) => ({
      version: Number(version),
      checksum: String(checksum),
      appliedAt: String(at),
    }));
  }
  if (!names.includes('meta')) return [];
  const [fact] = await database.all("SELECT value FROM meta WHERE name = 'schema_version'");
  return Array.from({ length: Number(fact?.[0] ?? 0) }, (_, index) => ({
    version: index + 1,
    checksum: null,
    appliedAt: null,
  }));
}

async function setFact(database: MigrationDatabase, name: string, value: string): Promise<void> {
  await database.exec(
    `INSERT INTO meta (name, value) VALUES (${quoteText(name)}, ${quoteText(value)})
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );
}

async function recordFile(
  database: MigrationDatabase,
  { version, file, checksum }: Migration,
): Promise<void> {
  await database.exec(
    `INSERT INTO schema_migrations (version, file, checksum, applied_at)
      VALUES (${version}, ${quoteText(file)}, ${quoteText(checksum)}, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
      ON CONFLICT (version) DO NOTHING`,
  );
}
