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
  readonly #cancelled = new Set<string>();

  has(name: string): boolean {
    return this.#running.has(name);
  }

  /**
   * Starts a program under a name, follows it to its end, and lets the name go. Its time begins when it has started; what goes
   * before the start may ask whether it is still wanted.
   */
  async watch<Answer>(
    name: string,
    limits: { readonly timeoutMs: number; readonly signal?: StopSignal | undefined },
    start: (isCancelled: () => boolean) => Promise<StartedProgram>,
    follow: (running: RunningProgram) => Promise<Answer>,
  ): Promise<Answer> {
    const isCancelled = (): boolean => this.#cancelled.has(name) || limits.signal?.aborted === true;
    const starting = start(isCancelled).then(running);
    this.#running.set(name, starting);
    // A program that could not be started has nothing to stop; that is told below.
    const halt = (by: StopReason): void => void starting.then((one) => one.stop(by)).catch(() => undefined);
    const cancel = (): void => halt('cancel');
    let timer: ReturnType<typeof setTimeout> | undefined;
    limits.signal?.addEventListener('abort', cancel, { once: true });
    if (limits.signal?.aborted === true) cancel();
    try {
      const started = await starting;
      timer = setTimeout(() => halt('timeout'), Math.min(limits.timeoutMs, longestTimerMs));
      return await follow(started);
    } finally {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', cancel);
      this.#running.delete(name);
      this.#cancelled.delete(name);
    }
  }

  /** Cancels a program by its name, and resolves when it is gone; false when there is none. */
  async cancel(name: string): Promise<boolean> {
    const starting = this.#running.get(name);
    if (starting === undefined) return false;
    this.#cancelled.add(name);
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
