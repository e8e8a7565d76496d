/** Decides which version of a row a writer means who does not say: the one that its handle has read or written last. */

/** Beyond these the row that was used longest ago is forgotten: a save of it without a version is refused then. */
const knownAtMost = 100_000;

export class KnownVersions {
  readonly #versions = new Map<string, number>();

  /** 0 for a row that was never seen: it must not be there yet. */
  of(recordId: string): number {
    return this.#versions.get(recordId) ?? 0;
  }

  note(recordId: string, version: number): void {
    this.#versions.delete(recordId);
    this.#versions.set(recordId, version);
    if (this.#versions.size <= knownAtMost) return;
    for (const oldest of this.#versions.keys()) {
      this.#versions.delete(oldest);
      return;
    }
  }

  /** The rows of a session are gone. */
  forget(prefix: string): void {
    for (const id of this.#versions.keys()) if (id.startsWith(prefix)) this.#versions.delete(id);
  }
}
