/**
 * Decides how a store is opened that many runs are copied into: each run is a transaction of its own, and all of them wait for the
 * disk together, before anybody is told that they are there.
 */
import { version } from '../../base/index.ts';
import type { WholeLogStore } from '../../log/index.ts';
import { openStore } from '../open-store.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { openAt } from './failed-store.ts';

export interface CopyTarget {
  readonly store: WholeLogStore;
  /** Resolves when all that was written survives what the URL says. Rejects with `StoreUnavailableError`. */
  readonly settle: () => Promise<void>;
}

/** Makes the store when it is not there. Rejects with the errors of opening, which `failedStore` knows. */
export function openCopyTarget(url: string): Promise<CopyTarget> {
  return openAt(url, () => openTarget(url));
}

async function openTarget(url: string): Promise<CopyTarget> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme !== 'sqlite' || parsed.durability !== 'power')
    return { store: await openStore(url, { mode: 'create' }), settle: async () => undefined };
  const { path } = parsed;
  const { openSqliteStore, syncSqliteFile } = await import('../../adapters/stores/sqlite/index.ts');
  const asked = { path, mode: 'create', durability: 'process', productVersion: version } as const;
  return { store: await openSqliteStore(asked), settle: () => syncSqliteFile(path) };
}
