/** Decides for how long a session stays with the agent that worked in it last. What has run out is forgotten. */

export class StickyAgents {
  readonly #ttlMs: number;
  /** The oldest first. */
  readonly #bySession = new Map<string, { readonly id: string; readonly sinceMs: number }>();

  /** 0 keeps nothing. */
  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  get(sessionId: string, nowMs: number): string | null {
    const known = this.#bySession.get(sessionId);
    return known !== undefined && nowMs - known.sinceMs < this.#ttlMs ? known.id : null;
  }

  set(sessionId: string, id: string, nowMs: number): void {
    for (const [other, { sinceMs }] of this.#bySession) {
      if (nowMs - sinceMs < this.#ttlMs) break;
      this.#bySession.delete(other);
    }
    if (this.#ttlMs === 0) return;
    this.#bySession.delete(sessionId);
    this.#bySession.set(sessionId, { id, sinceMs: nowMs });
  }

  get size(): number {
    return this.#bySession.size;
  }
}
