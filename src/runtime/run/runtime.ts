/**
 * Decides what can be done with an open run: commands from outside become events, the loop works them off, and whoever reads
 * from outside sees what is durable and nothing else.
 */
import { checkArguments, checkOptionNames, deepFreeze, type JsonObject } from '../../base/index.ts';
import type { Tool } from '../../effects/index.ts';
import { checkEmittedType, type GraphReader, type GraphWriter, readerOf } from '../../graph/index.ts';
import { decodeEvent, eventNotFound, type Lease, type LogEvent, type LogStore } from '../../log/index.ts';
import type { Behavior, PendingApproval } from '../behavior.ts';
import type { Bundle } from '../bundle.ts';
import { diffRuns } from '../diff/diff-runs.ts';
import type { RunDiff } from '../diff/run-diff.ts';
import type { Engine } from '../engine.ts';
import { checkFunction, checkObject, checkText } from '../entry-checks.ts';
import { ApprovalNotFoundError } from '../errors.ts';
import { approveIn, denyIn, notPending } from './decide-approval.ts';
import { lookUp } from '../look-up.ts';
import { Drive } from './drive.ts';
import type { RunFailure } from './failure.ts';
import { install } from './install.ts';
import { promoteFork } from '../promote/promote-fork.ts';
import type { Promotion } from '../promote/promotion.ts';
import type { EventListener, Listeners } from './listeners.ts';
import { mutation } from './mutation.ts';
import type { Snapshots } from '../snapshot/snapshots.ts';
import { forkOptionNames, type ForkRequest } from './options.ts';
import { summariesOf } from './attach-opening.ts';
import { Patience } from '../patience.ts';
import { checkRecent, type RuntimeStatus, statusOf } from './status.ts';

export interface RuntimeParts {
  readonly engine: Engine;
  readonly store: LogStore;
  readonly lease: Lease;
  readonly cancel: () => void;
  readonly listeners: Listeners;
  readonly snapshots: Snapshots;
  /** True when closing the runtime closes the store too. */
  readonly ownsStore: boolean;
  readonly withoutMissing: boolean;
  /** Opens another run of the same store, with what this one was opened with where the request says nothing else. */
  readonly openFork: (fork: ForkRequest) => Promise<Runtime>;
}

/**
 * One run, open for writing; close it after use. Every method rejects with `RuntimeClosedError` after `close`, and after a
 * commit has failed, with what failed as its cause. Inside a handler use the handler's own `graph`: a command of the runtime
 * waits there for the handler that waits for it. Where that can be told it is refused with `IncompatibleRuntimeState`.
 */
export class Runtime {
  readonly runId: string;
  /**
   * The durable graph. Reads never show what a crash could take back. A loaded run makes it when it is first read, which throws
   * `CorruptedEventPayloadError` for an event that cannot be read, and the errors of the store when that is closed by then.
   */
  readonly graph: GraphReader;
  readonly #parts: RuntimeParts;
  readonly #engine: Engine;
  readonly #drive: Drive;
  #closing: Promise<void> | null = null;

