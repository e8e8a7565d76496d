/**
 * Decides what can be done with an open run: commands from outside become events, the loop works them off, and whoever reads
 * from outside sees what is durable and nothing else.
 */
import { formatInstant, IncompatibleRuntimeState, type JsonObject, seqOfEventId } from '../../base/index.ts';
import type { ModelProvider, Tool } from '../../effects/index.ts';
import { Changes, type GraphReader, type GraphWriter, Overlay, readerOf } from '../../graph/index.ts';
import { decodeEvent, eventNotFound, type Lease, type LogEvent, type LogStore } from '../../log/index.ts';
import { approvalIdOf, deny, grant } from './approvals.ts';
import type { Behavior, PendingApproval } from '../behavior.ts';
import type { Budget } from '../budget.ts';
import type { Engine } from '../engine.ts';
import { approvalNotFound, runtimeClosed } from '../errors.ts';
import { type Bundle, install } from './install.ts';
import { Loop } from '../loop.ts';
import { recordOpening, summariesOf } from './opening.ts';
import type { RunFailure } from './run-state.ts';
import { type RuntimeStatus, statusOf } from './status.ts';

export interface RuntimeParts {
  readonly engine: Engine;
  readonly store: LogStore;
  readonly lease: Lease;
  readonly cancel: () => void;
  readonly listeners: Set<(events: readonly LogEvent[]) => void>;
  /** True when closing the runtime closes the store too. */
  readonly ownsStore: boolean;
  /** Opens another run of the same store with what this one was given, as far as the request says nothing else. */
  readonly openFork: (fork: ForkRequest) => Promise<Runtime>;
}

export interface ForkRequest {
  /** Id of the last event that the fork shares. */
  readonly atEvent: string;
  readonly label?: string;
  /** A new id is made when this is left out. */
  readonly runId?: string;
  /** What the fork is driven by, and what it may use, where that differs from its parent. */
  readonly behaviors?: readonly Behavior[];
  readonly tools?: readonly Tool[];
  readonly model?: ModelProvider;
  readonly budget?: Budget;
}

/** One run, open for writing. Made by `openRuntime`; close it after use. */
export class Runtime {
  readonly runId: string;
  /** The durable graph. Reads never show what a crash could take back. */
  readonly graph: GraphReader;
  readonly #parts: RuntimeParts;
  readonly #engine: Engine;
  readonly #loop: Loop;
  #pending: (() => void)[] = [];
  #running: Promise<void> | null = null;
  #isOpeningRecorded = false;
  #closing: Promise<void> | null = null;

