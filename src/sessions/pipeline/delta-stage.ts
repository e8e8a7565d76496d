/**
 * Decides in which rows the pieces of a streamed message are stored: freed of secrets across their seams, and, when asked for,
 * many pieces in one row. What waits here is written before any other event of its session, so the order stays.
 */
import { jsonEqual, type RedactedStream, type Redactor } from '../../base/index.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { Mint } from '../model/mint.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { BuiltEvent } from './event-builder.ts';
import { withText } from './streamed-text.ts';

export interface DeltaStageOptions {
  readonly redactor: Redactor | null;
  readonly mint: Mint;
  /** A row is complete at this length; `null` makes each piece a row. */
  readonly rowCharacters: number | null;
  readonly onSecret: (event: SessionEvent, category: string) => void;
}

/** A row in the making. `event` is set when it is complete; it stays `null` when all of its text was held back. */
export class Row {
  readonly #pieces: string[] = [];
  readonly first: SessionEvent;
  readonly #fields: readonly string[];
  #characters = 0;
  event: SessionEvent | null = null;

  constructor(first: SessionEvent, fields: readonly string[]) {
    this.first = first;
    this.#fields = fields;
  }

  get characters(): number {
    return this.#characters;
  }

  add(text: string): void {
    this.#pieces.push(text);
    this.#characters += text.length;
  }

  finish(): SessionEvent {
    const { first } = this;
    const count = this.#pieces.length;
    this.event = Object.freeze({
      ...first,
      data: withText(first.data, this.#fields, this.#pieces.join('')),
      metadata: count === 1 ? first.metadata : { ...first.metadata, _coalesced: count },
    });
    return this.event;
  }
}

/** What an event became. */
export interface Staged {
  /** Complete rows of what was accepted before; they stand before the event. */
  readonly before: readonly SessionEvent[];
  /** The row of this event alone, when it is complete. */
  readonly own: SessionEvent | null;
  /** The row that will hold it otherwise. */
  readonly row: Row | null;
}

/** One message that is being streamed. */
interface Message {
  readonly stream: RedactedStream | null;
  last: SessionEvent;
  fields: readonly string[];
}

interface SessionState {
  readonly messages: Map<string, Message>;
  pending: Row | null;
  /** Counts what was accepted, so that going back is refused when something came since. */
  accepted: number;
}

/** A piece that the agent named, as it was handed in and as it is stored. */
interface NamedPiece {
  readonly text: string;
  readonly event: SessionEvent;
}

/** Named pieces that are remembered; an older one that comes again is compared by the store. */
const rememberedPieces = 1000;

/** These may come in the middle of a message; everything else ends the messages of its run. */
const passing: ReadonlySet<SessionEventType> = new Set([
  'message_streamed',
  'token_usage_updated',
  'error_occurred',
  'error_recovered',
  'policy_violation',
  'workspace_snapshot_taken',
  'workspace_diff_computed',
  'session_paused',
  'session_resumed',
]);

/** What an agent said that is given up for another one is said to its end before that is told. */
function isPassing({ type, data }: SessionEvent): boolean {
  return passing.has(type) && data['failover_to'] === undefined;
}

/** Which message a piece belongs to, where an agent streams several at a time. */
const messageNames = ['message_id', 'item_id', 'thread_id', 'turn_id', 'session_id', 'parent_tool_use_id'];

export class DeltaStage {
  readonly #options: DeltaStageOptions;
  readonly #sessions = new Map<string, SessionState>();
  readonly #named = new Map<string, NamedPiece>();

  constructor(options: DeltaStageOptions) {
    this.#options = options;
  }

  accept(built: BuiltEvent): Staged {
    if (built.delta !== null) return this.#acceptDelta(built, built.delta);
    const { event } = built;
    const state = this.#sessions.get(event.sessionId);
    if (state === undefined) return { before: [], own: event, row: null };
    state.accepted += 1;
    const before = isPassing(event) ? [] : this.#endMessages(state, event.runId);
    before.push(...takePending(state));
    if (state.messages.size === 0) this.#sessions.delete(event.sessionId);
    return { before, own: event, row: null };
  }

