/** Decides how the programs of several runs are kept apart, and how each is stopped: by its time, by a signal, by name, or all at once. */
import type { StartedProgram } from './program.ts';

export interface RunningProgram {
  readonly program: StartedProgram;
  /** Why it was stopped from this side; the first reason counts. */
  readonly stoppedBy: StopReason | null;
  /** Stops it for a reason of whoever follows it. */
  stop(by: StopReason): Promise<void>;
}

export type StopReason = 'cancel' | 'timeout' | 'listener';

/** The part of `AbortSignal` that is used. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A longer delay of a timer would end at once. */
const longestTimerMs = 2 ** 31 - 1;

export class RunningPrograms {
  readonly #running = new Map<string, Promise<RunningProgram>>();

  has(name: string): boolean {
    return this.#running.has(name);
  }

  /** Starts a program under a name, follows it to its end, and lets the name go. */
  async watch<Answer>(
    name: string,
    limits: { readonly timeoutMs: number; readonly signal?: StopSignal | undefined },
    start: () => Promise<StartedProgram>,
    follow: (running: RunningProgram) => Promise<Answer>,
  ): Promise<Answer> {
    const starting = start().then(running);
    this.#running.set(name, starting);
    // A program that could not be started has nothing to stop; that is told below.
    const halt = (by: StopReason): void => void starting.then((one) => one.stop(by)).catch(() => undefined);
    const cancel = (): void => halt('cancel');
    const timer = setTimeout(() => halt('timeout'), Math.min(limits.timeoutMs, longestTimerMs));
    limits.signal?.addEventListener('abort', cancel, { once: true });
    if (limits.signal?.aborted === true) cancel();
    try {
      return await follow(await starting);
    } finally {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', cancel);
      this.#running.delete(name);
    }
  }

  /** Cancels a program by its name, and resolves when it is gone; false when there is none. */
  async cancel(name: string): Promise<boolean> {
    const starting = this.#running.get(name);
    if (starting === undefined) return false;
    const one = await starting.catch(() => null);
    await one?.stop('cancel');
    return true;
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.cancel(name)));
  }
}

function running(program: StartedProgram): RunningProgram {
  let stoppedBy: StopReason | null = null;
  return {
    program,
    get stoppedBy() {
      return stoppedBy;
    },
    stop: async (by) => {
      stoppedBy ??= by;
      await program.stop();
    },
  };
}
