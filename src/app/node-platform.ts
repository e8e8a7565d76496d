/** Decides what this machine lends to the pure rooms: time, chance, hashing, cancelling and waiting, as Node has them. */
import { hash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { type CancelSignal, type Clock, type Sha256, ulid } from '../base/index.ts';
import type { RuntimePlatform } from '../runtime/index.ts';
import { version } from './version.ts';

export const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/** The system's clock, to the second, as timestamps are written. */
export const systemClock: Clock = Object.freeze({ kind: 'system', nowMs: () => Date.now() });

export const nodePlatform: RuntimePlatform = Object.freeze({
  sha256,
  nowMs: () => Date.now(),
  newCanceller: () => new AbortController(),
  sleep,
  pause: async () => {
    await nextTurn();
  },
  newRunId: () => ulid(Date.now(), randomBytes(10)),
  engineVersion: version,
});

/** Resolves after the delay, or at once when the signal is cancelled. */
export async function sleep(delayMs: number, signal?: CancelSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const timer = new AbortController();
  const stop = (): void => timer.abort();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await delay(delayMs, undefined, { signal: timer.signal });
  } catch (error) {
    if (!timer.signal.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
