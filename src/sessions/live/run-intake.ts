/**
 * Decides what becomes of the events that an agent tells while it works: stored through the pipeline one after another, then told to
 * whoever listens. The end of the run is not stored here: it is written with the rows, in one commit.
 */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import { intakePayload } from '../../log/index.ts';
import type { AgentEvent } from '../agents/port.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { EventPipeline } from '../pipeline/event-pipeline.ts';
import { resolveEventType } from '../pipeline/raw-event.ts';
import { isAway } from '../pipeline/spool-drain.ts';
import { fencedAppends } from './fenced-appends.ts';
import { HeardFacts } from './past/heard-facts.ts';
import { keepArtifacts } from './keep-artifacts.ts';
import { isTakenOver, type LeaseKeeper } from './lease-keeper.ts';
import type { Parts } from './parts.ts';
import { contextOf } from './session-events.ts';

/** An event as it is seen live: in the agent's own words, before secrets are taken out. */
export interface LiveEvent {
  readonly type: SessionEventType;
  /** `null` for a failure before there was a run. */
  readonly runId: string | null;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  /** Its place in the session; `null` for one that is not stored, and for a piece that is stored with its neighbours. */
  readonly sequenceNumber: number | null;
}

/** The next event waits for it. When it rejects, the run is stopped and fails with that error. */
export type OnLiveEvent = (event: LiveEvent) => void | Promise<void>;

/** Resolves with the events that were stored because of it. */
export type Weigh = (event: AgentEvent) => Promise<readonly SessionEvent[]>;

const ends: readonly SessionEventType[] = ['run_completed', 'run_failed', 'run_cancelled', 'run_timeout'];

export class RunIntake {
  readonly #parts: Parts;
  readonly #session: Session;
  readonly #runId: string;
  readonly #keeper: LeaseKeeper;
  readonly #onEvent: OnLiveEvent;
  readonly #pipeline: EventPipeline;
  /** What the agent told of the end. */
  readonly endings = new Map<SessionEventType, AgentEvent>();
  readonly heard: HeardFacts;
  /** Events that the store or the pipeline refused, and artifacts that could not be kept. */
  failures = 0;

  /** `heard` is what was told in attempts before this one. */
  constructor(
    parts: Parts,
    session: Session,
    runId: string,
    keeper: LeaseKeeper,
    given: { readonly onEvent: OnLiveEvent; readonly heard: HeardFacts | null },
  ) {
    this.#parts = parts;
    this.#session = session;
    this.#runId = runId;
    this.#keeper = keeper;
    this.#onEvent = given.onEvent;
    this.heard = given.heard ?? new HeardFacts();
    if (this.heard.provider !== parts.agent.name) this.changeAgent(parts.agent.name);
    const { coalescing, whenAway, retryMs, onNotice, onTelemetry, sha256 } = parts.options;
    this.#pipeline = new EventPipeline({
      store: fencedAppends(parts.store, session.id, keeper),
      mint: parts.mint,
      sha256,
      platform: parts.platform,
      redactor: parts.redactor,
      ...(coalescing === undefined ? {} : { coalescing }),
      ...(whenAway === undefined ? {} : { whenAway }),
      ...(retryMs === undefined ? {} : { retryMs }),
      ...(onNotice === undefined ? {} : { onNotice }),
      ...(onTelemetry === undefined ? {} : { onTelemetry }),
    });
  }

  /** Whoever weighs an event does it when it is stored, and before whoever listens is waited for. */
  async take(event: AgentEvent, weigh: Weigh | null): Promise<void> {
    await this.#keeper.hold();
    if (!isJsonObject(event.data))
      throw sessionError('validation_error', 'the data of an event of an agent must be a map');
    this.heard.note(event);
    const kept = await keepArtifacts(this.#parts, this.#session.id, this.#runId, event);
    this.failures += kept.failures;
    if (ends.includes(event.type)) {
      this.#noteEnding(kept.event);
      return;
    }
    let sequenceNumber: number | null = null;
    try {
      ({ sequenceNumber } = await this.say(kept.event));
    } catch (error) {
      if (isTakenOver(error)) throw error;
      // Told as a notice by the pipeline, counted in the run: one event that is refused does not end the work of an agent.
      this.failures += 1;
    }
    const said = weigh === null ? [] : await weigh(event);
    await this.tell(event, sequenceNumber);
    for (const own of said) await this.tell(own, own.sequenceNumber);
  }

  /** One that cannot be stored is told by the run itself, in its own words. */
  #noteEnding(event: AgentEvent): void {
    try {
      this.endings.set(event.type, { ...event, data: intakePayload(event.data).value });
    } catch {
      this.failures += 1;
    }
  }

  /** Stores an event behind those of the agent. Rejects when it is refused, or the store is away. */
  async say(event: AgentEvent): Promise<SessionEvent> {
    return this.#pipeline.process(event, contextOf(this.#session, this.#runId, this.agent));
  }

  async tell(event: AgentEvent, sequenceNumber: number | null): Promise<void> {
    const { data, metadata = {} } = event;
    const type = resolveEventType(event.type);
    await this.#onEvent({ type, runId: this.#runId, data, metadata, sequenceNumber });
  }

  /** The agent that works now. */
  get agent(): string {
    return this.heard.provider ?? this.#parts.agent.name;
  }

  /** Another agent begins the run. */
  changeAgent(agent: string): void {
    this.heard.changeProvider(agent, this.#parts.mint.now());
    this.endings.clear();
  }

  /** Stores what is still held back. Rejects while the store is away. */
  async close(): Promise<void> {
    try {
      await this.#pipeline.close();
    } catch (error) {
      if (isAway(error) || isTakenOver(error)) throw error;
      this.failures += 1;
    }
  }
}
