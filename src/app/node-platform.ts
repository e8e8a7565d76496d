/** Decides what this machine lends to the pure rooms: time, chance, hashing, cancelling and waiting, as Node has them. */
import { hash, randomBytes } from 'node:crypto';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CancelSignal, type Clock, type Sha256, ulid, version } from '../base/index.ts';
import type { RuntimePlatform } from '../runtime/index.ts';

/** SHA-256 by Node: text in, lower-case hex out. */
export const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/** The system's clock, to the second, as timestamps are written. */
export const systemClock: Clock = Object.freeze({ kind: 'system', start: null, nowMs: () => Date.now() });

/** What the runtime needs of the machine, by Node. */
export const nodePlatform: RuntimePlatform = Object.freeze({
  sha256,
  clock: systemClock,
  nowMs: () => Date.now(),
  preciseMs: () => performance.timeOrigin + performance.now(),
  newCanceller: () => new AbortController(),
  sleep,
  pause: async () => {
    await nextTurn();
  },
  newRunId: () => ulid(Date.now(), randomBytes(10)),
  warn: (message: string) => process.emitWarning(message, 'RunlogWarning'),
  engineVersion: version,
});

/** Longest delay of one timer; a longer one would fire at once. */
const timerLimitMs = 2 ** 31 - 1;

/** Resolves after the delay, or at once when the signal is cancelled. */
export async function sleep(delayMs: number, signal?: CancelSignal): Promise<void> {
  for (let left = delayMs; left > 0; left -= timerLimitMs) {
    if (signal?.aborted === true) return;
    await onceOrCancelled(Math.min(left, timerLimitMs), signal);
  }
}

function onceOrCancelled(delayMs: number, signal: CancelSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal?.addEventListener('abort', end, { once: true });
  });
}
