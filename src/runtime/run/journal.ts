/**
 * Decides when what a run did becomes history: the only place where a runtime appends. Events gather in a batch, are committed
 * together, and are projected into the durable graph only after the store has said yes. In between, the run itself sees them
 * through an overlay, and nobody else does.
 */
import { type Clock, counterOf, eventIdAt, formatInstant } from '../../base/index.ts';
import { type Draft, draft, Overlay, project, type Tables } from '../../graph/index.ts';
import type { EventForms, EventRow, Lease, LogEvent, LogStore, RecordWrite } from '../../log/index.ts';
import { runtimeClosed } from '../errors.ts';
import { Batch, checkGroup, groupSize, type GroupSize } from './batch.ts';
import { commitPart } from './commit-part.ts';
import type { RunState } from './run-state.ts';

/** Who is asked before something is appended and told after each event: whoever compares a run with its record. */
export interface Witness {
  /** May `take` events first; throws to keep the append from happening. */
  before(): void;
  after(event: LogEvent): void;
}

export interface JournalOptions {
  readonly store: Pick<LogStore, 'commit'>;
  readonly lease: Lease;
  readonly state: RunState;
  readonly tables: Tables;
  readonly clock: Clock;
  readonly forms: EventForms;
  readonly nowMs: () => number;
  readonly onDurable: (events: readonly LogEvent[]) => void;
  /** Called once, when a commit has failed. */
  readonly onFailure: (error: Error) => void;
  readonly witness?: Witness;
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
  /** The graph as the loop sees it: durable plus what is not committed yet. */
  readonly overlay: Overlay;
  frameId: string | null = null;
  readonly #options: JournalOptions;
  /** Not committed yet; the last one takes what is appended. */
  readonly #batches: Batch[] = [];
  #records: RecordWrite[] = [];
  #committing: Promise<void> | null = null;
  #durableSeq: number;
  #end: Error | null = null;
  /** Ends the wait for the commit that is under way. */
  #refuseCommit: ((error: Error) => void) | null = null;
  #stampedSecond = Number.NaN;
  #stamp = '';

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

  /**
   * Why nothing is appended any more: a commit failed, or `close` was called. After a failure the log alone knows what is true.
   */
  get end(): Error | null {
    return this.#end;
  }

