/** Decides how long a run waits for people's code: until it answers, or until the runtime closes, whatever the code does then. */
import type { Engine } from '../engine.ts';
import { runtimeClosed } from '../errors.ts';

/** What an awaited value comes to; rejects with `RuntimeClosedError` as soon as the runtime closes. */
export async function untilClosed<Value>(engine: Engine, awaited: PromiseLike<Value>): Promise<Value> {
  const { signal } = engine;
  return new Promise<Value>((resolve, reject) => {
    const stop = (): void => reject(closedError(engine));
    signal.addEventListener('abort', stop, { once: true });
    const settle = <Result>(end: (result: Result) => void) => {
      return (result: Result): void => {
        signal.removeEventListener('abort', stop);
        end(result);
      };
    };
    // Code without types may answer at once, with what is no promise.
    Promise.resolve(awaited).then(settle(resolve), settle(reject));
    if (signal.aborted) stop();
  });
}

/** Throws once the runtime has closed: it writes no more, and the log is left as it is, ready to be resumed. */
export function checkStillOpen(engine: Engine): void {
  if (engine.signal.aborted || engine.journal.end !== null) throw closedError(engine);
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function closedError({ journal, runId }: Engine): Error {
  return journal.end ?? runtimeClosed({ runId });
}
