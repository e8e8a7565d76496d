/** Decides how long the input of a run is kept as it was given: from its start to its beginning, in memory alone, and only so many. */
import type { JsonValue } from '../../base/index.ts';

/** Beyond these the oldest is forgotten: the agent then gets the input as it is stored, without secrets. */
const keptAtMost = 10_000;

export class KeptInputs {
  readonly #inputs = new Map<string, JsonValue>();

  keep(runId: string, input: JsonValue): void {
    this.#inputs.set(runId, input);
    if (this.#inputs.size <= keptAtMost) return;
    for (const oldest of this.#inputs.keys()) {
      this.#inputs.delete(oldest);
      return;
    }
  }

  take(runId: string): JsonValue | undefined {
    const input = this.#inputs.get(runId);
    this.#inputs.delete(runId);
    return input;
  }
}
