/** Decides that the store in memory is loaded by whoever asks for one: who opens a file or a server has no use for it. */
import type { MemoryStoreOptions } from './memory-store.ts';
import type { SearchableStore } from '../search/search.ts';

/** Opens a store in memory, as `openMemoryStore` does, and loads it first. */
export async function loadMemoryStore(options: MemoryStoreOptions): Promise<SearchableStore> {
  const { openMemoryStore } = await import('./memory-store.ts');
  return openMemoryStore(options);
}
