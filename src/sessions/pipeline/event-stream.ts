/**
 * Decides how the last events of one run are kept in memory for those who look at it live: a value that never changes, bounded by
 * a number of events, with a cursor that only goes forward.
 */
import type { StructuredError } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { compareEvents } from './event-order.ts';
import { haveSameContext, type NormalizedEvent } from './normalized-event.ts';

/** Of which run a stream is, and how many events it holds for a slow reader. */
export interface NewEventStream {
  readonly sessionId: string;
  readonly runId: string;
  /** Events that are kept at most; 1,000 by default. */
  readonly bufferSize?: number;
}

/** From which cursor on, which types, how many. */
export interface StreamFilter {
  /** Only numbers from here on; 0 by default. */
  readonly fromCursor?: number;
  readonly types?: readonly SessionEventType[];
  readonly limit?: number;
}

interface State {
  readonly sessionId: string;
  readonly runId: string;
  readonly bufferSize: number;
  readonly cursor: number;
  readonly nextSequence: number;
  readonly isOpen: boolean;
  readonly events: readonly NormalizedEvent[];
}

const defaultBufferSize = 1000;

/** Each method that changes something returns another stream; the old one stays as it was. */
export class EventStream {
  readonly #state: State;

  private constructor(state: State) {
    this.#state = state;
  }

  /** Throws `ValidationError` without session or run, and for a buffer of no event. */
  static open({ sessionId, runId, bufferSize = defaultBufferSize }: NewEventStream): EventStream {
    if (sessionId === '' || runId === '')
      throw sessionError('validation_error', 'session_id and run_id are required');
    if (!Number.isSafeInteger(bufferSize) || bufferSize < 1) {
      throw sessionError('validation_error', 'buffer_size must be a whole number from 1', {
        details: { buffer_size: bufferSize },
      });
    }
    return new EventStream({
      sessionId,
      runId,
      bufferSize,
      cursor: 0,
      nextSequence: 0,
      isOpen: true,
      events: [],
    });
  }

  get sessionId(): string {
    return this.#state.sessionId;
  }

  get runId(): string {
    return this.#state.runId;
  }

  /** The first number that was not taken yet. */
  get cursor(): number {
    return this.#state.cursor;
  }

  get isOpen(): boolean {
    return this.#state.isOpen;
  }

  /** Events that are kept. */
  get count(): number {
    return this.#state.events.length;
  }

  /** Events from the cursor on. */
  get remaining(): number {
    return this.peek(Infinity).length;
  }

  /** Throws `StreamClosedError`, `SessionMismatchError`, `RunMismatchError`. An event without a number gets the next one. */
  push(event: NormalizedEvent): EventStream {
    this.#checkOpen();
    const { sessionId, runId } = this.#state;
    if (event.sessionId !== sessionId)
      throw mismatch('session_mismatch', { expected: sessionId, found: event.sessionId });
    if (event.runId !== runId) throw mismatch('run_mismatch', { expected: runId, found: event.runId });
    return this.#add([event]);
  }

  /** All or none. Throws `StreamClosedError`, and `ContextMismatchError` when one is of another session or run. */
  pushBatch(events: readonly NormalizedEvent[]): EventStream {
    this.#checkOpen();
    const stray = events.findIndex((event) => !haveSameContext(event, this.#state));
    if (stray !== -1) {
      throw sessionError('context_mismatch', 'a batch holds an event of another session or run', {
        details: { index: stray },
      });
    }
    return this.#add(events);
  }

  /** In the order of their numbers. */
  events({ fromCursor = 0, types, limit = Infinity }: StreamFilter = {}): readonly NormalizedEvent[] {
    const found = this.#state.events.filter(
      ({ sequenceNumber, type }) =>
        (sequenceNumber ?? 0) >= fromCursor && (types === undefined || types.includes(type)),
    );
    return found.slice(0, limit);
  }

  /** Throws `InvalidPageCursorError` for a place behind the present one. */
  advanceTo(cursor: number): EventStream {
    if (cursor < this.#state.cursor || !Number.isSafeInteger(cursor)) {
      throw sessionError('invalid_cursor', `the cursor cannot go from ${this.#state.cursor} to ${cursor}`, {
        details: { cursor: this.#state.cursor, asked: cursor },
      });
    }
    return this.#with({ cursor });
  }

  /** The next events; the cursor stays. */
  peek(count: number): readonly NormalizedEvent[] {
    return this.events({ fromCursor: this.#state.cursor, limit: count });
  }

  /** The next events, and the stream behind them. */
  take(count: number): { readonly events: readonly NormalizedEvent[]; readonly stream: EventStream } {
    const events = this.peek(count);
    const last = events.at(-1);
    const stream = last === undefined ? this : this.#with({ cursor: (last.sequenceNumber ?? 0) + 1 });
    return { events, stream };
  }

  /** Takes no event any more; the cursor stands at the end. */
  close(): EventStream {
    return this.#with({ isOpen: false, cursor: this.#state.nextSequence });
  }

  [Symbol.iterator](): Iterator<NormalizedEvent> {
    return this.#state.events[Symbol.iterator]();
  }

  #add(added: readonly NormalizedEvent[]): EventStream {
    let { nextSequence } = this.#state;
    const numbered = added.map((event) => {
      const sequenceNumber = event.sequenceNumber ?? nextSequence;
      nextSequence = Math.max(nextSequence, sequenceNumber + 1);
      return event.sequenceNumber === null ? Object.freeze({ ...event, sequenceNumber }) : event;
    });
    const sorted = [...this.#state.events, ...numbered].sort(compareEvents);
    return this.#with({ nextSequence, events: sorted.slice(-this.#state.bufferSize) });
  }

  #with(changes: Partial<State>): EventStream {
    return new EventStream({ ...this.#state, ...changes });
  }

  #checkOpen(): void {
    if (this.#state.isOpen) return;
    throw sessionError('stream_closed', `the stream of run '${this.#state.runId}' is closed`, {
      details: { session_id: this.#state.sessionId, run_id: this.#state.runId },
    });
  }
}

function mismatch(
  code: 'session_mismatch' | 'run_mismatch',
  details: { expected: string; found: string },
): StructuredError {
  return sessionError(code, `an event of '${details.found}' came into the stream of '${details.expected}'`, {
    details,
  });
}
