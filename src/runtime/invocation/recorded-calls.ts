/**
 * Decides what an interrupted invocation finds of its first attempt: the calls that it made and the answers that came, in
 * order. They are served again only to a handler that asks the very same things.
 */
import { ExecutionError } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';

export interface RecordedCall {
  readonly request: LogEvent;
  /** `undefined` when the process died before the answer was durable: the call is made again, under the same key. */
  readonly response: LogEvent | undefined;
}

export class RecordedCalls {
  readonly #events: readonly LogEvent[];
  #next = 0;

  constructor(events: readonly LogEvent[]) {
    this.#events = events;
  }

  /** The recorded call that stands next; `null` when the first attempt got no further. Throws when it was another one. */
  take(type: 'llm.requested' | 'tool.requested', hash: string): RecordedCall | null {
    const request = this.#events[this.#next];
    if (request === undefined) return null;
    const recorded = request.payload[type === 'llm.requested' ? 'prompt_hash' : 'args_hash'];
    if (request.type !== type || recorded !== hash) throw diverged(request, type, hash);
    this.#next += 1;
    const response = this.#events[this.#next];
    if (response === undefined || response.causedBy !== request.id || !response.type.endsWith('.responded')) {
      return { request, response: undefined };
    }
    this.#next += 1;
    return { request, response };
  }
}

function diverged(request: LogEvent, type: string, hash: string): Error {
  const expected = `${request.type} ${String(request.payload['prompt_hash'] ?? request.payload['args_hash'])}`;
  const message = `the interrupted invocation asked ${expected} (${request.id}), now it asks ${type} ${hash}`;
  return new ExecutionError({
    summary: `replay.diverged: ${message}`,
    whatFailed: `A resumed behavior did not repeat its recorded calls: ${message}.`,
    why: 'A recorded answer belongs to the question that was paid for; another question would be paid for again.',
    howToFix:
      'Find out what changed since the run was started: `runlog inspect URL --run-id RUN --behaviors`.',
    context: {
      reason: 'replay.diverged',
      message,
      payload_extras: { recorded_event_id: request.id, expected, actual: `${type} ${hash}` },
    },
  });
}
