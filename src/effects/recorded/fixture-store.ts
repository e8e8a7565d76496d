/**
 * Decides what recorded answers need of a place to be kept in: texts under keys. Folders are an adapter's; the one in memory
 * is here, for tests and for recordings that are looked at at once.
 */
import { checkArguments } from '../../base/index.ts';

/** A place that keeps texts under keys. */
export interface FixtureStore {
  /** Where it is, for messages: a path, or a word. */
  readonly where: string;
  /** `null` when nothing is kept under the key. */
  load(key: string): Promise<string | null>;
  /** Replaces what was there. A reader sees the old text or the new one, never a part. */
  save(key: string, text: string): Promise<void>;
  /** All keys in order, where the place can tell. Without it a miss cannot name the nearest recording. */
  list?(): Promise<readonly string[]>;
}

/** Fixtures kept in memory, for tests. */
export interface MemoryFixtures extends FixtureStore {
  readonly texts: ReadonlyMap<string, string>;
  list(): Promise<readonly string[]>;
}

/** Fixtures in memory, empty or with the given texts. */
export function memoryFixtures(texts: Iterable<readonly [string, string]> = []): MemoryFixtures {
  checkArguments('memoryFixtures', { texts: [texts, 'iterable'] });
  const kept = new Map(texts);
  return Object.freeze({
    where: 'memory',
    texts: kept,
    load: async (key: string) => kept.get(key) ?? null,
    save: async (key: string, text: string) => {
      kept.set(key, text);
    },
    list: async () => [...kept.keys()].sort(),
  });
}
