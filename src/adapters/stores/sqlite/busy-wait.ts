/**
 * Decides how the adapter waits for a lock: with a timer, so that the process goes on living, with chance in it, so that two who wait
 * do not meet again, and so that whoever has waited long asks more often than whoever has just come. SQLite's own busy timeout stays
 * 0: it sleeps on the calling thread.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './translate-error.ts';

/** The pauses double from the first to the longest one; who has waited so long asks at the last distance. */
const pauses = { firstMs: 0.5, longestMs: 4, afterMs: 30, lastMs: 1 } as const;

/** Repeats an attempt while the store is held by somebody else; the last refusal is thrown after `limitMs`. */
export async function whenFree<T>(attempt: () => T, limitMs: number): Promise<T> {
  const began = performance.now();
  for (let pauseMs: number = pauses.firstMs; ; pauseMs = Math.min(pauseMs * 2, pauses.longestMs)) {
    const waitedMs = performance.now() - began;
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || waitedMs >= limitMs) throw error;
    }
    await sleep((waitedMs < pauses.afterMs ? pauseMs : pauses.lastMs) * (0.5 + Math.random()));
  }
}
