/**
 * Decides how one behavior reacts to one event, as a unit: started, its calls and their answers, its changes, completed. The
 * changes are held back until it has ended and are thrown away when it failed.
 */
import { deepFreeze, type JsonObject, numberedId, type Random, seededRandom } from '../../base/index.ts';
import type { ToolAnswer } from '../../effects/index.ts';
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
import { intakePayload, type LogEvent } from '../../log/index.ts';
import { askModel } from './ask-model.ts';
import type { Context } from '../behavior.ts';
import type { CallScope } from './call-scope.ts';
import { callTool } from './call-tool.ts';
import type { Engine, InstalledBehavior } from '../engine.ts';
import { approvalRequired, runtimeClosed, runtimeContextRequired } from '../errors.ts';
import { failurePayload } from './failure-payload.ts';
import type { Match } from '../matching.ts';
import { RecordedCalls } from './recorded-calls.ts';
import type { OpenInvocation } from '../run/run-state.ts';

export class Invocation implements CallScope {
  readonly engine: Engine;
  readonly behavior: InstalledBehavior;
  readonly event: LogEvent;
  readonly relation: Relation | null;
  readonly recorded: RecordedCalls;
  readonly toolRequestIds: string[] = [];
  llmRequestId: string | null = null;
  toolCallCount = 0;
  readonly #started: LogEvent;
  #changes: Changes | null = null;
  #writer: GraphWriter | null = null;
  #overlay: Overlay | null = null;
  #context: Context<never> | null = null;
  #calls: Promise<unknown> = Promise.resolve();
  #isOver = false;

  /** Starts an invocation, or takes up one that an earlier process had started. */
  constructor(engine: Engine, match: Match, event: LogEvent, open: OpenInvocation | null) {
    this.engine = engine;
    this.behavior = match.behavior;
    this.relation = match.relation;
    this.event = deepFreeze(event);
    this.recorded = new RecordedCalls(open?.calls ?? []);
    this.#started = open?.started ?? engine.journal.append(this.#startedEntry());
  }

  /** Runs to the end. Returns a promise only when there is something to wait for. */
  run(): Promise<void> | undefined {
    if (this.behavior.llm !== null) return this.#runAsking();
    try {
      const result = this.behavior.run(this.#input() as never);
      if (isThenable(result)) return this.#runWaiting(result);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
    this.#complete();
    return undefined;
  }

  get graph(): GraphWriter {
    this.#writer ??= this.#openChanges().writer();
    return this.#writer;
  }

  openView(): View {
    const overlay = this.#openOverlay();
    return openView(this.behavior.view, readerOf(overlay), this.event, (count) =>
      this.engine.state.recent.last(count),
    );
  }

  get context(): Context<never> {
    this.#context ??= this.#makeContext();
    return this.#context;
  }

  /** Whatever the outside world may see the effects of has to be durable first. */
  async beforeOutside(): Promise<void> {
    await this.engine.journal.flush();
    this.checkStillOpen();
  }

  /** A runtime that closed while somebody was waiting writes no more: the log is left as it is, ready to be resumed. */
  checkStillOpen(): void {
    const { signal, journal, runId } = this.engine;
    if (journal.failure !== null) throw runtimeClosed({ runId, cause: journal.failure });
    if (signal.aborted) throw runtimeClosed({ runId });
  }

  async #runWaiting(result: PromiseLike<unknown>): Promise<void> {
    try {
      await this.#waitFor(result);
      this.checkStillOpen();
    } catch (error) {
      this.checkStillOpen();
      this.#fail(error);
      return;
    }
    this.#complete();
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
    await result;
  }

  async #runAsking(): Promise<void> {
    try {
      const { llm } = this.behavior;
      const outcome = llm === null ? null : await askModel(this, llm);
      const result = this.behavior.run(this.#input(outcome) as never);
      if (isThenable(result)) await this.#waitFor(result);
      this.checkStillOpen();
    } catch (error) {
      this.checkStillOpen();
      this.#fail(error);
      return;
    }
    this.#complete();
  }

  /** What a handler gets; its parts are made when they are looked at. */
  #input(outcome: { readonly output: unknown; readonly rawText: string } | null = null): object {
    return new Input(this, outcome);
  }

  #complete(): void {
    this.#isOver = true;
    const drafts = this.#changes?.drafts ?? [];
    try {
      this.engine.journal.appendGroup(drafts);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.engine.journal.append({
      type: 'behavior.completed',
      actor: 'runtime',
      causedBy: this.event.id,
      payload: {
        behavior: this.behavior.name,
        event_id: this.event.id,
        ...(this.relation === null ? {} : { relation_id: this.relation.id }),
        ...countDrafts(drafts),
        ...(this.behavior.llm === null ? {} : { tool_calls: this.toolCallCount }),
      },
    });
  }

