/** Decides which adapter serves a store URL, and loads that one alone. */
import { loadMemoryStore, type SearchableStore } from '../log/index.ts';
import { nodePlatform, sha256 } from './node-platform.ts';
import { invalidStoreUrl } from './store-url/invalid-store-url.ts';
import { parseStoreUrl, sqliteUrlOf, sqliteUrlOfPath } from './store-url/store-url.ts';
import { sayingMeant } from './store-url/two-slashes.ts';
import { checkedOptions, checkOptionNames, version } from '../base/index.ts';
import { checkOptionValue } from './option-value.ts';

/**
 * `create`: make the store when it is not there. `write`: it has to be there. `read`: it has to be there, and not a byte of it
 * changes.
 */
export type StoreMode = 'create' | 'write' | 'read';

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ mode: true } satisfies Record<
  keyof NonNullable<Parameters<typeof openStore>[1]>,
  true
>);
/** Every mode: one that is missing here does not compile. */
const storeModes: readonly string[] = Object.keys({
  create: true,
  write: true,
  read: true,
} satisfies Record<StoreMode, true>);

/** Refuses a mode that there is not: taken for another, it would make a store, or write one. */
export function checkStoreMode(call: string, mode: StoreMode): void {
  checkOptionValue(call, 'mode', mode, storeModes);
}

/** Opens the store that a URL names. Close it after use. Rejects with `InvalidStoreURL` and the errors of the store itself. */
export async function openStore(
  storeUrl: string,
  options: { readonly mode?: StoreMode } = {},
): Promise<SearchableStore> {
  checkOptionNames('openStore', checkedOptions('openStore', options), optionNames);
  const { mode = 'create' } = options;
  checkStoreMode('openStore', mode);
  const parsed = parseStoreUrl(storeUrl);
  if (parsed.scheme === 'memory') return loadMemoryStore({ sha256, nowMs: nodePlatform.nowMs });
  if (parsed.scheme === 'postgres') {
    const { openPostgresStore } = await import('../adapters/stores/postgres/index.ts');
    const { url, schema, durability } = parsed;
    return openPostgresStore({
      url,
      schema,
      durability,
      mode,
      productVersion: version,
    });
  }
  const { openSqliteStore } = await import('../adapters/stores/sqlite/index.ts');
  const { path, durability } = parsed;
  return sayingMeant(storeUrl, () => openSqliteStore({ path, durability, mode, productVersion: version }));
}

/** What the library takes for a store: a URL, a path or file URL (SQLite), or an open store. */
export function storeUrlOf(target: string | URL): string {
  if (target instanceof URL) return target.protocol === 'file:' ? urlOfFile(target) : target.href;
  return /^[A-Za-z][A-Za-z0-9+.-]+:/.test(target) ? target : sqliteUrlOfPath(target);
}

/** Throws `InvalidStoreURL` for what a path has no place for: left out, another file would be opened than was named. */
function urlOfFile({ href, host, pathname, search, hash }: URL): string {
  if (host === '' && search === '' && hash === '') return sqliteUrlOf(pathname);
  throw invalidStoreUrl(
    href,
    (shown) => `file URL '${shown}' has more than a path`,
    'Make it with `pathToFileURL(path)` of `node:url`, which escapes # and ? in names. Options stand in a store URL: `sqlite:////var/run.db?durability=normal`.',
  );
}
