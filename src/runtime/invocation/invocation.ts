/**
 * Decides how one behavior reacts to one event, as a unit: started, its calls and their answers, its changes, completed. The
 * changes are held back until it has ended and are thrown away when it failed.
 */
import { deepFreeze, type JsonObject } from '../../base/index.ts';
import {
  Changes,
  type Draft,
  draft,
  type GraphWriter,
  openView,
  Overlay,
  readerOf,
  type Relation,
  type View,
} from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { Context } from '../behavior.ts';
import type { Engine, InstalledBehavior } from '../engine.ts';
import { approvalRequired, runtimeContextRequired } from '../errors.ts';
import type { Match } from '../matching.ts';
import type { OpenInvocation } from '../run/run-state.ts';
import { askModel, type ModelOutcome } from './ask-model.ts';
import type { CallScope } from './call-scope.ts';
import { changedSince } from './changed-since.ts';
import { failurePayload } from './failure-payload.ts';
import { handlerContext } from './handler-context.ts';
import { handlerInput } from './handler-input.ts';
import { completedPayload, startedEntry } from './lifecycle.ts';
import { RecordedCalls } from './recorded-calls.ts';
import { ToolCalls } from './tool-calls.ts';
import { checkStillOpen, isThenable, untilClosed } from './waiting.ts';

const noCalls: readonly LogEvent[] = [];

export class Invocation implements CallScope {
  readonly engine: Engine;
  readonly behavior: InstalledBehavior;
  readonly relation: Relation | null;
  readonly started: LogEvent;
  readonly toolRequestIds: string[] = [];
  llmRequestId: string | null = null;
  toolCallCount = 0;
  readonly #event: LogEvent;
  readonly #refusal: Match['refusal'];
  /** What an earlier process had asked and was answered. */
  readonly #earlierCalls: readonly LogEvent[];
  #recorded: RecordedCalls | null = null;
  #toolCalls: ToolCalls | null = null;
  #changes: Changes | null = null;
  #writer: GraphWriter | null = null;
  #overlay: Overlay | null = null;
  #context: Context<never> | null = null;
  #isOver = false;

  /** Starts an invocation, or takes up one that an earlier process had started. */
  constructor(engine: Engine, match: Match, event: LogEvent, open: OpenInvocation | null) {
    this.engine = engine;
    this.behavior = match.behavior;
    this.relation = match.relation;
    this.#event = event;
    this.#refusal = match.refusal;
    this.#earlierCalls = open === null ? noCalls : [...open.calls];
    this.started = open?.started ?? engine.journal.append(startedEntry(match, event));
  }

  /** Runs to the end. Returns a promise only when there is something to wait for. */
  run(): Promise<void> | undefined {
    if (this.#refusal !== undefined) {
      this.#fail(this.#refusal.thrown);
      return undefined;
    }
    const { llm } = this.behavior;
    if (llm !== null) return this.#runWaiting(() => askModel(this, llm));
    try {
      const result = this.#handle(null);
      if (isThenable(result) || this.#toolCalls?.areUnderWay === true) return this.#runWaiting(null, result);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
    this.#complete();
    return undefined;
  }

  /** Frozen for whoever looks at it: most handlers look at a part of what they are given. */
  get event(): LogEvent {
    return deepFreeze(this.#event);
  }

  get recorded(): RecordedCalls {
    this.#recorded ??= new RecordedCalls(this.#earlierCalls, (request, asked) =>
      changedSince(this.engine, request, asked),
    );
    return this.#recorded;
  }

  get graph(): GraphWriter {
    this.checkNotOver('graph');
    this.#writer ??= this.changes.writer();
    return this.#writer;
  }

  /** What the invocation has changed so far; held back until it ends. */
  get changes(): Changes {
    this.checkNotOver('graph');
    this.#changes ??= new Changes(this.#openOverlay(), this.engine.state.counters, {
      actor: this.behavior.name,
      causedBy: this.#event.id,
      frameId: this.engine.journal.frameId,
      timestamp: this.started.timestamp,
      types: this.engine.types,
      checkGate: (type) => this.#checkGate(type),
      checkOpen: () => this.checkNotOver('graph'),
      origin: () => this.#origin(),
    });
    return this.#changes;
  }

