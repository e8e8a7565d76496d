/**
 * Decides what an interrupted invocation finds of its first attempt: the calls that it made and the answers that came, in
 * order. They are served again only to a handler that asks the very same things.
 */
import { ExecutionError, type JsonObject } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';

export interface RecordedCall {
  readonly request: LogEvent;
  /** `undefined` when the process died before the answer was durable: the call is made again, under the same key. */
  readonly response: LogEvent | undefined;
}

/** A call that a handler makes, as far as it is compared with a recorded one. */
export interface AskedNow {
  readonly type: 'llm.requested' | 'tool.requested';
  readonly hash: string;
  /** What its event would tell of the question. */
  readonly payload: () => JsonObject;
}

export class RecordedCalls {
  readonly #events: readonly LogEvent[];
  readonly #probablyChanged: (request: LogEvent, asked: AskedNow) => readonly string[];
  #next = 0;
  #divergence: Error | null = null;

  /** `probablyChanged` tells why a question may be another one than the recorded. */
  constructor(
    events: readonly LogEvent[],
    probablyChanged: (request: LogEvent, asked: AskedNow) => readonly string[],
  ) {
    this.#events = events;
    this.#probablyChanged = probablyChanged;
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
  take(asked: AskedNow): RecordedCall | null {
    const { type, hash } = asked;
    const request = this.#events[this.#next];
    if (request === undefined) return null;
    const recorded = request.payload[type === 'llm.requested' ? 'prompt_hash' : 'args_hash'];
    if (request.type !== type || recorded !== hash) {
      this.#divergence ??= diverged(request, asked, this.#probablyChanged(request, asked));
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

function diverged(request: LogEvent, { type, hash }: AskedNow, changed: readonly string[]): Error {
  const recorded = request.payload['prompt_hash'] ?? request.payload['args_hash'];
  const expected = `${request.type} ${typeof recorded === 'string' ? recorded : 'without a hash'}`;
  const asked = `the interrupted invocation asked ${expected} (${request.id}), now it asks ${type} ${hash}`;
  const cause = `probably changed: ${changed.join('; ')}`;
  const message = `${asked}; ${cause}; a fork from before it with --record asks again`;
  return new ExecutionError({
    summary: `replay.diverged: ${message}`,
    whatFailed: `A resumed behavior did not repeat its recorded calls: ${asked}; ${cause}.`,
    why: 'A recorded answer belongs to the question that was paid for; another question would be paid for again.',
    howToFix:
      'Find out what changed since the run was started: `runlog inspect URL --run-id RUN --behaviors`.\nTo ask again, fork the run before the invocation: `runlog fork URL --run-id RUN --at-event EVENT --record`.',
    context: {
      reason: 'replay.diverged',
      message,
      payload_extras: {
        recorded_event_id: request.id,
        expected,
        actual: `${type} ${hash}`,
        probably_changed: [...changed],
      },
    },
  });
}
