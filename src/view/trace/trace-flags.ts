/** Decides what a trace says once at its head instead of on every line. */
import type { JsonObject } from '../../base/index.ts';
import { countText } from '../text/number-text.ts';
import { tagText } from './event-line.ts';

/** Counts model calls, so that the header can say for all of them what holds for each. */
export class TraceFlags {
  #requests = 0;
  #normalized = 0;

  /** Takes in an event; those of other types are passed over. */
  add(event: { readonly type: string; readonly payload: JsonObject }): void {
    if (event.type !== 'llm.requested') return;
    this.#requests += 1;
    if (event.payload['prompt_normalized'] === true) this.#normalized += 1;
  }

  /** True when the header says it, and the lines need not. */
  get hidesNormalized(): boolean {
    return this.#requests > 0 && this.#requests === this.#normalized;
  }

  /** The header, or `null` when the lines speak for themselves. */
  get line(): string | null {
    if (!this.hidesNormalized) return null;
    return `${tagText('trace.flags')}prompt_normalized=true (${countText(this.#requests, 'llm request')})`;
  }
}
