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
  #divergence: Error | null = null;

  constructor(events: readonly LogEvent[]) {
    this.#events = events;
  }

  /** True when the first attempt got no further than this. */
  get isSpent(): boolean {
    return this.#next >= this.#events.length;
  }

  /** Why the invocation cannot end well, whatever its handler caught; `null` while it repeats its first attempt. */
  get divergence(): Error | null {
    return this.#divergence;
  }

  /** The recorded call that stands next; `null` when the first attempt got no further. Throws when it was another one. */
  take(type: 'llm.requested' | 'tool.requested', hash: string): RecordedCall | null {
    const request = this.#events[this.#next];
    if (request === undefined) return null;
    const recorded = request.payload[type === 'llm.requested' ? 'prompt_hash' : 'args_hash'];
    if (request.type !== type || recorded !== hash) {
      this.#divergence ??= diverged(request, type, hash);
      throw this.#divergence;
    }
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
  const recorded = request.payload['prompt_hash'] ?? request.payload['args_hash'];
  const expected = `${request.type} ${typeof recorded === 'string' ? recorded : 'without a hash'}`;
  const asked = `the interrupted invocation asked ${expected} (${request.id}), now it asks ${type} ${hash}`;
  const message = `${asked}; a fork from before it with --record asks again`;
  return new ExecutionError({
    summary: `replay.diverged: ${message}`,
    whatFailed: `A resumed behavior did not repeat its recorded calls: ${asked}.`,
    why: 'A recorded answer belongs to the question that was paid for; another question would be paid for again.',
    howToFix:
      'Find out what changed since the run was started: `runlog inspect URL --run-id RUN --behaviors`.\nTo ask again, fork the run before the invocation: `runlog fork URL --run-id RUN --at-event EVENT --record`.',
    context: {
      reason: 'replay.diverged',
      message,
      payload_extras: { recorded_event_id: request.id, expected, actual: `${type} ${hash}` },
    },
  });
}