  /** The id that the next appended event will have. */
  get nextEventId(): string {
    return eventIdAt(this.#options.state.eventNumber + 1);
  }

  get isDue(): boolean {
    const [first] = this.#batches;
    return first !== undefined && (this.#batches.length > 1 || first.isDue(this.#options.nowMs));
  }

  /** Milliseconds of the run's clock at the next event. */
  nowMs(): number {
    return this.#options.clock.nowMs(this.#options.state.seq + 1);
  }

  /** Throws `RuntimeClosedError` after the end, and the errors of `draft`; nothing is appended then. */
  append(entry: Entry): LogEvent {
    this.#options.witness?.before();
    const made = draft(entry);
    const size = groupSize([made]);
    checkGroup(this.#options.lease.logId, size);
    return this.#appendTo(this.#batchFor(size), made);
  }

  /** Appends what belongs together. Throws `InvalidEventError`, and appends nothing, when it does not fit into one commit. */
  appendGroup(drafts: readonly Draft[]): void {
    if (drafts.length === 0) return;
    this.#options.witness?.before();
    const size = groupSize(drafts);
    checkGroup(this.#options.lease.logId, size);
    const batch = this.#batchFor(size);
    for (const made of drafts) this.#appendTo(batch, made);
  }

  /** Appends an event as another log has it at the same place: its id, its time and its frame are kept. */
  take(event: LogEvent): void {
    const { state } = this.#options;
    const text = JSON.stringify(event.payload);
    state.eventNumber = Math.max(state.eventNumber, event.seq, counterOf(event.id));
    this.#add(this.#batchFor({ events: 1, characters: text.length }), event, { text, subject: null });
  }

  /** Writes a document beside the log, together with the next events. */
  attach(record: RecordWrite): void {
    this.#records.push(record);
  }

  /** Resolves when everything that was appended before the call is durable and projected. Rejects with `RuntimeClosedError`. */
  async flush(): Promise<void> {
    const { seq } = this.#options.state;
    while (this.#durableSeq < seq) {
      if (this.#end !== null) throw this.#end;
      this.#committing ??= this.#commitFirst().finally(() => {
        this.#committing = null;
      });
      await this.#committing;
    }
  }

  /** Resolves at a moment at which nothing waits to become durable, so that what is read then is history. */
  async settle(): Promise<void> {
    while (this.#durableSeq < this.#options.state.seq) await this.flush();
  }

  /** Ends the last batch and appends nothing any more. Rejects when what was appended cannot be made durable. */
  async close(reason: Error): Promise<void> {
    if (this.#end !== null) return;
    try {
      await this.settle();
    } finally {
      this.#end ??= reason;
    }
  }

  /** Waits no longer for a store that does not answer: whoever waits for a commit gets the error, and nothing is appended any more. */
  giveUp(error: Error): void {
    this.#end ??= error;
    this.#refuseCommit?.(this.#end);
  }

  #batchFor(size: GroupSize): Batch {
    if (this.#end !== null) throw this.#end;
    const last = this.#batches.at(-1);
    if (last?.hasRoom(size) === true) return last;
    const batch = new Batch(this.#options.nowMs());
    this.#batches.push(batch);
    return batch;
  }

  #appendTo(batch: Batch, made: Draft): LogEvent {
    const { state, clock, forms } = this.#options;
    const seq = state.seq + 1;
    const schemaVersion = forms.versionOf(made.type);
    state.eventNumber += 1;
    const event: LogEvent = {
      ...blankEvent,
      seq,
      id: eventIdAt(state.eventNumber),
      type: made.type,
      payload: made.payload,
      actor: made.actor,
      causedBy: made.causedBy,
      frameId: this.frameId,
      timestamp: this.#timestamp(clock.nowMs(seq)),
    };
    const versioned = schemaVersion === 1 ? event : { ...event, schemaVersion };
    this.#add(batch, versioned, made);
    this.#options.witness?.after(versioned);
    return versioned;
  }

  #add(batch: Batch, event: LogEvent, made: Pick<Draft, 'text' | 'subject'>): void {
    batch.add(event, rowOf(event, made));
    this.#options.state.apply(event);
    project(this.overlay, event.type, event.payload);
  }

  /** Events come by the thousand in one second; its text is made once. */
  #timestamp(ms: number): string {
    const second = Math.floor(ms / 1000);
    if (second !== this.#stampedSecond) {
      this.#stampedSecond = second;
      this.#stamp = formatInstant(ms);
    }
    return this.#stamp;
  }

  async #commitFirst(): Promise<void> {
    const batch = this.#batches.shift();
    if (batch === undefined) return;
    const { store, lease } = this.#options;
    const records = this.#records;
    this.#records = [];
    const part = { logId: lease.logId, expected: this.#durableSeq, epoch: lease.epoch, events: batch.rows };
    try {
      await this.#unlessGivenUp(commitPart(store, part, records));
    } catch (cause) {
      this.#end ??= runtimeClosed({ runId: lease.logId, cause });
      this.#options.onFailure(this.#end);
      throw this.#end;
    }
    this.#durableSeq += batch.events.length;
    for (const event of batch.events) project(this.tables, event.type, event.payload);
    this.overlay.clear();
    // What was appended while the commit was under way is still to come.
    for (const { events } of this.#batches) {
      for (const event of events) project(this.overlay, event.type, event.payload);
    }
    this.#options.onDurable(batch.events);
  }

  #unlessGivenUp(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#refuseCommit = reject;
      work.then(resolve, reject);
    });
  }
}

/** Events and rows are copies of these, for the sake of the collector: decision 2026-11-22, what a tick costs. */
const blankEvent: LogEvent = {
  seq: 0,
  id: '',
  type: '',
  payload: {},
  actor: null,
  causedBy: null,
  frameId: null,
  timestamp: '',
};
const blankRow: EventRow = {
  id: '',
  type: '',
  payload: '',
  actor: null,
  causedBy: null,
  frameId: null,
  timestamp: '',
  subject: null,
  runId: null,
  provider: null,
  correlationId: null,
  schemaVersion: null,
  metadata: null,
};

function rowOf(event: LogEvent, made: Pick<Draft, 'text' | 'subject'>): EventRow {
  return {
    ...blankRow,
    id: event.id,
    type: event.type,
    payload: made.text,
    actor: event.actor,
    causedBy: event.causedBy,
    frameId: event.frameId,
    timestamp: event.timestamp,
    subject: made.subject,
    schemaVersion: event.schemaVersion ?? null,
  };
}