  /** The rows that wait, as they are now; what is held back because of a possible secret stays. */
  takeWaiting(): readonly SessionEvent[] {
    return [...this.#sessions.values()].flatMap(takePending);
  }

  /** Everything: nothing follows. */
  end(): readonly SessionEvent[] {
    const states = [...this.#sessions.values()];
    this.#sessions.clear();
    return states.flatMap((state) => [...this.#endMessages(state, null), ...takePending(state)]);
  }

  /**
   * Remembers where the messages of a session stand. What it returns goes back there, when nothing but the event that was refused
   * came since: its text must not turn up in a later row.
   */
  checkpoint(sessionId: string): (refused: readonly BuiltEvent[]) => void {
    const state = this.#sessions.get(sessionId);
    const accepted = state?.accepted ?? 0;
    const marks = [...(state?.messages ?? [])].map(([key, message]) => ({
      key,
      message,
      copy: { ...message },
      mark: message.stream?.mark(),
    }));
    return (refused) => {
      const now = this.#sessions.get(sessionId);
      if (now !== undefined && now.accepted !== accepted + refused.length) return;
      for (const { event } of refused) this.#named.delete(nameOf(event));
      if (state === undefined) {
        this.#sessions.delete(sessionId);
        return;
      }
      this.#sessions.set(sessionId, state);
      state.accepted = accepted;
      state.messages.clear();
      for (const { key, message, copy, mark } of marks) {
        Object.assign(message, { last: copy.last, fields: copy.fields });
        if (mark !== undefined) message.stream?.goBack(mark);
        state.messages.set(key, message);
      }
    };
  }

  #acceptDelta({ event, hasOwnId }: BuiltEvent, { text, fields }: NonNullable<BuiltEvent['delta']>): Staged {
    const state = this.#stateOf(event.sessionId);
    state.accepted += 1;
    const again = hasOwnId ? this.#named.get(nameOf(event)) : undefined;
    if (again?.text === text) return { before: takePending(state), own: again.event, row: null };
    const message = this.#messageOf(state, event, fields);
    const out = message.stream === null ? text : message.stream.push(text);
    const { rowCharacters } = this.#options;
    // The id of the agent promises this very piece: it is not put together with others.
    if (rowCharacters === null || hasOwnId) {
      const row = new Row(event, fields);
      row.add(out);
      const own = row.finish();
      if (hasOwnId) this.#remember(own, text);
      return { before: takePending(state), own, row: null };
    }
    const before = this.#joinPending(state, { event, fields, text: out });
    const row = state.pending;
    if (row !== null && row.characters >= rowCharacters) before.push(...takePending(state));
    return { before, own: null, row };
  }

  #remember(event: SessionEvent, text: string): void {
    const [oldest] = this.#named.keys();
    if (this.#named.size >= rememberedPieces && oldest !== undefined) this.#named.delete(oldest);
    this.#named.set(nameOf(event), { text, event });
  }

  /** Adds a text to the row that waits, or to a new one; returns the old one when the text does not belong to it. */
  #joinPending(
    state: SessionState,
    { event, fields, text }: { event: SessionEvent; fields: readonly string[]; text: string },
  ): SessionEvent[] {
    const before: SessionEvent[] = [];
    if (state.pending === null || !isSameRow(state.pending.first, event)) {
      before.push(...takePending(state));
      state.pending = new Row(event, fields);
    }
    state.pending.add(text);
    return before;
  }

  #stateOf(sessionId: string): SessionState {
    let state = this.#sessions.get(sessionId);
    if (state === undefined) {
      state = { messages: new Map(), pending: null, accepted: 0 };
      this.#sessions.set(sessionId, state);
    }
    return state;
  }

  #messageOf(state: SessionState, event: SessionEvent, fields: readonly string[]): Message {
    const key = messageKey(event);
    const known = state.messages.get(key);
    if (known !== undefined) {
      known.last = event;
      known.fields = fields;
      return known;
    }
    const { redactor, onSecret } = this.#options;
    const stream = redactor?.stream((category) => onSecret(message.last, category)) ?? null;
    const message: Message = { stream, last: event, fields };
    state.messages.set(key, message);
    return message;
  }

  /** Lets out what was held back of the messages of a run, of all runs for an event of the session. */
  #endMessages(state: SessionState, runId: string | null): SessionEvent[] {
    const rows: SessionEvent[] = [];
    for (const [key, message] of state.messages) {
      if (runId !== null && message.last.runId !== runId) continue;
      state.messages.delete(key);
      const tail = message.stream?.end() ?? '';
      if (tail === '') continue;
      const { last, fields } = message;
      const event = Object.freeze({ ...last, id: this.#options.mint.id('evt') });
      rows.push(...this.#joinPending(state, { event, fields, text: tail }));
    }
    return rows;
  }
}

/** A row without a letter is not written: its text comes in a later one. */
function takePending(state: SessionState): readonly SessionEvent[] {
  const { pending } = state;
  state.pending = null;
  return pending === null || pending.characters === 0 ? [] : [pending.finish()];
}

function messageKey({ runId, data }: SessionEvent): string {
  let key = runId ?? '';
  for (const name of messageNames) {
    const value = data[name];
    if (value !== undefined) key += `\n${name} ${JSON.stringify(value)}`;
  }
  return key;
}

/** Nothing but the piece of text and the moment tells them apart. */
function isSameRow(left: SessionEvent, right: SessionEvent): boolean {
  return (
    left.runId === right.runId &&
    left.provider === right.provider &&
    left.correlationId === right.correlationId &&
    jsonEqual(left.data, right.data) &&
    jsonEqual(left.metadata, right.metadata)
  );
}

function nameOf({ sessionId, id }: SessionEvent): string {
  return JSON.stringify([sessionId, id]);
}
