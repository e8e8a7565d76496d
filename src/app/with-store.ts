/** Decides how long a store is open for one command: exactly as long as its work, whatever comes of it. */
import type { LogStore } from '../log/index.ts';
import { openStore, type StoreMode } from './open-store.ts';

export async function withStore<Result>(
  url: string,
  mode: StoreMode,
  work: (store: LogStore) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(url, { mode });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
