/** Decides that an agent works on when nobody reads any more: that is told when it has ended, and its work is not thrown away for it. */

/** Prints in the order of the calls; `check` tells what went wrong. */
export class PatientOutput {
  #failure: { readonly error: unknown } | null = null;
  #last: Promise<void> = Promise.resolve();

  async write(print: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.#failure !== null) return;
      try {
        await print();
      } catch (error) {
        this.#failure = { error };
      }
    });
    return this.#last;
  }

  /** Throws what the first write failed with. */
  check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
