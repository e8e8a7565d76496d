/**
 * Decides how ids are found by a key: each once, in the order in which they came. Most keys have one id or two, so a list of
 * ids becomes a set only when it is long. What was written down is looked into when somebody asks for a key.
 */

/** Longer lists are sets, in which one id is found and taken out at once. */
const listAtMost = 8;

/** Keys with their ids, as they are written down: the ids of the first key, then those of the second, and so on. */
export interface PackedIndex {
  readonly keys: readonly string[];
  /** How many ids each key has. */
  readonly counts: readonly number[];
  readonly ids: readonly string[];
}

/** Ids, or the place in `#packed` where they stand. */
type Entry = readonly string[] | Set<string> | number;

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

  #idsOf(key: string): readonly string[] | Set<string> | undefined {
    const entry = this.#entries.get(key);
    if (typeof entry !== 'number') return entry;
    const ids = sized(this.#ids.slice(this.#starts[entry], this.#starts[entry + 1]));
    this.#entries.set(key, ids);
    return ids;
  }

  #add(key: string, id: string): void {
    const ids = this.#idsOf(key);
    if (ids === undefined) this.#entries.set(key, [id]);
    else if (ids instanceof Set) ids.add(id);
    else if (!ids.includes(id)) this.#entries.set(key, sized([...ids, id]));
  }

  #drop(key: string, id: string): void {
    const ids = this.#idsOf(key);
    if (ids === undefined) return;
    if (ids instanceof Set) ids.delete(id);
    const left = ids instanceof Set ? ids : ids.filter((each) => each !== id);
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

function sized(ids: readonly string[]): readonly string[] | Set<string> {
  return ids.length > listAtMost ? new Set(ids) : ids;
}
