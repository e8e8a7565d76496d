/**
 * Decides what the log of a run says to whoever runs it again: which events came from outside and have to be handed in, which
 * ones the loop has to make by itself, and what models and tools answered.
 */
import type { JsonObject, Sha256 } from '../../base/index.ts';
import { ChainCheck, decodeEvent, type EventForms, type LogEvent, type LogStore } from '../../log/index.ts';

/** What came of a call: the event of its answer, or the one of the invocation that failed for want of an answer. */
export type Outcome =
  | { readonly kind: 'answered'; readonly payload: JsonObject }
  | { readonly kind: 'failed'; readonly payload: JsonObject };

export class RecordedRun {
  readonly runId: string;
  readonly events: readonly LogEvent[];
  readonly #outside: ReadonlySet<number>;
  readonly #answers = new Map<string, LogEvent>();
  readonly #failures = new Map<string, LogEvent>();

  constructor(runId: string, events: readonly LogEvent[]) {
    this.runId = runId;
    this.events = events;
    this.#outside = placesFromOutside(events);
    this.#indexCalls();
  }

  get length(): number {
    return this.events.length;
  }

  at(seq: number): LogEvent | undefined {
    return this.events[seq - 1];
  }

  /** True for what the loop did not make: goals, events and changes of people and programs, decisions, packs. */
  isFromOutside(seq: number): boolean {
    return this.#outside.has(seq);
  }

  /** The next event after a place that the loop made. */
  nextOwn(seq: number): LogEvent | undefined {
    let next = seq + 1;
    while (this.#outside.has(next)) next += 1;
    return this.at(next);
  }

  /** What came of a request; `null` when the log ends before. */
  outcomeOf(requestId: string): Outcome | null {
    const answer = this.#answers.get(requestId);
    if (answer !== undefined) return { kind: 'answered', payload: answer.payload };
    const failure = this.#failures.get(requestId);
    return failure === undefined ? null : { kind: 'failed', payload: failure.payload };
  }

  /** The event, what led to it, what led to that: up to an event that nothing led to. */
  causesOf(event: LogEvent): readonly LogEvent[] {
    const byId = new Map(this.events.map((other) => [other.id, other]));
    const chain: LogEvent[] = [];
    for (let next: LogEvent | undefined = event; next !== undefined && !chain.includes(next);) {
      chain.push(next);
      next = next.causedBy === null ? undefined : byId.get(next.causedBy);
    }
    return chain;
  }

  /** A model that fails writes no answer: its invocation ends with what it threw. */
  #indexCalls(): void {
    let asked: string | null = null;
    for (const event of this.events) {
      if (event.type === 'llm.requested') asked = event.id;
      else if (event.type.endsWith('.responded')) {
        if (event.causedBy !== null) this.#answers.set(event.causedBy, event);
        asked = null;
      } else if (event.type === 'behavior.failed' && asked !== null) {
        this.#failures.set(asked, event);
        asked = null;
      }
    }
  }
}

/**
 * Reads the log of a run to the end that it has now, in the forms that the program knows, and checks its chain. Rejects with
 * `RunNotFoundError`, `DamagedHistoryError`, `CorruptedEventPayloadError` and `UpcastError`.
 */
export async function readRecordedRun(
  store: LogStore,
  runId: string,
  { sha256, forms }: { readonly sha256: Sha256; readonly forms: EventForms },
): Promise<RecordedRun> {
  const head = await store.head(runId);
  const check = new ChainCheck(runId, sha256);
  const events: LogEvent[] = [];
  for await (const page of store.read(runId, { before: head.seq + 1, hashes: true })) {
    for (const stored of page) {
      events.push(decodeEvent(stored, runId, forms));
      check.next(stored);
    }
  }
  check.end(head);
  return new RecordedRun(runId, events);
}

/** Said by whoever makes a fork, before anybody drives it. */
const askAfresh = 'runtime.recording';
const ownPrefixes = ['behavior.', 'relation_behavior.', 'llm.', 'tool.', 'pattern.', 'runtime.'];

/** The changes of an invocation stand right before its end, are made in its name, and are caused by what it reacts to. */
function placesFromOutside(events: readonly LogEvent[]): ReadonlySet<number> {
  const outside = new Set<number>();
  let ended: LogEvent | null = null;
  for (const event of events.toReversed()) {
    if (event.type !== askAfresh && ownPrefixes.some((prefix) => event.type.startsWith(prefix))) {
      ended = event.type === 'behavior.completed' ? event : null;
    } else if (ended === null || !isChangeOf(event, ended)) {
      outside.add(event.seq);
      ended = null;
    }
  }
  return outside;
}

function isChangeOf(event: LogEvent, ended: LogEvent): boolean {
  if (event.causedBy !== ended.causedBy) return false;
  return event.actor === ended.payload['behavior'] || event.type === 'approval.proposed';
}
