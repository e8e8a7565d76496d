/**
 * Decides when what a run did becomes history: the only place where a runtime appends. Events gather in a batch, are committed
 * together, and are projected into the durable graph only after the store has said yes. In between, the run itself sees them
 * through an overlay, and nobody else does.
 */
import { type Clock, eventIdAt, formatInstant } from '../../base/index.ts';
import { type Draft, draft, Overlay, project, Tables } from '../../graph/index.ts';
import {
  commitLimits,
  type CommitPart,
  type EventRow,
  invalidEvent,
  type Lease,
  type LogEvent,
  type LogStore,
  UnknownCommitError,
} from '../../log/index.ts';
import type { RunState } from './run-state.ts';

/** A batch is committed at the latest at this size or age. */
export const batchLimits = { events: 1000, characters: 8 * 1024 * 1024, ageMs: 50 } as const;

/** What belongs together has to fit into one commit, beside a batch that is not committed yet. */
export const groupLimits = {
  events: commitLimits.events - batchLimits.events - 10,
  characters: commitLimits.characters - 2 * batchLimits.characters,
} as const;

export interface JournalOptions {
  readonly store: LogStore;
  readonly lease: Lease;
  readonly state: RunState;
  readonly tables: Tables;
  readonly clock: Clock;
  readonly nowMs: () => number;
  readonly onDurable: (events: readonly LogEvent[]) => void;
}

/** What is appended: a draft of the graph, or an event of the loop itself. */
export interface Entry {
  readonly type: string;
  readonly payload: object;
  readonly actor: string;
  readonly causedBy: string | null;
}

export class Journal {
  /** The graph of what is durable. */
  readonly tables: Tables;
  /** The graph as the loop sees it: durable plus the batch. */
  overlay: Overlay;
  frameId: string | null = null;
  /** Why the last commit failed. From then on nothing is appended: the log alone knows what is true. */
  failure: unknown = null;
  readonly #options: JournalOptions;
  #rows: EventRow[] = [];
  #events: LogEvent[] = [];
  #batchSince = 0;
  #batchCharacters = 0;
  #durableSeq: number;
  #committing: Promise<void> | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.tables = options.tables;
    this.overlay = new Overlay(options.tables);
    this.#durableSeq = options.state.seq;
  }

  /** Place of the last event that is durable. */
  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** The id that the next appended event will have. */
  get nextEventId(): string {
    return eventIdAt(this.#options.state.seq + 1);
  }

  get isDue(): boolean {
    if (this.#rows.length >= batchLimits.events || this.#batchCharacters >= batchLimits.characters)
      return true;
    return this.#rows.length > 0 && this.#options.nowMs() - this.#batchSince >= batchLimits.ageMs;
  }

  /** Milliseconds of the run's clock at the next event. */
  nowMs(): number {
    return this.#options.clock.nowMs(this.#options.state.seq + 1);
  }

  append(entry: Entry): LogEvent {
    return this.#appendDraft(draft(entry));
  }

  /** Appends what belongs together. Throws `InvalidEventError`, and appends nothing, when it does not fit into one commit. */
  appendGroup(drafts: readonly Draft[]): void {
    let characters = 0;
    for (const { text } of drafts) characters += text.length;
    if (drafts.length > groupLimits.events || characters > groupLimits.characters)
      throw tooMuch(this.#options.lease.logId, drafts.length, characters);
    for (const made of drafts) this.#appendDraft(made);
  }

  #appendDraft(made: Draft): LogEvent {
    if (this.#rows.length === 0) this.#batchSince = this.#options.nowMs();
    const seq = this.#options.state.seq + 1;
    const event: LogEvent = {
      seq,
      id: eventIdAt(seq),
      type: made.type,
      payload: made.payload,
      actor: made.actor,
      causedBy: made.causedBy,
      frameId: this.frameId,
      timestamp: formatInstant(this.#options.clock.nowMs(seq)),
    };
    this.#rows.push(rowOf(event, made));
    this.#batchCharacters += made.text.length;
    this.#events.push(event);
    this.#options.state.apply(event, false);
    project(this.overlay, event.type, event.payload);
    return event;
  }

  /** Ends the batch: resolves when everything appended before the call is durable and projected. */
  async flush(): Promise<void> {
    while (this.#committing !== null) await this.#committing;
    if (this.failure !== null) throw this.failure;
    if (this.#rows.length === 0) return;
    this.#committing = this.#commit().finally(() => {
      this.#committing = null;
    });
    await this.#committing;
  }

  async #commit(): Promise<void> {
    const { store, lease } = this.#options;
    const part = { logId: lease.logId, expected: this.#durableSeq, epoch: lease.epoch, events: this.#rows };
    const events = this.#events;
    this.#rows = [];
    this.#events = [];
    this.#batchCharacters = 0;
    try {
      await commitSettled(store, part);
    } catch (error) {
      this.failure = error;
      throw error;
    }
    this.#durableSeq += events.length;
    for (const event of events) project(this.tables, event.type, event.payload);
    this.overlay = new Overlay(this.tables);
    // What was appended while the commit was under way is still to come.
    for (const event of this.#events) project(this.overlay, event.type, event.payload);
    this.#options.onDurable(events);
  }
}

function tooMuch(logId: string, events: number, characters: number): Error {
  return invalidEvent({
    logId,
    what: `${events} events with ${characters} characters that belong together`,
    limit: `${groupLimits.events} events and ${groupLimits.characters} characters in one behavior or one mutate`,
    context: { events, characters },
  });
}

/** A store that does not know whether it committed is asked once more: the same commit settles it without writing twice. */
async function commitSettled(store: LogStore, part: CommitPart): Promise<void> {
  try {
    await store.commit([part]);
  } catch (error) {
    if (!(error instanceof UnknownCommitError)) throw error;
    await store.commit([part]);
  }
}

function rowOf(event: LogEvent, made: Draft): EventRow {
  return {
    id: event.id,
    type: event.type,
    payload: made.text,
    actor: event.actor,
    causedBy: event.causedBy,
    frameId: event.frameId,
    timestamp: event.timestamp,
    subject: made.subject,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}
