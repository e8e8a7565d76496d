// Time that goes on when a test says so, with the timers that wait for it.
import type { CancelSignal } from 'runlog/base';

export interface ManualTime {
  readonly nowMs: () => number;
  readonly sleep: (delayMs: number, signal?: CancelSignal) => Promise<void>;
  readonly newCanceller: () => AbortController;
  /** Timers that wait. */
  readonly waiting: () => number;
  /** Goes on, fires what is due, and lets everything that follows from it happen. */
  advance(ms: number): Promise<void>;
}

export function manualTime(): ManualTime {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  return {
    nowMs: () => now,
    newCanceller: () => new AbortController(),
    waiting: () => timers.size,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        const timer = {
          at: now + delayMs,
          fire: (): void => {
            timers.delete(timer);
            resolve();
          },
        };
        if (signal?.aborted === true) resolve();
        else {
          timers.add(timer);
          signal?.addEventListener('abort', timer.fire, { once: true });
        }
      }),
    advance: async (ms) => {
      now += ms;
      for (const timer of [...timers]) if (timer.at <= now) timer.fire();
      await settled();
    },
  };
}

/** Lets everything happen that needs no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
