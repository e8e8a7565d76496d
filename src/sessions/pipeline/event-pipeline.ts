/**
 * Decides the way of an event from an agent into the store: built, looked over and freed of secrets first, put together with its
 * neighbours where it is a piece of a message, then delivered. What is refused leaves no trace.
 */
import { type Canceller, type Redactor, redactor as defaultRedactor, type Sha256 } from '../../base/index.ts';
import type { Mint } from '../model/mint.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { EventStore } from './event-store.ts';
import type { PipelineNotice } from './notice.ts';
import { openTelemetry, type OnTelemetry } from '../telemetry/telemetry.ts';
import { tellNotice } from '../telemetry/pipeline-telemetry.ts';
import { DeltaStage } from './delta-stage.ts';
import { type AwayPolicy, Delivery, type DeliveryPlatform, pipelineClosed } from './delivery.ts';
import { type BuiltEvent, EventBuilder } from './event-builder.ts';
import type { EventContext } from './raw-event.ts';

/** How long, in milliseconds, and up to how many characters pieces of streamed text are held to become one event. */
export interface Coalescing {
  /** A piece is stored at the latest after this time; 200 by default. */
  readonly maxDelayMs?: number;
  /** A row is stored when it has this length; 4,000 by default. */
  readonly maxCharacters?: number;
}

/** The store of a pipeline, and what happens while it is away. */
export interface EventPipelineOptions {
  readonly store: EventStore;
  readonly mint: Mint;
  readonly sha256: Sha256;
  readonly platform: DeliveryPlatform;
  /** Takes secrets out before anything is stored. The built-in patterns by default; `null` stores what comes as it comes. */
  readonly redactor?: Redactor | null;
  /** Puts many pieces of a streamed message into one row; `null`, the default, stores each piece as a row. */
  readonly coalescing?: Coalescing | null;
  /** `fail` by default. */
  readonly whenAway?: AwayPolicy;
  /** How long to wait before a store that is away is tried again; 1,000 by default. */
  readonly retryMs?: number;
  readonly onNotice?: (notice: PipelineNotice) => void;
  /** Hears of the same as telemetry. */
  readonly onTelemetry?: OnTelemetry | null;
}

const defaultDelayMs = 200;
const defaultCharacters = 4000;
const defaultRetryMs = 1000;

/** Takes events of agents in: builds, redacts, coalesces, stores, and keeps them when the store is away. */
export class EventPipeline {
  readonly #builder: EventBuilder;
  readonly #stage: DeltaStage;
  readonly #delivery: Delivery;
  readonly #options: EventPipelineOptions;
  readonly #notify: (notice: PipelineNotice) => void;
  #timer: Canceller | null = null;
  #isClosed = false;

