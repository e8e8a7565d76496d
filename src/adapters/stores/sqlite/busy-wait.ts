/**
 * Decides how the adapter waits for a lock: with a timer, so that the process goes on living, and with chance in it, so that
 * two who wait do not meet again. SQLite's own busy timeout stays 0: it sleeps on the calling thread.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './translate-error.ts';

const longestPauseMs = 25;

/** Repeats an attempt while the store is held by somebody else; the last refusal is thrown after `limitMs`. */
export async function whenFree<T>(attempt: () => T, limitMs: number): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (let pauseMs = 0.5; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}
