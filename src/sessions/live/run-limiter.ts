/** Decides how many sessions and runs one process works on at once, over all its servers. Nothing waits here: what is too much is refused. */
import { sessionError } from '../errors/session-error.ts';

/** How many sessions and runs are at work, and how many may be. */
export interface LimiterStatus {
  readonly maxParallelSessions: number;
  readonly maxParallelRuns: number;
  readonly activeSessions: number;
  readonly activeRuns: number;
}

/** Holds sessions and runs under their limits; one too many is refused at once. */
export class RunLimiter {
  readonly #maxSessions: number;
  readonly #maxRuns: number;
  readonly #sessions = new Set<string>();
  readonly #runs = new Map<string, string>();

  /** 100 sessions and 50 runs by default; `Infinity` for no limit. */
  constructor(limits: { readonly maxParallelSessions?: number; readonly maxParallelRuns?: number } = {}) {
    this.#maxSessions = limits.maxParallelSessions ?? 100;
    this.#maxRuns = limits.maxParallelRuns ?? 50;
  }

  /** Throws `MaxSessionsExceededError`. The same session twice uses one slot. */
  acquireSession(sessionId: string): void {
    if (this.#sessions.has(sessionId)) return;
    if (this.#sessions.size >= this.#maxSessions) {
      throw sessionError('max_sessions_exceeded', `${this.#sessions.size} sessions are at work already`);
    }
    this.#sessions.add(sessionId);
  }

  /** Throws `MaxRunsExceededError`. The same run twice uses one slot. */
  acquireRun(sessionId: string, runId: string): void {
    if (this.#runs.has(runId)) return;
    if (this.#runs.size >= this.#maxRuns) {
      throw sessionError('max_runs_exceeded', `${this.#runs.size} runs are at work already`);
    }
    this.#runs.set(runId, sessionId);
  }

  releaseRun(runId: string): void {
    this.#runs.delete(runId);
  }

  /** Frees its runs too. */
  releaseSession(sessionId: string): void {
    this.#sessions.delete(sessionId);
    for (const [runId, owner] of this.#runs) if (owner === sessionId) this.#runs.delete(runId);
  }

  status(): LimiterStatus {
    return {
      maxParallelSessions: this.#maxSessions,
      maxParallelRuns: this.#maxRuns,
      activeSessions: this.#sessions.size,
      activeRuns: this.#runs.size,
    };
  }
}
