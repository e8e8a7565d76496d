/** Decides how long the end of a runtime waits for a store that does not answer. */
import type { Canceller } from '../base/index.ts';
import { storeSilent } from './errors.ts';
import type { RuntimePlatform } from './platform.ts';

/** As long as a claim lasts: a store that was silent for so long has let it lapse as well. */
const limitMs = 30_000;

/** One timer for all that has to be waited for; `end` takes it back. */
export class Patience {
  readonly #timer: Canceller;
  readonly #isOver: Promise<boolean>;
  readonly #runId: string;

  constructor(platform: RuntimePlatform, runId: string) {
    this.#runId = runId;
    this.#timer = platform.newCanceller();
    const { signal } = this.#timer;
    this.#isOver = platform.sleep(limitMs, signal).then(() => !signal.aborted);
  }

  /** What the work comes to; rejects with `RuntimeClosedError` when that takes longer than is left. */
  async waitFor<Value>(work: Promise<Value>): Promise<Value> {
    const late = this.#isOver.then((isOver) => {
      if (isOver) throw storeSilent({ runId: this.#runId, waitedMs: limitMs });
      return work;
    });
    return Promise.race([work, late]);
  }

  end(): void {
    this.#timer.abort('the work is done');
  }
}