  constructor(parts: RuntimeParts) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.runId = parts.engine.runId;
    this.graph = readerOf(parts.engine.journal.tables);
    this.#loop = new Loop(parts.engine, parts.store);
  }

  /** Sets a goal and works until nothing is left to do. */
  async runGoal(goal: string, options: { readonly actor?: string } = {}): Promise<RuntimeStatus> {
    await this.emit('goal.created', { goal }, { actor: options.actor ?? 'user' });
    return this.runUntilIdle();
  }

  /** Adds an event from outside. It is durable when this resolves; behaviors react at the next run. */
  async emit(
    type: string,
    payload: object = {},
    options: { readonly actor?: string; readonly causedBy?: string } = {},
  ): Promise<LogEvent> {
    const { actor = 'user', causedBy = null } = options;
    return this.#command(() => this.#engine.journal.append({ type, payload, actor, causedBy }));
  }

  /**
   * Changes the graph from outside, all or nothing: what `change` does is appended together, or not at all when it throws.
   * `change` runs at once and may not wait for anything.
   */
  async mutate<Result>(
    change: (graph: GraphWriter) => Result,
    options: { readonly actor?: string } = {},
  ): Promise<Result> {
    return this.#command(() => {
      const { journal, state, types } = this.#engine;
      let isOver = false;
      const changes = new Changes(new Overlay(journal.overlay), state.counters, {
        actor: options.actor ?? 'system',
        causedBy: null,
        frameId: journal.frameId,
        timestamp: formatInstant(journal.nowMs()),
        types,
        checkGate: () => undefined,
        checkOpen: () => {
          if (isOver) throw this.#afterwards();
        },
        origin: () => ({}),
      });
      const result = change(changes.writer());
      isOver = true;
      journal.appendGroup(changes.drafts);
      return result;
    });
  }

  /** Works until the queue is empty or the budget is used up. */
  async runUntilIdle(): Promise<RuntimeStatus> {
    await this.#run(null);
    return this.status();
  }

  /** Works until `isReached` holds for the durable graph, or nothing is left to do. Stopping early writes no idle event. */
  async runUntil(isReached: (graph: GraphReader) => boolean): Promise<RuntimeStatus> {
    await this.#run(() => isReached(this.graph));
    return this.status();
  }

  /** What the run says about itself, with the last `recent` events (20 by default). */
  async status(options: { readonly recent?: number } = {}): Promise<RuntimeStatus> {
    await this.#settle();
    const { state, budget, journal, frame } = this.#engine;
    return statusOf({
      runId: this.runId,
      state,
      budget,
      nowMs: journal.nowMs(),
      isRunning: this.#running !== null,
      frameGoal: frame?.goal ?? null,
      behaviors: summariesOf(this.#engine),
      recent: options.recent ?? 20,
    });
  }

  /** Failures of behaviors, oldest first. */
  get errors(): readonly RunFailure[] {
    const { state, journal } = this.#engine;
    return state.failures.filter(({ failedEventId }) => (seqOfEventId(failedEventId) ?? 0) <= journal.durableSeq);
  }

  /** What waits for somebody's decision. */
  async approvals(): Promise<readonly PendingApproval[]> {
    await this.#settle();
    return [...this.#engine.state.approvals.values()];
  }

  /** Grants a proposal: its object is added in the name of `by`. Resolves to the object's id. Rejects with `ApprovalNotFoundError`. */
  async approve(approvalId: string, options: { readonly by: string }): Promise<string> {
    return this.#command(() => {
      const approval = this.#pendingApproval(approvalId);
      const { journal, state, types } = this.#engine;
      const made = grant(approval, options.by, {
        objectNumber: state.counters.object + 1,
        grantEventId: journal.nextEventId,
        frameId: journal.frameId,
        timestamp: formatInstant(journal.nowMs()),
        types,
      });
      journal.appendGroup(made.drafts);
      return made.objectId;
    });
  }

  /** Denies a proposal for good. Rejects with `ApprovalNotFoundError`. */
  async deny(approvalId: string, options: { readonly by: string; readonly reason?: string }): Promise<void> {
    await this.#command(() =>
      this.#engine.journal.appendGroup([
        deny(this.#pendingApproval(approvalId), options.by, options.reason ?? ''),
      ]),
    );
  }

  /** Brings a bundle of behaviors, tools and types in; packs are loaded through this. Durable when it resolves. */
  async install(bundle: Bundle): Promise<void> {
    await this.#command(() => install(this.#engine, bundle));
  }

  /** `pack.loaded` and `pack.settings_overridden` payloads of the log, in order. */
  get packHistory(): { readonly loaded: readonly JsonObject[]; readonly overrides: readonly JsonObject[] } {
    return { loaded: [...this.#engine.state.packs], overrides: [...this.#engine.state.settingOverrides] };
  }

  /** What is installed, for whoever wants to install more beside it. */
  get installed(): {
    readonly behaviors: readonly string[];
    readonly tools: readonly string[];
    readonly owners: readonly string[];
  } {
    const { behaviors, tools, settings } = this.#engine;
    return {
      behaviors: behaviors.map(({ name }) => name),
      tools: [...tools.keys()],
      owners: [...settings.keys()],
    };
  }

  /** The pack that declared a type of objects or relations; `undefined` when nobody did, `null` for the program itself. */
  ownerOfType(kind: 'object' | 'relation', name: string): string | null | undefined {
    return kind === 'object'
      ? this.#engine.types.ownerOfObject(name)
      : this.#engine.types.ownerOfRelation(name);
  }

  /**
   * Forks this run and opens the fork with the behaviors of the program, or with those of the request; packs are to be loaded
   * again. Recorded answers are served before anybody is asked.
   */
  async fork(request: ForkRequest): Promise<Runtime> {
    await this.#settle();
    return this.#parts.openFork(request);
  }

  /** The durable events of the run, in order. */
  async *events(): AsyncIterable<LogEvent> {
    await this.#settle();
    for await (const page of this.#parts.store.read(this.runId)) {
      for (const stored of page) yield decodeEvent(stored, this.runId);
    }
  }

  /** One event by id. Rejects with `EventNotFoundError`. */
  async event(eventId: string): Promise<LogEvent> {
    await this.#settle();
    const stored = await this.#parts.store.get(this.runId, eventId);
    if (stored === undefined) throw eventNotFound({ eventId, logId: this.runId, operation: 'event' });
    return decodeEvent(stored, this.runId);
  }

  /** Calls back with events as they become durable. Returns the function that ends it. */
  onEvents(listener: (events: readonly LogEvent[]) => void): () => void {
    this.#parts.listeners.add(listener);
    return () => this.#parts.listeners.delete(listener);
  }

  /** Chain hash and length of the durable log. */
  async head(): Promise<{ readonly seq: number; readonly hash: string }> {
    await this.#settle();
    const { seq, hash } = await this.#parts.store.head(this.runId);
    return { seq, hash };
  }

  /**
   * Ends the runtime. Waits for the commit under way; an invocation that waits for the outside is left open in the log and is
   * taken up again by the next `load`. Safe to call twice.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { cancel, store, lease, ownsStore } = this.#parts;
    const { journal } = this.#engine;
    cancel();
    // How the loop ended is told to whoever drives it; here it only has to be over.
    await this.#running?.catch(() => undefined);
    // A store that failed cannot be asked for anything; its lease runs out.
    if (journal.failure === null) {
      await journal.flush();
      await store.release(lease);
    }
    if (ownsStore) await store.close();
  }

  /** Runs a command between two events of the loop, or at once when the loop is at rest; resolves when it is durable. */
  async #command<Result>(act: () => Result): Promise<Result> {
    this.#checkOpen();
    if (this.#running === null) {
      const result = act();
      await this.#settle();
      return result;
    }
    return new Promise<Result>((resolve, reject) => {
      this.#pending.push(() => {
        let result: Result;
        try {
          result = act();
        } catch (error) {
          reject(error);
          return;
        }
        this.#engine.journal.flush().then(() => resolve(result), reject);
      });
    });
  }

  #takeCommands(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const command of pending) command();
  }

  async #run(shouldStop: (() => boolean) | null): Promise<void> {
    for (;;) {
      this.#checkOpen();
      if (this.#running === null) break;
      await this.#running;
      if (shouldStop?.() === true) return;
      if (!this.#engine.state.hasQueued) return;
    }
    this.#running = this.#drive(shouldStop).finally(() => {
      this.#running = null;
      this.#takeCommands();
    });
    await this.#running;
  }

  async #drive(shouldStop: (() => boolean) | null): Promise<void> {
    try {
      if (!this.#isOpeningRecorded) {
        await recordOpening(this.#parts.store, this.#engine, this.#parts.lease.epoch);
        this.#isOpeningRecorded = true;
      }
      await this.#loop.run(shouldStop, () => this.#takeCommands());
    } catch (error) {
      const { journal, signal } = this.#engine;
      if (journal.failure !== null) throw this.#closeAfterFailure(journal.failure);
      // `close()` ended it while it was waiting: that is an end, not a failure.
      if (!signal.aborted) throw error;
    }
  }

  #closeAfterFailure(cause: unknown): Error {
    this.#parts.cancel();
    return runtimeClosed({ runId: this.runId, cause });
  }

  /** Ends the batch, so that whoever asks sees all of it or nothing. */
  async #settle(): Promise<void> {
    this.#checkOpen();
    try {
      await this.#engine.journal.flush();
    } catch (error) {
      throw this.#closeAfterFailure(error);
    }
  }

  #pendingApproval(approvalId: string): PendingApproval {
    const { approvals } = this.#engine.state;
    const approval = approvals.get(approvalIdOf(approvalId));
    if (approval === undefined) throw approvalNotFound({ approvalId, pending: [...approvals.keys()] });
    return approval;
  }

  #checkOpen(): void {
    const { journal, signal } = this.#engine;
    if (journal.failure !== null) throw runtimeClosed({ runId: this.runId, cause: journal.failure });
    if (signal.aborted || this.#closing !== null) throw runtimeClosed({ runId: this.runId });
  }

  #afterwards(): Error {
    return new IncompatibleRuntimeState({
      summary: 'a graph writer was used after its `mutate` ended',
      whatFailed: 'A change was made through the writer of a `mutate` call that is over.',
      why: 'The changes of one `mutate` are one commit; a later change would belong to none.',
      howToFix: 'Make all changes inside the function, without waiting in it, or call `mutate` again.',
    });
  }
}
