/**
 * Decides what makes a database file a store of this product, and how an empty one becomes a store. The layout is plain SQL
 * in `schema/`; a store of another version is refused, never changed.
 */
import { randomUUID } from 'node:crypto';
import { damagedStore, foreignDatabase, schemaVersionMismatch } from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import { texts } from './schema.gen.ts';
import { shellQuote } from './translate-error.ts';

/** "rlog" in ASCII: the mark that `file` and other tools see in the header. */
const applicationId = 0x726c6f67;

const files = Object.keys(texts).sort();
const expectedVersion = String(Number(/(\d+)_/.exec(files.at(-1) ?? '')?.[1] ?? 0));

export interface StoreFacts {
  readonly storeId: string;
}

interface SchemaOptions {
  readonly productVersion: string;
  /** True when an empty database is to become a store. */
  readonly mayCreate: boolean;
}

/** Says which store the database is. Makes one of an empty database when that is asked for, and otherwise writes nothing. */
export function identifyStore(connection: SqliteConnection, options: SchemaOptions): StoreFacts {
  const known = readStore(connection, options.productVersion);
  if (known !== null) return known;
  if (!options.mayCreate) throw emptyFile(connection.location);
  connection.row('PRAGMA journal_mode = WAL');
  connection.run('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster.
    const facts =
      readTables(connection, options.productVersion) ?? createStore(connection, options.productVersion);
    connection.run('COMMIT');
    return facts;
  } catch (error) {
    connection.rollback();
    throw error;
  }
}

/** One transaction, so that a store that is just being made is seen as empty or as whole. */
function readStore(connection: SqliteConnection, productVersion: string): StoreFacts | null {
  connection.run('BEGIN');
  try {
    return readTables(connection, productVersion);
  } finally {
    connection.rollback();
  }
}

/** `null` for an empty database. */
function readTables(connection: SqliteConnection, productVersion: string): StoreFacts | null {
  const tables = connection.rows(
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 20",
  );
  const mark = connection.row('PRAGMA application_id')?.[0];
  const names = tables.map(([name]) => String(name));
  if (mark !== applicationId) {
    if (names.length === 0 && mark === 0) return null;
    throw otherProgram(connection.location, names);
  }
  return readMeta(connection, productVersion);
}

function readMeta(connection: SqliteConnection, productVersion: string): StoreFacts {
  const meta = new Map(
    connection.rows('SELECT name, value FROM meta').map(([name, value]) => [name, String(value)]),
  );
  const found = meta.get('schema_version');
  const storeId = meta.get('store_id');
  const { location } = connection;
  if (found === undefined || storeId === undefined) {
    throw damagedStore({
      location,
      whatFailed: 'The table of facts about the store has no schema version or no store id.',
      howToFix: 'Keep the file, and restore a backup beside it.',
    });
  }
  if (found !== expectedVersion) {
    const writtenBy = meta.get('written_by') ?? null;
    const driver = 'sqlite';
    throw schemaVersionMismatch({
      location,
      found,
      expected: expectedVersion,
      productVersion,
      writtenBy,
      driver,
    });
  }
  return { storeId };
}

function createStore(connection: SqliteConnection, productVersion: string): StoreFacts {
  const storeId = randomUUID();
  for (const file of files) connection.exec(upSection(texts[file] ?? ''));
  connection.exec(`PRAGMA application_id = ${applicationId}`);
  const insert = 'INSERT INTO meta (name, value) VALUES (?, ?)';
  connection.run(insert, 'store_id', storeId);
  connection.run(insert, 'schema_version', expectedVersion);
  connection.run(insert, 'written_by', productVersion);
  return { storeId };
}

/** The part of a goose file that builds. */
function upSection(text: string): string {
  return text.split('-- +goose Down')[0] ?? '';
}

function emptyFile(location: string): Error {
  return foreignDatabase({
    location,
    whatFailed: 'The file is an empty database: no store was made in it.',
    howToFix: "Check the path, or make a store in it by opening it with mode 'create'.",
  });
}

function otherProgram(location: string, tables: readonly string[]): Error {
  return foreignDatabase({
    location,
    whatFailed: `The file is a SQLite database of another program (tables: ${tables.join(', ') || 'none'}).`,
    howToFix: `Name another file. \`sqlite3 ${shellQuote(location)} .tables\` lists what is in this one.`,
    context: { tables: [...tables] },
  });
}
