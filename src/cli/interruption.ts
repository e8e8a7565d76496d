/** Decides how a process is asked to end: the first signal lets the command finish what it has begun, the last ends it. */
import process from 'node:process';

/** Why a command stopped early. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Interruption {
  readonly signal: AbortSignal;
  /** Aborted by the second signal, where a command heeds it. */
  readonly insisted: AbortSignal;
  /** 128 and the number of the signal, as shells have it; `null` while nobody has asked. */
  readonly exitCode: number | null;
  /** Gives the signals back to the platform. */
  dispose(): void;
}

const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** For a command that may be cut off anywhere: the platform ends it, at the first signal. */
export function noInterruption(): Interruption {
  const { signal } = new AbortController();
  return { signal, insisted: signal, exitCode: null, dispose: () => undefined };
}

/** With `heedsSecond` the second signal is the command's too, and the third ends the process. */
export function watchForInterruption({ heedsSecond = false } = {}): Interruption {
  const controller = new AbortController();
  const second = new AbortController();
  let exitCode: number | null = null;
  const listeners = Object.entries(signals).map(([name, code]) => {
    const listener = (): void => {
      exitCode ??= code;
      const isSecond = controller.signal.aborted;
      (isSecond ? second : controller).abort(new Interrupted(name));
      // Nobody listens any more: the next signal ends the process as the platform does it.
      if (isSecond || !heedsSecond) dispose();
    };
    process.on(name, listener);
    return { name, listener };
  });
  const dispose = (): void => {
    for (const { name, listener } of listeners) process.removeListener(name, listener);
  };
  return {
    signal: controller.signal,
    insisted: second.signal,
    get exitCode() {
      return exitCode;
    },
    dispose,
  };
}
