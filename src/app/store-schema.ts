/** Decides how the layout of a store that a URL names is looked at and brought forward. Opening a store never does either. */
import { InvalidArgumentType } from '../base/index.ts';
import type { Migration, MigrationStatus, Upgrade } from '../schema/index.ts';
import { parseStoreUrl } from './store-url.ts';
import { version } from './version.ts';

/** The files of the layout, and how the store stands to each. Changes nothing. */
export async function schemaStatus(url: string): Promise<readonly MigrationStatus[]> {
  const { sqliteSchemaStatus } = await import('../adapters/stores/sqlite/index.ts');
  return sqliteSchemaStatus(pathOf(url));
}

/**
 * Brings a store of an older layout to the newest, in place. Rejects with `MigrationHistoryError` for a newer one, with
 * `MigrationFailedError` when a statement fails, and with `StoreUnavailableError` while somebody writes runs in it.
 */
export async function upgradeStoreSchema(
  url: string,
  options: { readonly dryRun?: boolean; readonly onStep?: (migration: Migration) => void } = {},
): Promise<Upgrade> {
  const { upgradeSqliteStore } = await import('../adapters/stores/sqlite/index.ts');
  return upgradeSqliteStore({ path: pathOf(url), productVersion: version, ...options });
}

function pathOf(url: string): string {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme === 'sqlite') return parsed.path;
  throw new InvalidArgumentType({
    summary: `'${url}' has no layout that lasts`,
    whatFailed: `'${url}' names a store in memory.`,
    why: 'A store in memory is made anew in each process, always in the newest layout.',
    howToFix: 'Name a store that is kept, such as sqlite:///run.db.',
  });
}
