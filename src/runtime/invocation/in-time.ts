/** Decides how long a model may take: as long as its behavior allows, whatever the provider makes of that. */
import type { CancelSignal } from '../../base/index.ts';
import { llmError } from '../../effects/index.ts';
import type { Engine } from '../engine.ts';

/**
 * What a provider answers. Fails with `llm.network_error` when it takes longer, and cancels the signal that the provider was
 * given; the end of the runtime cancels it as well.
 */
export async function inTime<Answer>(
  { platform, signal: outer }: Engine,
  { timeoutMs, model }: { readonly timeoutMs: number; readonly model: string },
  ask: (signal: CancelSignal) => Promise<Answer>,
): Promise<Answer> {
  const call = platform.newCanceller();
  const timer = platform.newCanceller();
  const cancel = (): void => call.abort(outer.reason);
  outer.addEventListener('abort', cancel, { once: true });
  if (outer.aborted) cancel();
  const late = new Promise<never>((_, reject) => {
    void platform.sleep(timeoutMs, timer.signal).then(() => {
      if (timer.signal.aborted) return;
      const error = llmError('llm.network_error', `the model did not answer within ${timeoutMs} ms`, {
        model,
        timeout_ms: timeoutMs,
      });
      // Settled before the signal, so that what the provider throws on being cancelled does not win.
      reject(error);
      call.abort(error);
    });
  });
  try {
    return await Promise.race([late, ask(call.signal)]);
  } finally {
    outer.removeEventListener('abort', cancel);
    // With a reason of its own: to make the usual one, a stack and all, takes longer than the rest of this.
    timer.abort('the call has ended');
  }
}