  get toolCalls(): ToolCalls {
    this.#toolCalls ??= new ToolCalls(this);
    return this.#toolCalls;
  }

  get context(): Context<never> {
    this.#context ??= handlerContext(this);
    return this.#context;
  }

  openView(): View {
    this.checkNotOver('view');
    const { state } = this.engine;
    const recent = (count: number): readonly LogEvent[] => state.recentAtStart(this.started, count);
    return openView(this.behavior.view, readerOf(this.#openOverlay()), this.event, recent);
  }

  async beforeOutside(): Promise<void> {
    await this.engine.journal.flush();
    checkStillOpen(this.engine);
  }

  checkNotOver(method: string): void {
    if (this.#isOver) throw runtimeContextRequired({ method });
  }

  #handle(outcome: ModelOutcome | null): unknown {
    const input = handlerInput(this, outcome);
    return this.engine.guest.run(this.behavior.name, () => this.behavior.run(input as never));
  }

  /** Waits for a model, then for the handler, then for the tool calls that the handler did not wait for. */
  async #runWaiting(ask: (() => Promise<ModelOutcome>) | null, running?: unknown): Promise<void> {
    let failure: { readonly thrown: unknown } | null = null;
    try {
      const result = ask === null ? running : this.#handle(await ask());
      if (isThenable(result)) await this.#waitFor(result);
    } catch (thrown) {
      failure = { thrown };
    }
    await this.#toolCalls?.ended();
    this.#isOver = true;
    checkStillOpen(this.engine);
    if (failure === null) this.#complete();
    else this.#fail(failure.thrown);
  }

  /** A handler that really waits lets others in, so what it was started on has to be durable by then. */
  async #waitFor(result: PromiseLike<unknown>): Promise<void> {
    let isWaiting = true;
    const ended = (): void => {
      isWaiting = false;
    };
    result.then(ended, ended);
    await this.engine.platform.pause();
    if (isWaiting) await this.engine.journal.flush();
    await untilClosed(this.engine, result);
  }

  #complete(): void {
    this.#isOver = true;
    const divergence = this.#recorded?.divergence ?? null;
    if (divergence !== null) {
      this.#fail(divergence);
      return;
    }
    try {
      this.#appendCompleted(this.#changes?.drafts ?? []);
    } catch (error) {
      checkStillOpen(this.engine);
      this.#fail(error);
    }
  }

  #appendCompleted(drafts: readonly Draft[]): void {
    const { behavior, relation } = this;
    const event = this.#event;
    const payload = completedPayload({
      behavior,
      event,
      relation,
      drafts,
      toolCallCount: this.toolCallCount,
    });
    const completed = draft({ type: 'behavior.completed', actor: 'runtime', causedBy: event.id, payload });
    this.engine.journal.appendGroup([...drafts, completed]);
  }

  #fail(thrown: unknown): void {
    this.#isOver = true;
    const { behavior, relation } = this;
    const event = this.#event;
    const payload = failurePayload(
      { behavior: behavior.name, eventId: event.id, relationId: relation?.id ?? null },
      thrown,
    );
    this.engine.journal.append({ type: 'behavior.failed', actor: 'runtime', causedBy: event.id, payload });
  }

  #openOverlay(): Overlay {
    this.#overlay ??= new Overlay(this.engine.journal.overlay);
    return this.#overlay;
  }

  #origin(): JsonObject {
    return {
      ...(this.llmRequestId === null ? {} : { llm_request_event_id: this.llmRequestId }),
      ...(this.toolRequestIds.length === 0 ? {} : { tool_request_event_ids: [...this.toolRequestIds] }),
    };
  }

  #checkGate(objectType: string): void {
    const policy = this.engine.policies.find(({ requiresApproval }) => requiresApproval.includes(objectType));
    if (policy !== undefined) throw approvalRequired({ objectType, policy: policy.name });
  }
}
