/**
 * Decides how finished events reach the store: in order, many in one append while others wait, and by a policy that is chosen,
 * not by luck, while the store is away. Nothing that was accepted is dropped: it is stored, spooled, or told to whoever handed it in.
 */
import type { Canceller, Sleep, StructuredError } from '../../base/index.ts';
import { DuplicateEventError } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { EventStore } from './event-store.ts';
import { atStoredTimes } from './redelivery.ts';
import { isAway, SpoolDrain } from './spool-drain.ts';
import type { EventSpool } from './spool-port.ts';

/**
 * What happens while the store is away: `fail` rejects, and whoever called decides; `block` waits until the store is back; a spool
 * keeps the events on its own until then.
 */
export type AwayPolicy = 'fail' | 'block' | { readonly spool: EventSpool };

/** Clock (milliseconds), sleep and canceller of the event pipeline. */
export interface DeliveryPlatform {
  /** Hears what somebody should know and nothing fails for. */
  readonly warn?: (message: string) => void;
  readonly nowMs: () => number;
  readonly sleep: Sleep;
  readonly newCanceller: () => Canceller;
}

export interface DeliveryOptions {
  readonly store: EventStore;
  readonly whenAway: AwayPolicy;
  /** How long to wait before the store is tried again. */
  readonly retryMs: number;
  readonly platform: DeliveryPlatform;
  readonly onStored: (events: readonly SessionEvent[]) => void;
  readonly onSpooled: (events: readonly SessionEvent[]) => void;
  readonly onRefused: (event: SessionEvent, error: unknown) => void;
}

/** Events that are stored together or not at all. */
export interface Parcel {
  readonly events: readonly SessionEvent[];
  /** Ids of events that the agent named and gave no time: handed in again they have another one. */
  readonly untimed: ReadonlySet<string>;
}

interface Waiting extends Parcel {
  /** Accepted before: whoever handed it in is not there any more to be told. */
  readonly isOwed: boolean;
  readonly resolve: (stored: readonly SessionEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Events in one append, when that many wait. */
const appendSize = 1000;
/** Events that wait in memory before whoever brings more has to wait too. */
const waitingLimit = 10_000;
const noIds: ReadonlySet<string> = new Set();

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #drain: SpoolDrain | null;
  readonly #canceller: Canceller;
  #queue: Waiting[] = [];
  /** Events that are under way or wait. */
  #count = 0;
  #isPumping = false;
  #isClosing = false;
  #isRetrying = false;
  /** An owed event that the store refused for good: told to the next who asks for everything to be stored. */
  #refusal: { readonly error: unknown } | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { whenAway } = options;
    this.#drain = typeof whenAway === 'string' ? null : new SpoolDrain(whenAway.spool, options);
    this.#canceller = options.platform.newCanceller();
  }

  /** True when owed events stay behind because the store was away: nothing more is taken on before it is tried again. */
  get isStalled(): boolean {
    return !this.#isPumping && this.#queue.length > 0;
  }

  /** True when more waits than should be held in memory. */
  get isFull(): boolean {
    return this.#count > waitingLimit;
  }

  /** Resolves with the events as they are stored, or with no number when they are spooled. */
  send(parcel: Parcel): Promise<readonly SessionEvent[]> {
    return new Promise((resolve, reject) => {
      this.#take({ ...parcel, isOwed: false, resolve, reject });
      this.#kick();
    });
  }

  /** Takes on events whose sender does not wait. */
  owe(events: readonly SessionEvent[]): void {
    if (events.length === 0) return;
    this.#take({ events, untimed: noIds, isOwed: true, resolve: nothing, reject: nothing });
  }

