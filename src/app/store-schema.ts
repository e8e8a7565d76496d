/** Decides how the layout of a store that a URL names is looked at and brought forward. Opening a store never does either. */
import {
  checkArguments,
  checkedOptions,
  checkOptionNames,
  InvalidArgumentType,
  version,
} from '../base/index.ts';
import type { Migration, MigrationStatus, Upgrade } from '../schema/index.ts';
import { parseStoreUrl, type StoreUrl } from './store-url/store-url.ts';
import { sayingMeant } from './store-url/two-slashes.ts';

/** The files of the layout, and how the store stands to each. Changes nothing. */
export async function schemaStatus(storeUrl: string): Promise<readonly MigrationStatus[]> {
  const place = placeOf(storeUrl);
  if (place.scheme === 'postgres') {
    const { postgresSchemaStatus } = await import('../adapters/stores/postgres/index.ts');
    return postgresSchemaStatus(place);
  }
  const { sqliteSchemaStatus } = await import('../adapters/stores/sqlite/index.ts');
  return sayingMeant(storeUrl, () => sqliteSchemaStatus(place.path));
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const upgradeNames: readonly string[] = Object.keys({ dryRun: true, onStep: true } satisfies Record<
  keyof NonNullable<Parameters<typeof upgradeStoreSchema>[1]>,
  true
>);

/**
 * Brings a store of an older layout to the newest, in place. Rejects with `MigrationHistoryError` for a newer one, with
 * `MigrationFailedError` when a statement fails, and with `StoreUnavailableError` while somebody writes runs in it.
 */
export async function upgradeStoreSchema(
  storeUrl: string,
  options: { readonly dryRun?: boolean; readonly onStep?: (migration: Migration) => void } = {},
): Promise<Upgrade> {
  checkOptionNames('upgradeStoreSchema', checkedOptions('upgradeStoreSchema', options), upgradeNames);
  checkArguments('upgradeStoreSchema', { 'options.dryRun': [options.dryRun ?? false, 'boolean'] });
  const place = placeOf(storeUrl);
  if (place.scheme === 'postgres') {
    const { upgradePostgresStore } = await import('../adapters/stores/postgres/index.ts');
    const { url, schema } = place;
    return upgradePostgresStore({ url, schema, productVersion: version, ...options });
  }
  const { upgradeSqliteStore } = await import('../adapters/stores/sqlite/index.ts');
  const { path } = place;
  return sayingMeant(storeUrl, () => upgradeSqliteStore({ path, productVersion: version, ...options }));
}

function placeOf(url: string): Exclude<StoreUrl, { readonly scheme: 'memory' }> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme !== 'memory') return parsed;
  throw new InvalidArgumentType({
    summary: `'${url}' has no layout that lasts`,
    whatFailed: `'${url}' names a store in memory.`,
    why: 'A store in memory is made anew in each process, always in the newest layout.',
    howToFix: 'Name a store that is kept, such as sqlite:///run.db.',
  });
}
