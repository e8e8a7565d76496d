/**
 * Decides how ids are found by a key: each once, in the order in which they came. A key has a list of ids, which becomes a set when one
 * is taken out of many. What was written down is looked into when somebody asks for a key.
 */

/** From a longer list nothing is taken out: it is made a set first, in which one id is found at once. */
const listAtMost = 8;

/** Keys with their ids, as they are written down: the ids of the first key, then those of the second, and so on. */
export interface PackedIndex {
  readonly keys: readonly string[];
  /** How many ids each key has. */
  readonly counts: readonly number[];
  readonly ids: readonly string[];
}

/** Ids, or the place in `#packed` where they stand. */
type Entry = string[] | Set<string> | number;

export class KeyIndex {
  readonly #entries = new Map<string, Entry>();
  /** Ids of the packed keys, those of one key from `#starts` at its place on. */
  #ids: readonly string[] = [];
  #starts: number[] = [];
  #closed: (() => PackedIndex) | null = null;
  /** What came since, for as long as nobody has asked for what is packed. */
  #later: { readonly key: string; readonly id: string; readonly isAdded: boolean }[] = [];

  constructor(packed: (() => PackedIndex) | undefined) {
    this.#closed = packed ?? null;
  }

  of(key: string): Iterable<string> | undefined {
    this.#open();
    return this.#idsOf(key);
  }

  /** The id is not among those of the key. */
  add(key: string, id: string): void {
    if (this.#closed === null) this.#add(key, id);
    else this.#later.push({ key, id, isAdded: true });
  }

  drop(key: string, id: string): void {
    if (this.#closed === null) this.#drop(key, id);
    else this.#later.push({ key, id, isAdded: false });
  }

  *entries(): Iterable<readonly [key: string, ids: readonly string[]]> {
    this.#open();
    for (const key of this.#entries.keys()) yield [key, [...(this.#idsOf(key) ?? [])]];
  }

  #idsOf(key: string): string[] | Set<string> | undefined {
    const entry = this.#entries.get(key);
    if (typeof entry !== 'number') return entry;
    const ids = this.#ids.slice(this.#starts[entry], this.#starts[entry + 1]);
    this.#entries.set(key, ids);
    return ids;
  }

  #add(key: string, id: string): void {
    const ids = this.#idsOf(key);
    if (ids === undefined) this.#entries.set(key, [id]);
    else if (ids instanceof Set) ids.add(id);
    else ids.push(id);
  }

  #drop(key: string, id: string): void {
    const ids = this.#idsOf(key);
    if (ids === undefined) return;
    const left =
      ids instanceof Set || ids.length > listAtMost ? without(id, ids) : ids.filter((each) => each !== id);
    if ((left instanceof Set ? left.size : left.length) === 0) this.#entries.delete(key);
    else this.#entries.set(key, left);
  }

  #open(): void {
    if (this.#closed === null) return;
    const { keys, counts, ids } = this.#closed();
    this.#closed = null;
    this.#ids = ids;
    let start = 0;
    for (const [place, key] of keys.entries()) {
      this.#starts.push(start);
      start += counts[place] ?? 0;
      this.#entries.set(key, place);
    }
    this.#starts.push(start);
    const later = this.#later;
    this.#later = [];
    for (const { key, id, isAdded } of later) {
      if (isAdded) this.#add(key, id);
      else this.#drop(key, id);
    }
  }
}

function without(id: string, ids: string[] | Set<string>): Set<string> {
  const left = ids instanceof Set ? ids : new Set(ids);
  left.delete(id);
  return left;
}
