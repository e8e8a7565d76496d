/** Decides what history a URL names for a migration: a store of our own, or the database of a program that keeps it otherwise. */
import { type CancelSignal, version } from '../../base/index.ts';
import { accessSync, constants, statSync } from 'node:fs';
import {
  activeGraphLayout,
  activeGraphSource,
  type ActiveGraphSourceOptions,
  asmLayout,
  asmSource,
  isNewerLayout,
  type MigrationSource,
} from '../../migrate/index.ts';
import { newerLayout, poorLayout, type WholeLogStore, withoutCredentials } from '../../log/index.ts';
import type { MigrationDatabase } from '../../schema/index.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { ownSource } from './own-source.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { sayingMeant } from '../store-url/two-slashes.ts';

/**
 * Opens a source for reading only. Close it after use. Rejects with `StoreNotFoundError` for a missing one, which is never made, and
 * with `SchemaVersionMismatch` for one that is newer than what is known.
 */
export async function openSource(url: string, signal?: CancelSignal): Promise<MigrationSource> {
  const foreign = await openForeign(url, signal);
  if (foreign !== null) return foreign;
  const store = await openOwn(url);
  return { ...ownSource(store, withoutCredentials(url)), close: () => store.close() };
}

/** A store of an older layout is a source like any other: moving its runs is one of the two ways forward. */
async function openOwn(url: string): Promise<WholeLogStore> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme !== 'sqlite') return openStore(url, { mode: 'read' });
  const { openSqliteStore } = await import('../../adapters/stores/sqlite/index.ts');
  const { path } = parsed;
  return sayingMeant(url, () =>
    openSqliteStore({ path, mode: 'read', takesOlder: true, productVersion: version }),
  );
}

/** `null` for a store of our own, and for what nobody here knows. */
async function openForeign(url: string, signal?: CancelSignal): Promise<MigrationSource | null> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme === 'postgres') {
    const { openForeignPostgres } = await import('../../adapters/stores/postgres/index.ts');
    const opened = await openForeignPostgres(parsed.url, parsed.schema);
    return opened === null ? null : productIn('postgres', url, opened, signal);
  }
  if (parsed.scheme !== 'sqlite' || !isReadableFile(parsed.path)) return null;
  const { mayBeOurs, openForeignSqlite } = await import('../../adapters/stores/sqlite/index.ts');
  if (mayBeOurs(parsed.path)) return null;
  return productIn('sqlite', url, await openForeignSqlite(parsed.path), signal);
}

/** What cannot be looked at is refused, with the reason, by whoever opens it as a store. */
function isReadableFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    // The reason comes from opening it.
    return false;
  }
}

interface OpenedDatabase {
  readonly database: MigrationDatabase;
  readonly close: () => Promise<void>;
}

/** What the database is is asked of its content; `null` for what nobody here knows. */
async function productIn(
  dialect: 'sqlite' | 'postgres',
  url: string,
  opened: OpenedDatabase,
  signal: CancelSignal | undefined,
): Promise<MigrationSource | null> {
  const { database, close } = opened;
  const turn = async (): Promise<void> => {
    await nodePlatform.pause();
    if (signal?.aborted === true) throw signal.reason;
  };
  const reading = { database, close, sha256, turn, location: withoutCredentials(url) };
  try {
    const source = (await activeGraphIn(dialect, reading)) ?? (await sessionManagerIn(dialect, reading));
    if (source === null) await close();
    return source;
  } catch (error) {
    await close();
    throw error;
  }
}

type Reading = Omit<ActiveGraphSourceOptions, 'layout'>;

async function activeGraphIn(
  dialect: 'sqlite' | 'postgres',
  reading: Reading,
): Promise<MigrationSource | null> {
  const layout = await activeGraphLayout(reading.database, dialect);
  if (layout === null) return null;
  const { version: found, missing } = layout;
  const refused = { location: reading.location, product: 'ActiveGraph', driver: dialect, version: found };
  if (isNewerLayout(layout)) throw newerLayout(refused);
  if (missing.length > 0) throw poorLayout({ ...refused, missing });
  return activeGraphSource({ ...reading, layout });
}

async function sessionManagerIn(
  dialect: 'sqlite' | 'postgres',
  reading: Reading,
): Promise<MigrationSource | null> {
  const layout = await asmLayout(reading.database, dialect);
  if (layout === null) return null;
  const { missing } = layout;
  const { location } = reading;
  if (missing.length > 0)
    throw poorLayout({ location, product: 'agent_session_manager', driver: dialect, version: '', missing });
  return asmSource({ ...reading, layout });
}
