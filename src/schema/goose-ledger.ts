/**
 * Decides how the table of goose v3.27 is read and written on SQLite, so that a database which goose looks after cannot be told
 * from one that goose has migrated: a row for version 0 when the table is made, then one row a file.
 */
import type { MigrationDatabase } from './database.ts';
import type { Ledger } from './ledger.ts';

const table = 'goose_db_version';
const createTable = `CREATE TABLE ${table} (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	)`;

export const gooseLedger: Ledger = {
  async applied(database) {
    if (!(await exists(database))) return [];
    // The newest row of a version counts: goose writes another one when a file is taken back.
    const rows = await database.all(
      `SELECT version_id, is_applied, CAST(tstamp AS TEXT) FROM ${table} ORDER BY id`,
    );
    const newest = new Map(rows.map(([version, isApplied, at]) => [Number(version), { isApplied, at }]));
    return [...newest]
      .filter(([version, { isApplied }]) => version > 0 && Number(isApplied) === 1)
      .map(([version, { at }]) => ({
        version,
        checksum: null,
        appliedAt: typeof at === 'string' ? at : null,
      }))
      .sort((left, right) => left.version - right.version);
  },
  async prepare(database) {
    if (await exists(database)) return;
    await database.exec(createTable);
    await insert(database, 0);
  },
  async record(database, { version }) {
    await insert(database, version);
  },
};

async function exists(database: MigrationDatabase): Promise<boolean> {
  const rows = await database.all(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '${table}'`);
  return rows.length > 0;
}

async function insert(database: MigrationDatabase, version: number): Promise<void> {
  await database.exec(`INSERT INTO ${table} (version_id, is_applied) VALUES (${version}, 1)`);
}
