/** Decides that who waits for a stream can be stopped while nothing comes, as at a standard input that nobody writes to. */
import type { CancelSignal } from '../../base/index.ts';

/** The same bytes; throws the reason of the signal as soon as that is aborted. What is being read then is left behind, not waited for. */
export async function* untilStopped(
  bytes: AsyncIterable<Uint8Array>,
  signal: CancelSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal === undefined) {
    yield* bytes;
    return;
  }
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  // Nobody may be waiting in the moment of the signal.
  stopped.catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const reading = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([reading.next(), stopped]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    if (!signal.aborted) await reading.return?.();
  }
}