  #fail(error: unknown): void {
    this.#isOver = true;
    const payload = failurePayload(this.behavior.name, this.event.id, this.relation?.id ?? null, error);
    this.engine.journal.append({
      type: 'behavior.failed',
      actor: 'runtime',
      causedBy: this.event.id,
      payload: intakePayload(payload).value,
    });
  }

  #startedEntry(): { type: string; actor: string; causedBy: string; payload: JsonObject } {
    const common = {
      behavior: this.behavior.name,
      event_id: this.event.id,
      triggering_event_type: this.event.type,
    };
    if (this.relation !== null) {
      const payload = { ...common, relation_type: this.relation.type, relation_id: this.relation.id };
      return { type: 'relation_behavior.started', actor: 'runtime', causedBy: this.event.id, payload };
    }
    const object = this.event.payload['object'];
    const objectId =
      typeof object === 'object' && object !== null && 'id' in object && typeof object.id === 'string'
        ? object.id
        : null;
    return {
      type: 'behavior.started',
      actor: 'runtime',
      causedBy: this.event.id,
      payload: { ...common, triggering_object_id: objectId },
    };
  }

  #openOverlay(): Overlay {
    this.#overlay ??= new Overlay(this.engine.journal.overlay);
    return this.#overlay;
  }

  #openChanges(): Changes {
    if (this.#isOver) throw runtimeContextRequired({ method: 'graph' });
    this.#changes ??= new Changes(this.#openOverlay(), this.engine.state.counters, {
      actor: this.behavior.name,
      causedBy: this.event.id,
      frameId: this.engine.journal.frameId,
      timestamp: this.#started.timestamp,
      types: this.engine.types,
      checkGate: (type) => this.#checkGate(type),
      checkOpen: () => this.#checkNotOver('graph'),
      origin: () => ({
        ...(this.llmRequestId === null ? {} : { llm_request_event_id: this.llmRequestId }),
        ...(this.toolRequestIds.length === 0 ? {} : { tool_request_event_ids: [...this.toolRequestIds] }),
      }),
    });
    return this.#changes;
  }

  #checkNotOver(method: string): void {
    if (this.#isOver) throw runtimeContextRequired({ method });
  }

  #checkGate(objectType: string): void {
    const policy = this.engine.policies.find(({ requiresApproval }) => requiresApproval.includes(objectType));
    if (policy !== undefined) throw approvalRequired({ objectType, policy: policy.name });
  }

  #makeContext(): Context<never> {
    const { engine, behavior } = this;
    const seed = [engine.seed, this.event.id, behavior.name, this.relation?.id ?? ''].join('\n');
    let random: Random | null = null;
    return Object.freeze({
      behavior: behavior.name,
      frame: engine.frame,
      settings: behavior.settings as never,
      packSettings: (name: string) => engine.settings.get(name),
      get random() {
        random ??= seededRandom(engine.platform.sha256(seed));
        return random;
      },
      timestamp: this.#started.timestamp,
      signal: engine.signal,
      callTool: (name: string, args: object) => this.#callTool(name, args),
      proposeObject: (type: string, data: object, reason = '') => this.#proposeObject(type, data, reason),
    });
  }

  /** Calls of one handler go one after the other, whatever it awaits: so their order in the log is always the same. */
  #callTool(name: string, args: object): Promise<ToolAnswer> {
    const taken = intakePayload(args).value;
    const call = this.#calls.then(() => {
      this.#checkNotOver('ctx.callTool');
      this.toolCallCount += 1;
      return callTool(this, { name, args: taken, callId: null, causedBy: this.event.id });
    });
    this.#calls = call.catch(() => undefined);
    return call;
  }

  #proposeObject(type: string, data: object, reason: string): string {
    this.#checkNotOver('ctx.proposeObject');
    const changes = this.#openChanges();
    const checked = this.engine.types.checkObject(type, intakePayload(data).value);
    changes.counters.approval += 1;
    const id = numberedId('approval', changes.counters.approval);
    const pack = this.behavior.owner;
    const payload = { approval_id: id, object_type: type, reason, pack, data: checked };
    changes.drafts.push(
      draft({ type: 'approval.proposed', payload, actor: 'runtime', causedBy: this.event.id, subject: id }),
    );
    return id;
  }
}

class Input {
  readonly event: LogEvent;
  readonly relation: Relation | null;
  readonly output: unknown;
  readonly rawText: string | null;
  readonly #invocation: Invocation;

  constructor(
    invocation: Invocation,
    outcome: { readonly output: unknown; readonly rawText: string } | null,
  ) {
    this.#invocation = invocation;
    this.event = invocation.event;
    this.relation = invocation.relation;
    this.output = outcome?.output;
    this.rawText = outcome?.rawText ?? null;
  }

  get graph(): GraphWriter {
    return this.#invocation.graph;
  }

  get view(): View {
    return this.#invocation.openView();
  }

  get ctx(): Context<never> {
    return this.#invocation.context;
  }
}

function countDrafts(drafts: readonly Draft[]): JsonObject {
  const counts = {
    objects_created: 0,
    relations_created: 0,
    patches_applied: 0,
    patches_proposed: 0,
    events_emitted: 0,
  };
  for (const { type } of drafts) {
    if (type === 'object.created') counts.objects_created += 1;
    else if (type === 'relation.created') counts.relations_created += 1;
    else if (type === 'patch.applied') counts.patches_applied += 1;
    else if (type === 'patch.proposed') counts.patches_proposed += 1;
    else if (!graphTypes.has(type)) counts.events_emitted += 1;
  }
  return counts;
}

const graphTypes = new Set(['object.removed', 'relation.removed', 'patch.rejected', 'approval.proposed']);

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