  #take(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.#count += waiting.events.length;
  }

  /** Sends what is owed, without anybody waiting for it. */
  start(): void {
    if (this.#queue.length > 0) this.#kick();
  }

  /** Resolves when everything that was taken on is stored, or spooled. */
  async flush(): Promise<void> {
    if (this.#queue.length > 0 || this.#isPumping || this.#drain?.isEmpty === false) {
      this.#drain?.dueNow();
      await this.send({ events: [], untimed: noIds });
    }
    const refusal = this.#refusal;
    this.#refusal = null;
    if (refusal !== null) throw refusal.error;
  }

  /** A last `flush` that does not wait for a store to come back; then no timer of this runs any more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#canceller.abort();
    await this.flush();
  }

  #kick(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    void this.#pump();
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#deliver(group);
        this.#count -= countOf(group);
      } catch (error) {
        if (this.#putBack(group, error)) break;
      }
    }
    this.#isPumping = false;
  }

  #takeGroup(): readonly Waiting[] {
    let count = 0;
    let size = 0;
    while (size < this.#queue.length) {
      const next = this.#queue[size]?.events.length ?? 0;
      if (size > 0 && count + next > appendSize) break;
      count += next;
      size += 1;
    }
    return this.#queue.splice(0, size);
  }

  /** Rejects with an error of a store that is away when nothing more can be done about it now. */
  async #deliver(group: readonly Waiting[]): Promise<void> {
    if (this.#drain !== null && !(await this.#drain.drain())) return this.#spool(group, this.#drain);
    for (;;) {
      try {
        return await this.#append(group);
      } catch (error) {
        if (!isAway(error)) throw error;
        if (this.#drain !== null) return this.#spool(group, this.#drain);
        if (this.#options.whenAway === 'fail' || this.#isClosing) throw error;
        await this.#options.platform.sleep(this.#options.retryMs, this.#canceller.signal);
      }
    }
  }

  /** One append for all; when it is refused, one for each, so that nobody pays for what another one handed in. */
  async #append(group: readonly Waiting[]): Promise<void> {
    const [only] = group;
    if (only !== undefined && group.length === 1) return this.#appendOne(only);
    try {
      const stored = await this.#store(group.flatMap(({ events }) => events));
      let start = 0;
      for (const { events, resolve } of group) {
        resolve(stored.slice(start, start + events.length));
        start += events.length;
      }
    } catch (error) {
      if (isAway(error)) throw error;
      for (const waiting of group) await this.#appendOne(waiting);
    }
  }

  async #appendOne(waiting: Waiting): Promise<void> {
    try {
      waiting.resolve(await this.#storeAgain(waiting));
    } catch (error) {
      if (isAway(error)) throw error;
      for (const event of waiting.events) this.#options.onRefused(event, error);
      if (waiting.isOwed) this.#refusal ??= { error };
      waiting.reject(error);
    }
  }

  async #storeAgain({ events, untimed }: Parcel): Promise<readonly SessionEvent[]> {
    try {
      return await this.#store(events);
    } catch (error) {
      if (untimed.size === 0 || !(error instanceof DuplicateEventError)) throw error;
      return this.#store(await atStoredTimes(this.#options.store, events, untimed));
    }
  }

  async #store(events: readonly SessionEvent[]): Promise<readonly SessionEvent[]> {
    if (events.length === 0) return events;
    const stored = await this.#options.store.appendEvents(events);
    this.#options.onStored(stored);
    return stored;
  }

  async #spool(group: readonly Waiting[], drain: SpoolDrain): Promise<void> {
    const events = group.flatMap((waiting) => waiting.events);
    if (events.length > 0) {
      await drain.keep(events);
      this.#options.onSpooled(events);
    }
    for (const waiting of group) waiting.resolve(waiting.events);
    if (!this.#isRetrying && !this.#isClosing) void this.#retry(drain);
  }

  /** Tries again and again while something is spooled, also when nothing new comes. */
  async #retry(drain: SpoolDrain): Promise<void> {
    this.#isRetrying = true;
    while (!drain.isEmpty && !this.#isClosing) {
      await this.#options.platform.sleep(this.#options.retryMs, this.#canceller.signal);
      if (this.#isClosing) break;
      drain.dueNow();
      try {
        await this.send({ events: [], untimed: noIds });
      } catch (error) {
        this.#refusal ??= { error };
        break;
      }
    }
    this.#isRetrying = false;
  }

  /** Tells those who wait, keeps what is owed, and stops; true when something stays behind. */
  #putBack(group: readonly Waiting[], error: unknown): boolean {
    const all = [...group, ...this.#queue];
    this.#queue = all.filter(({ isOwed }) => isOwed);
    this.#count = countOf(this.#queue);
    for (const { isOwed, reject } of all) if (!isOwed) reject(error);
    return this.#queue.length > 0;
  }
}

function countOf(group: readonly Waiting[]): number {
  return group.reduce((sum, { events }) => sum + events.length, 0);
}

/** What a pipeline says when it is asked for something after its end. */
export function pipelineClosed(): StructuredError {
  return sessionError('stream_closed', 'the event pipeline is closed', {
    howToFix: 'Open another pipeline on the store; what this one had taken on was stored when it was closed.',
  });
}

function nothing(): void {
  return;
}