  constructor(parts: RuntimeParts) {
    const { engine, store, listeners, lease, snapshots } = parts;
    this.#parts = parts;
    this.#engine = engine;
    this.runId = engine.runId;
    this.graph = readerOf(engine.journal.tables);
    this.#drive = new Drive({
      engine,
      store,
      listeners,
      snapshots,
      epoch: lease.epoch,
      withoutMissing: parts.withoutMissing,
    });
  }

  /** Sets a goal and works until nothing is left to do. */
  async runGoal(goal: string, options: { readonly actor?: string } = {}): Promise<RuntimeStatus> {
    checkText('the goal of `runGoal`', goal);
    checkObject('the options of `runGoal`', options);
    this.#drive.checkDrivers();
    await this.emit('goal.created', { goal }, options);
    return this.runUntilIdle();
  }

  /**
   * Adds an event from outside. It is durable when this resolves; behaviors react at the next run, or in the one that is going
   * on. Rejects with `NonSerializableEventError` and `ReservedEventTypeError`.
   */
  async emit(
    type: string,
    payload: object = {},
    options: { readonly actor?: string; readonly causedBy?: string } = {},
  ): Promise<LogEvent> {
    // An empty one is refused with the types that do not fit into an event.
    if (type !== '') checkText('the type of an event', type);
    checkObject('the options of `emit`', options);
    const { actor = 'user', causedBy = null } = options;
    return this.#drive.immediately(() => {
      checkEmittedType(type);
      return deepFreeze(this.#engine.journal.append({ type, payload, actor, causedBy }));
    });
  }

  /**
   * Changes the graph from outside, all or nothing: what `change` does is appended together, or not at all when it throws.
   * `change` runs between two events of the loop and may not wait for anything.
   */
  async mutate<Result>(
    change: (graph: GraphWriter) => Result,
    options: { readonly actor?: string } = {},
  ): Promise<Result> {
    checkFunction('the change of `mutate`', change);
    checkObject('the options of `mutate`', options);
    return this.#drive.command(() => mutation(this.#engine, change, options.actor ?? 'system'));
  }

  /** Works until the queue is empty or the budget is used up. */
  async runUntilIdle(): Promise<RuntimeStatus> {
    await this.#drive.run(null);
    return this.status();
  }

  /** Works until `isReached` holds for the durable graph, or nothing is left to do. Stopping early writes no idle event. */
  async runUntil(isReached: (graph: GraphReader) => boolean): Promise<RuntimeStatus> {
    checkFunction('the condition of `runUntil`', isReached);
    await this.#drive.run(() => isReached(this.graph));
    return this.status();
  }

  /** What the run says about itself, with the last `recent` events: 20 by default, 512 at most. */
  async status(options: { readonly recent?: number } = {}): Promise<RuntimeStatus> {
    checkObject('the options of `status`', options);
    const recent = checkRecent(options.recent ?? 20);
    this.#drive.checkOpen();
    const queueDepth = await this.#drive.queueDepth();
    await this.#drive.settle();
    const { state, budget, journal, frame } = this.#engine;
    const { isRunning } = this.#drive;
    return statusOf({
      runId: this.runId,
      state,
      budget,
      nowMs: journal.nowMs(),
      isRunning,
      ...(isRunning ? {} : { queueDepth }),
      frameGoal: frame?.goal ?? null,
      behaviors: summariesOf(this.#engine),
      recent,
    });
  }

  /** Failures of behaviors that are durable, oldest first. */
  get errors(): readonly RunFailure[] {
    const { state, journal } = this.#engine;
    return state.failures.filter(({ seq }) => seq <= journal.durableSeq).map(({ failure }) => failure);
  }

  /** What waits for somebody's decision. */
  async approvals(): Promise<readonly PendingApproval[]> {
    await this.#drive.settle();
    return [...this.#engine.state.approvals.values()];
  }

  /** Grants a proposal: its object is added in the name of `by`. Resolves to the object's id. Rejects with `ApprovalNotFoundError`. */
  async approve(approvalId: string, options: { readonly by: string }): Promise<string> {
    checkText('the id of an approval', approvalId);
    checkObject('the options of `approve`', options);
    checkText('the name of who approves', options.by);
    return this.#decide(approvalId, () => approveIn(this.#engine, approvalId, options.by));
  }

  /** Denies a proposal for good. Rejects with `ApprovalNotFoundError`. */
  async deny(approvalId: string, options: { readonly by: string; readonly reason?: string }): Promise<void> {
    checkText('the id of an approval', approvalId);
    checkObject('the options of `deny`', options);
    checkText('the name of who denies', options.by);
    await this.#decide(approvalId, () => denyIn(this.#engine, approvalId, options.by, options.reason ?? ''));
  }

  /** What is not pending was decided before, or never proposed: the log tells which. */
  async #decide<Result>(approvalId: string, act: () => Result): Promise<Result> {
    try {
      return await this.#drive.command(act);
    } catch (error) {
      if (!(error instanceof ApprovalNotFoundError)) throw error;
      const { runId } = this;
      const pending = (await this.approvals()).map(({ id }) => id);
      throw await notPending(this.#parts.store, { runId, approvalId, pending });
    }
  }

  /** Brings a bundle of behaviors, tools and types in; packs are loaded through this. Durable when it resolves. */
  async install(bundle: Bundle): Promise<void> {
    checkArguments('install', { bundle: [bundle, 'with behaviors'] });
    await this.#drive.command(() => install(this.#engine, bundle));
  }

  /** `pack.loaded` and `pack.settings_overridden` payloads of the log, in order. */
  get packHistory(): { readonly loaded: readonly JsonObject[]; readonly overrides: readonly JsonObject[] } {
    return { loaded: [...this.#engine.state.packs], overrides: [...this.#engine.state.settingOverrides] };
  }

  /** What is installed, for whoever wants to install more beside it. */
  get installed(): {
    readonly behaviors: readonly string[];
    readonly tools: readonly string[];
    readonly policies: readonly string[];
    readonly owners: readonly string[];
  } {
    const { behaviors, tools, policies, settings } = this.#engine;
    return {
      behaviors: behaviors.map(({ name }) => name),
      tools: [...tools.keys()],
      policies: policies.map(({ name }) => name),
      owners: [...settings.keys()],
    };
  }

  /**
   * A behavior by its full name, or by its short one where that is unique. Throws `BehaviorNotFoundError` and
   * `AmbiguousBehaviorError`.
   */
  behavior(name: string): Behavior {
    checkText('the name of a behavior', name);
    return lookUp('behavior', this.#engine.behaviors, name);
  }

  /** A tool, found as `behavior` finds behaviors. Throws `ToolNotFoundError` and `AmbiguousToolError`. */
  tool(name: string): Tool {
    checkText('the name of a tool', name);
    return lookUp('tool', [...this.#engine.tools.values()], name);
  }

  /** The pack that declared a type of objects or relations; `undefined` when nobody did, `null` for the program itself. */
  ownerOfType(kind: 'object' | 'relation', name: string): string | null | undefined {
    const { types } = this.#engine;
    return kind === 'object' ? types.ownerOfObject(name) : types.ownerOfRelation(name);
  }

  /**
   * Forks this run and opens the fork. Answers that this run recorded are served before anybody is asked. Rejects with
   * `EventNotFoundError`, with `InvalidRuntimeConfiguration` for an event among the changes of one behavior, and with
   * `InvalidOverrideError` for settings that a pack does not take; there is no fork then.
   */
  async fork(request: ForkRequest): Promise<Runtime> {
    checkObject('the request of `fork`', request);
    checkOptionNames('fork', request, forkOptionNames);
    checkText('`atEvent` of `fork`', request.atEvent);
    await this.#drive.settle();
    return this.#parts.openFork(request);
  }

  /**
   * How another run of the same store differs from this one: `left` is this run. Both are compared as far as they are durable.
   * Rejects with `RunNotFoundError`.
   */
  async diff(other: Runtime | string): Promise<RunDiff> {
    checkArguments('diff', { other: [other, 'text', 'with runId'] });
    await this.#drive.settle();
    if (typeof other === 'string') return diffRuns(this.#parts.store, this.runId, other);
    await other.head();
    return diffRuns(this.#parts.store, this.runId, other.runId);
  }

  /**
   * Takes the changes of a direct fork into this run, in the name of `by`: all of them in one commit, or none. Behaviors react
   * at the next run. What was promoted before is not promoted again; without new changes nothing is written. Rejects with
   * `PromoteConflictError` when this run has changed the same things, and with `PromoteLineageError`.
   */
  async promote(fork: Runtime | string, options: { readonly by: string }): Promise<Promotion> {
    checkArguments('promote', { fork: [fork, 'text', 'with runId'] });
    checkObject('the options of `promote`', options);
    checkText('`by` of `promote`', options.by);
    await this.#drive.settle();
    if (typeof fork !== 'string') await fork.head();
    return promoteFork(this.#engine, {
      store: this.#parts.store,
      forkId: typeof fork === 'string' ? fork : fork.runId,
      by: options.by,
      command: async (act) => this.#drive.command(act),
    });
  }

  /** The durable events of the run, in order. */
  async *events(): AsyncIterable<LogEvent> {
    await this.#drive.settle();
    for await (const page of this.#parts.store.read(this.runId)) {
      for (const stored of page) yield decodeEvent(stored, this.runId, this.#engine.forms);
    }
  }

  /** One event by id. Rejects with `EventNotFoundError`. */
  async event(eventId: string): Promise<LogEvent> {
    checkText('the id of an event', eventId);
    await this.#drive.settle();
    const stored = await this.#parts.store.get(this.runId, eventId);
    if (stored === undefined) throw eventNotFound({ eventId, logId: this.runId, operation: 'event' });
    return decodeEvent(stored, this.runId, this.#engine.forms);
  }

  /**
   * Calls back with events as they become durable. Returns the function that ends it. A listener that throws does not disturb
   * the run: what it threw is thrown by the next call that runs or changes it.
   */
  onEvents(listener: EventListener): () => void {
    checkFunction('the listener of `onEvents`', listener);
    return this.#parts.listeners.add(listener);
  }

  /** Chain hash and length of the durable log. */
  async head(): Promise<{ readonly seq: number; readonly hash: string }> {
    await this.#drive.settle();
    const { seq, hash } = await this.#parts.store.head(this.runId);
    return { seq, hash };
  }

  /**
   * Ends the runtime, whatever it waits for: an invocation that waits for the outside is left open in the log and is taken up
   * again by the next `load`. Safe to call twice. Rejects with `RuntimeClosedError` when the last commit failed, or when the
   * store has not answered after 30 seconds.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { cancel, store, lease, snapshots, ownsStore } = this.#parts;
    const patience = new Patience(this.#engine.platform, this.runId);
    try {
      await this.#drive.end(cancel, patience);
      await patience.waitFor(snapshots.end());
    } finally {
      // A store that failed, or was closed before, may not be able to: the claim lapses by itself then.
      await patience.waitFor(store.release(lease)).catch(() => undefined);
      if (ownsStore) await patience.waitFor(store.close()).finally(() => patience.end());
      else patience.end();
    }
  }
}
