/**
 * Decides which writes of a handle wait for each other: those that touch the same log or document are done in the order in which
 * they were asked for, whatever connection they go through; all others go side by side.
 */

export class WriteOrder {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs the work behind everything that was asked for before under one of these keys. */
  async after<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.map((key) => this.#last.get(key)).filter((last) => last !== undefined);
    const result = before.length === 0 ? work() : Promise.all(before).then(work);
    // Those behind wait for the end, whatever it is; the caller hears of it.
    const end = result.then(nothing, nothing);
    for (const key of keys) this.#last.set(key, end);
    try {
      return await result;
    } finally {
      for (const key of keys) if (this.#last.get(key) === end) this.#last.delete(key);
    }
  }

  /** Waits until nothing is under way any more. */
  async drain(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}

function nothing(): void {}
