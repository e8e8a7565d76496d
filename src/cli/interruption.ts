/** Decides how a process is asked to end: the first signal lets the command finish what it has begun, the second ends it. */
import process from 'node:process';

/** Why a command stopped early. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Interruption {
  readonly signal: AbortSignal;
  /** 128 and the number of the signal, as shells have it; `null` while nobody has asked. */
  readonly exitCode: number | null;
  /** Gives the signals back to the platform. */
  dispose(): void;
}

const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/** For a command that may be cut off anywhere: the platform ends it, at the first signal. */
export function noInterruption(): Interruption {
  return { signal: new AbortController().signal, exitCode: null, dispose: () => undefined };
}

export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const listeners = Object.entries(signals).map(([name, code]) => {
    const listener = (): void => {
      exitCode ??= code;
      controller.abort(new Interrupted(name));
      // Nobody listens any more: the next signal ends the process as the platform does it.
      dispose();
    };
    process.on(name, listener);
    return { name, listener };
  });
  const dispose = (): void => {
    for (const { name, listener } of listeners) process.removeListener(name, listener);
  };
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    dispose,
  };
}
