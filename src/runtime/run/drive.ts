/**
 * Decides when the loop runs and when commands from outside get their turn: one drive at a time, commands between two of its
 * events, nothing after the end.
 */
import type { LogStore } from '../../log/index.ts';
import type { Engine } from '../engine.ts';
import { runtimeClosed } from '../errors.ts';
import { Loop } from '../loop.ts';
import type { Snapshots } from '../snapshot/snapshots.ts';
import type { Listeners } from './listeners.ts';
import { checkDrivers } from './missing-drivers.ts';
import { attachOpening } from './attach-opening.ts';
import type { Patience } from '../patience.ts';

export interface DriveOptions {
  readonly engine: Engine;
  readonly store: LogStore;
  readonly listeners: Listeners;
  readonly snapshots: Snapshots;
  /** Number of this opening of the run. */
  readonly epoch: number;
  /** True when the caller goes on without what the run was driven with, on purpose. */
  readonly withoutMissing: boolean;
}

export class Drive {
  readonly #engine: Engine;
  readonly #listeners: Listeners;
  readonly #snapshots: Snapshots;
  readonly #loop: Loop;
  readonly #epoch: number;
  /** Throws when what the run was driven by is not given. */
  readonly checkDrivers: () => void;
  #pending: (() => void)[] = [];
  #running: Promise<void> | null = null;
  /** Place of the log behind which this opening drives; `null` while it has not begun to. */
  #sinceSeq: number | null = null;
  readonly #behaviorsSince = new Map<string, number>();
  #isEnding = false;
  #preparing: Promise<void> | null = null;

  constructor({ engine, store, listeners, snapshots, epoch, withoutMissing }: DriveOptions) {
    this.#engine = engine;
    this.#listeners = listeners;
    this.#snapshots = snapshots;
    this.#epoch = epoch;
    const hadWork = engine.state.queueDepth > 0 || engine.state.open !== null;
    this.checkDrivers = () => {
      if (!withoutMissing) checkDrivers(engine, hadWork);
    };
    this.#loop = new Loop(engine, store);
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Events that are not worked off, as far as the behaviors that are here can tell. */
  async queueDepth(): Promise<number> {
    if (this.#preparing !== null) await this.#preparing;
    const isDone = this.#running === null && (await this.#loop.isCurrentDone());
    const { queueDepth, current } = this.#engine.state;
    return current !== null && isDone ? queueDepth - 1 : queueDepth;
  }

  /** Runs a command between two events of the loop, or at once when the loop is at rest; resolves when it is durable. */
  async command<Result>(act: () => Result): Promise<Result> {
    this.checkOpen();
    this.#engine.guest.checkOutside();
    const graph = this.#graph();
    if (graph !== null) {
      await graph;
      this.checkOpen();
    }
    if (this.#running === null) return this.immediately(act);
    return new Promise<Result>((resolve, reject) => {
      this.#pending.push(() => {
        // An async function throws nothing here: its promise rejects.
        this.immediately(act).then(resolve, reject);
      });
    });
  }

  /** Runs a command now, also while an invocation waits; for what draws no ids and reads no graph. */
  async immediately<Result>(act: () => Result): Promise<Result> {
    this.checkOpen();
    this.#engine.guest.checkOutside();
    const graph = this.#graph();
    if (graph !== null) {
      await graph;
      this.checkOpen();
    }
    // Whoever only hands something in, without behaviors, does not drive the run.
    if (this.#engine.behaviors.length > 0) this.#recordOpening();
    const result = act();
    // A bundle brings behaviors; what comes from now on they may react to.
    if (this.#sinceSeq !== null) this.#recordOpening();
    await this.#engine.journal.flush();
    this.#listeners.raise();
    return result;
  }

  /** Works until the queue is empty, the budget is used up, or `shouldStop` says so. Drives that overlap share one. */
  async run(shouldStop: (() => boolean) | null): Promise<void> {
    this.checkOpen();
    this.#engine.guest.checkOutside();
    const graph = this.#graph();
    if (graph !== null) {
      await graph;
      this.checkOpen();
    }
    while (this.#running !== null) {
      await this.#running;
      this.checkOpen();
      if (shouldStop?.() === true) return;
    }
    this.checkDrivers();
    this.#running = this.#drive(shouldStop).finally(() => {
      this.#running = null;
      this.#takeCommands();
    });
    await this.#running;
    this.#snapshots.atRest();
    this.#listeners.raise();
  }

  /** Ends the batch, so that whoever asks sees all of it or nothing; what was handed in before is part of it. */
  async settle(): Promise<void> {
    this.checkOpen();
    if (this.#preparing !== null) await this.#preparing;
    await this.#engine.journal.settle();
  }

  /**
   * Ends the drive. What was appended is durable then, unless the store fails; an invocation that waits for the outside is left
   * open in the log. When the store outlasts the patience, whoever waits for a commit
   * gets the error that this rejects with.
   */
  async end(cancel: () => void, patience: Patience): Promise<void> {
    // What was handed in before is done; who waits for a graph that cannot be made is told so.
    if (this.#preparing !== null) await this.#preparing.catch(() => undefined);
    this.#isEnding = true;
    cancel();
    try {
      await patience.waitFor(this.#endInOrder());
    } catch (error) {
      if (error instanceof Error) this.#engine.journal.giveUp(error);
      throw error;
    }
  }

  async #endInOrder(): Promise<void> {
    await this.#running?.catch(() => undefined);
    this.#takeCommands();
    const { journal, runId } = this.#engine;
    await journal.close(runtimeClosed({ runId }));
  }

  /**
   * The making of the graph, one for all who wait for it: they go on in the order in which they came. `null` when nobody has to wait.
   * Nothing is added to a run whose graph cannot be read.
   */
  #graph(): Promise<void> | null {
    const { journal, platform } = this.#engine;
    if (!journal.tables.isDeferred) return this.#preparing;
    this.#preparing ??= journal.tables.prepare(platform.pause).finally(() => {
      this.#preparing = null;
    });
    return this.#preparing;
  }

  checkOpen(): void {
    const { journal, signal, runId } = this.#engine;
    if (journal.end !== null) throw journal.end;
    if (this.#isEnding || signal.aborted) throw runtimeClosed({ runId });
  }

  #takeCommands(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const command of pending) command();
  }

  async #drive(shouldStop: (() => boolean) | null): Promise<void> {
    this.#recordOpening();
    const { observer } = this.#engine;
    observer?.driveBegan();
    try {
      await this.#loop.run(shouldStop, () => this.#takeCommands());
    } catch (error) {
      const { journal, signal } = this.#engine;
      if (journal.end !== null) throw journal.end;
      // `close()` ended it while it was waiting: that is an end, not a failure.
      if (!signal.aborted) throw error;
    } finally {
      observer?.driveEnded();
    }
  }

  /** Who drives the run is written down with the first events of it, and again when behaviors have come in. */
  #recordOpening(): void {
    const { behaviors, state } = this.#engine;
    if (this.#sinceSeq !== null && behaviors.length === this.#behaviorsSince.size) return;
    this.#sinceSeq ??= state.seq;
    for (const { name } of behaviors)
      if (!this.#behaviorsSince.has(name)) this.#behaviorsSince.set(name, state.seq);
    attachOpening(this.#engine, this.#epoch, { seq: this.#sinceSeq, behaviors: this.#behaviorsSince });
  }
}
