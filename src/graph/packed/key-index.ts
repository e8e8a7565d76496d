/**
 * Decides how ids are found by a key: each once, in the order in which they came. Most keys have one id or two, so a list of
 * ids becomes a set only when it is long.
 */

/** Longer lists are sets, in which one id is found and taken out at once. */
const listAtMost = 8;

/** A key and its ids, as they are written down. */
export type KeyedIds = readonly string[];

export class KeyIndex {
  readonly #ids = new Map<string, string[] | Set<string>>();
  #fill: (() => Iterable<KeyedIds>) | null = null;

  /** What the index holds before anything else; asked for when the index is used first. */
  fillLater(fill: () => Iterable<KeyedIds>): void {
    this.#fill = fill;
  }

  of(key: string): Iterable<string> | undefined {
    this.#fillNow();
    return this.#ids.get(key);
  }

  add(key: string, id: string): void {
    this.#fillNow();
    const ids = this.#ids.get(key);
    if (ids === undefined) this.#ids.set(key, [id]);
    else if (!Array.isArray(ids)) ids.add(id);
    else if (ids.includes(id)) return;
    else if (ids.length < listAtMost) this.#ids.set(key, [...ids, id]);
    else this.#ids.set(key, new Set([...ids, id]));
  }

  drop(key: string, id: string): void {
    this.#fillNow();
    const ids = this.#ids.get(key);
    if (ids === undefined) return;
    if (!Array.isArray(ids)) {
      ids.delete(id);
      if (ids.size === 0) this.#ids.delete(key);
      return;
    }
    const left = ids.filter((each) => each !== id);
    if (left.length === 0) this.#ids.delete(key);
    else this.#ids.set(key, left);
  }

  /** Each key, followed by its ids. */
  *entries(): Iterable<KeyedIds> {
    this.#fillNow();
    for (const [key, ids] of this.#ids) yield [key, ...ids];
  }

  #fillNow(): void {
    if (this.#fill === null) return;
    const entries = this.#fill();
    this.#fill = null;
    for (const [key, ...ids] of entries) {
      if (key === undefined) continue;
      const before = this.#ids.get(key);
      const all = before === undefined ? ids : [...before, ...ids];
      this.#ids.set(key, all.length > listAtMost ? new Set(all) : all);
    }
  }
}
