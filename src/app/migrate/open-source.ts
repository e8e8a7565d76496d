/** Decides what history a URL names for a migration: a store of our own, or the database of a program that keeps it otherwise. */
import { statSync } from 'node:fs';
import {
  activeGraphLayout,
  activeGraphSource,
  activeGraphVersion,
  logSource,
  type MigrationSource,
} from '../../migrate/index.ts';
import { foreignLayout, type WholeLogStore, withoutCredentials } from '../../log/index.ts';
import { sha256 } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { version } from '../version.ts';

/**
 * Opens a source for reading only. Close it after use. Rejects with `StoreNotFoundError` for a missing one, which is never made, and
 * with `SchemaVersionMismatch` for one that is newer than what is known.
 */
export async function openSource(url: string): Promise<MigrationSource> {
  const foreign = await openForeign(url);
  if (foreign !== null) return foreign;
  const store = await openOwn(url);
  return { ...logSource({ store, location: withoutCredentials(url) }), close: () => store.close() };
}

/** A store of an older layout is a source like any other: moving its runs is one of the two ways forward. */
async function openOwn(url: string): Promise<WholeLogStore> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme !== 'sqlite') return openStore(url, { mode: 'read' });
  const { openSqliteStore } = await import('../../adapters/stores/sqlite/index.ts');
  return openSqliteStore({ path: parsed.path, mode: 'read', takesOlder: true, productVersion: version });
}

/** `null` for a store of our own, and for what nobody here knows. */
async function openForeign(url: string): Promise<MigrationSource | null> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme !== 'sqlite' || statSync(parsed.path, { throwIfNoEntry: false })?.isFile() !== true)
    return null;
  const { mayBeOurs, openForeignSqlite } = await import('../../adapters/stores/sqlite/index.ts');
  if (mayBeOurs(parsed.path)) return null;
  const { database, close } = await openForeignSqlite(parsed.path);
  try {
    const layout = await activeGraphLayout(database, 'sqlite');
    if (layout === null) {
      await close();
      return null;
    }
    if (Number(layout.version) > Number(activeGraphVersion))
      throw foreignLayout({
        location: url,
        product: 'ActiveGraph',
        driver: 'sqlite',
        newerVersion: layout.version,
      });
    return activeGraphSource({ database, layout, location: url, sha256, close });
  } catch (error) {
    await close();
    throw error;
  }
}