  constructor(options: EventPipelineOptions) {
    const { mint, sha256, store, platform, coalescing = null } = options;
    const onNotice = listenerOf(options);
    const redactor = options.redactor === undefined ? defaultRedactor() : options.redactor;
    this.#options = options;
    this.#notify = onNotice ?? (() => undefined);
    this.#builder = new EventBuilder({ mint, sha256, redactor });
    this.#stage = new DeltaStage({
      redactor,
      mint,
      rowCharacters: coalescing === null ? null : (coalescing.maxCharacters ?? defaultCharacters),
      onSecret: (event, category) => this.#tellOfSecrets(event, [category]),
    });
    this.#delivery = new Delivery({
      store,
      platform,
      whenAway: options.whenAway ?? 'fail',
      retryMs: options.retryMs ?? defaultRetryMs,
      onStored: (events) => {
        if (onNotice !== undefined) for (const event of events) onNotice({ kind: 'event_persisted', event });
      },
      onSpooled: (events) => {
        if (onNotice !== undefined) for (const event of events) onNotice({ kind: 'event_spooled', event });
      },
      onRefused: (event, error) =>
        this.#notify({ kind: 'event_rejected', sessionId: event.sessionId, error }),
    });
  }

  /**
   * Takes in one raw event. Resolves with the event as it is stored; its number is `null` when it is not in the store yet: a
   * piece of a message that waits for more, or a spooled event. Rejects with `ValidationError` and its kind for an event that is
   * refused, and with the error of the store.
   */
  async process(raw: unknown, context: EventContext): Promise<SessionEvent> {
    await this.#makeRoom();
    const built = this.#build(raw, context);
    // What another event lets out of a message was accepted before it, and is stored whatever becomes of it.
    const goBack = built.delta === null ? stay : this.#stage.checkpoint(context.sessionId);
    const { before, own } = this.#stage.accept(built);
    this.#delivery.owe(before);
    if (own === null) {
      if (before.length > 0) this.#delivery.start();
      this.#startTimer();
      return built.event;
    }
    const [stored] = await this.#send([own], [built], goBack);
    return stored ?? own;
  }

  /**
   * Takes in raw events, all or nothing: all are looked at before the first is stored, and all are stored in one append. Answers
   * each in its place; pieces of a message that are stored in one row are answered with that row.
   */
  async processBatch(raws: readonly unknown[], context: EventContext): Promise<readonly SessionEvent[]> {
    await this.#makeRoom();
    const built = raws.map((raw) => this.#build(raw, context));
    this.#delivery.owe(this.#stage.takeWaiting());
    const goBack = this.#stage.checkpoint(context.sessionId);
    const rows: SessionEvent[] = [];
    const staged = built.map((event) => {
      const one = this.#stage.accept(event);
      rows.push(...one.before);
      if (one.own !== null) rows.push(one.own);
      return one;
    });
    rows.push(...this.#stage.takeWaiting());
    const stored = new Map((await this.#send(rows, built, goBack)).map((event) => [event.id, event]));
    return staged.map(({ own, row }, index) => {
      const event = own ?? row?.event ?? built[index]?.event;
      if (event === undefined) throw new TypeError('a batch was staged with another length');
      return stored.get(event.id) ?? event;
    });
  }

  /** Resolves when everything that was accepted is stored, or spooled. A text that may still become a secret stays back. */
  async flush(): Promise<void> {
    this.#checkOpen();
    this.#delivery.owe(this.#stage.takeWaiting());
    await this.#delivery.flush();
  }

  /**
   * Stores everything, what was held back included, and ends. Rejects with the error of a store that is away, unless it is
   * spooled; nothing is waited for. Safe to call twice.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.abort();
    this.#delivery.owe(this.#stage.end());
    await this.#delivery.close();
  }

  /** A store that was away has to have been asked again before more is taken on. */
  async #makeRoom(): Promise<void> {
    this.#checkOpen();
    if (!this.#delivery.isStalled && !this.#delivery.isFull) return;
    await this.#delivery.flush();
    this.#checkOpen();
  }

  #build(raw: unknown, context: EventContext): BuiltEvent {
    const { sessionId, runId } = context;
    try {
      const built = this.#builder.build(raw, context);
      const { event, warnings, secrets } = built;
      if (secrets.length > 0) this.#tellOfSecrets(event, secrets);
      if (warnings.length > 0) this.#notify({ kind: 'event_validation_warning', sessionId, runId, warnings });
      return built;
    } catch (error) {
      this.#notify({ kind: 'event_rejected', sessionId, error });
      throw error;
    }
  }

  async #send(
    events: readonly SessionEvent[],
    built: readonly BuiltEvent[],
    goBack: (refused: readonly BuiltEvent[]) => void,
  ): Promise<readonly SessionEvent[]> {
    const untimed = new Set(
      built.filter(({ hasOwnId, hasOwnTime }) => hasOwnId && !hasOwnTime).map(({ event }) => event.id),
    );
    try {
      return await this.#delivery.send({ events, untimed });
    } catch (error) {
      goBack(built);
      throw error;
    }
  }

  #startTimer(): void {
    const { coalescing, platform } = this.#options;
    if (this.#timer !== null) return;
    const timer = platform.newCanceller();
    this.#timer = timer;
    void platform.sleep(coalescing?.maxDelayMs ?? defaultDelayMs, timer.signal).then(() => {
      this.#timer = null;
      if (timer.signal.aborted) return;
      this.#delivery.owe(this.#stage.takeWaiting());
      this.#delivery.start();
    });
  }

  #tellOfSecrets({ sessionId, runId, type }: SessionEvent, categories: readonly string[]): void {
    this.#notify({ kind: 'event_redacted', sessionId, runId, type, categories });
  }

  #checkOpen(): void {
    if (this.#isClosed) throw pipelineClosed();
  }
}

function stay(): void {
  return;
}

/** One listener for notices and for telemetry; `undefined` when nobody listens. */
function listenerOf({
  onNotice,
  onTelemetry,
  platform,
}: EventPipelineOptions): EventPipelineOptions['onNotice'] {
  const telemetry = openTelemetry(onTelemetry, platform);
  if (telemetry === null) return onNotice;
  return (notice) => {
    tellNotice(telemetry, notice);
    onNotice?.(notice);
  };
}
