/** Decides that writes of one session's rows through one handle are done one after another, in the order of the calls. */

export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does the work when everything that was asked for under this key before has ended, however it ended. */
  async take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const done = before.then(work);
    const ended = done.then(nothing, nothing);
    this.#last.set(key, ended);
    try {
      return await done;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}

/** A failure is its caller's to hear; whoever comes next only waits for the end. */
function nothing(): void {}
