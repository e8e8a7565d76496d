/**
 * Decides how the runs of one session wait for each other: first in, first out, so many at a time; how the session is followed
 * meanwhile; and how all of it comes to rest. Only what waits, works, or ended lately is kept in memory.
 */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import { sessionError, sessionErrorCode } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { SessionStore } from '../store/port.ts';
import {
  type FollowedSession,
  type FollowOptions,
  type FollowPlatform,
  followSession,
} from './follow-session.ts';
import {
  openTelemetry,
  type OnTelemetry,
  type TelemetryName,
  type TelemetryOutlet,
  type TelemetryPlatform,
} from '../telemetry/telemetry.ts';
import { storedOutcome, storedRun } from './past/stored-outcome.ts';
import type { RunLimiter } from './run-limiter.ts';
import type { SessionManager } from './session-manager.ts';
import type { RunOptions, RunResult } from './work-on-run.ts';

/** Manager, store and session of a server, and how many runs it takes at once and in its queue. */
export interface SessionServerOptions {
  readonly manager: SessionManager;
  readonly store: SessionStore;
  readonly platform: FollowPlatform & TelemetryPlatform;
  /** An existing session; it is activated. */
  readonly sessionId: string;
  /** 1 by default. */
  readonly maxConcurrentRuns?: number;
  /** Runs that wait; 100 by default. */
  readonly maxQueuedRuns?: number;
  /** Shared by the servers of a process. A run that it refuses when its turn comes ends as cancelled, with `MaxRunsExceededError`. */
  readonly limiter?: RunLimiter;
  /** Hears of the server, its queue and its cancels. */
  readonly onTelemetry?: OnTelemetry | null;
  /** For every run; what `submitRun` gets goes before it. */
  readonly runOptions?: RunOptions;
}

/** What a session's server has at work and in its queue. */
export interface ServerStatus {
  readonly sessionId: string;
  readonly inFlightRuns: readonly string[];
  readonly queuedRuns: readonly string[];
  readonly maxConcurrentRuns: number;
  readonly maxQueuedRuns: number;
  readonly subscribers: number;
}

type ServerTelling = TelemetryName extends infer Name
  ? Name extends `runtime.session_server.${infer What}`
    ? What
    : never
  : never;

interface Task {
  readonly runId: string;
  readonly options: RunOptions;
  readonly outcome: Promise<RunResult>;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Outcomes that are kept for those who ask late; older ones are read from the store. */
const keptOutcomes = 100;
const defaultAwaitMs = 60_000;

/** Runs of one session in a queue, and subscribers to their events. */
export class SessionServer {
  readonly #options: SessionServerOptions;
  readonly #slots: number;
  readonly #places: number;
  /** In the order of the calls. */
  readonly #queue = new Map<string, Task>();
  /** Runs that are being stored before they wait. */
  #coming = 0;
  readonly #tasks = new Map<string, Task>();
  /** Those of the tasks that have ended, the oldest first. */
  readonly #over: string[] = [];
  readonly #inFlight = new Set<string>();
  readonly #followers = new Set<FollowedSession>();
  readonly #telemetry: TelemetryOutlet | null;
  #isDraining = false;
  #closing: Promise<void> | null = null;
  #whenIdle: (() => void)[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: SessionServerOptions) {
    this.#options = options;
    this.#slots = options.maxConcurrentRuns ?? 1;
    this.#places = options.maxQueuedRuns ?? 100;
    this.#telemetry = openTelemetry(options.onTelemetry, options.platform);
    this.#tell('start', null);
  }

  /** Rejects with `ValidationError` for a number of slots or places that is none, and with what activating the session says. */
  static async open(options: SessionServerOptions): Promise<SessionServer> {
    checkCount('maxConcurrentRuns', options.maxConcurrentRuns ?? 1, 1);
    checkCount('maxQueuedRuns', options.maxQueuedRuns ?? 100, 0);
    await options.manager.activateSession(options.sessionId);
    return new SessionServer(options);
  }

  /** Takes on a run, and resolves with its id. Rejects with `MaxRunsExceededError` when every slot and every place is taken. */
  async submitRun(input: JsonValue, options: RunOptions = {}): Promise<string> {
    if (this.#isDraining) throw sessionError('invalid_operation', 'the session server takes no more runs');
    const taken = this.#inFlight.size + this.#queue.size + this.#coming;
    if (taken >= this.#slots + this.#places) {
      throw sessionError('max_runs_exceeded', `${taken} runs work or wait already`, {
        details: { slots: this.#slots, places: this.#places },
      });
    }
    this.#coming += 1;
    const stored = this.#turn.then(() => this.#options.manager.startRun(this.#options.sessionId, input));
    // The next one is stored after this one, so that the queue has the order of the calls.
    this.#turn = stored.catch(() => undefined);
    try {
      const { id } = await stored;
      this.#enqueue(id, { ...this.#options.runOptions, ...options });
      return id;
    } finally {
      this.#coming -= 1;
      this.#tellIdle();
    }
  }

  /** What came of a run; rejects as it did, with `SessionTimeoutError` when it takes longer, `SessionRunNotFoundError` for no run of here. */
  async awaitRun(runId: string, timeoutMs: number = defaultAwaitMs): Promise<RunResult> {
    const task = this.#tasks.get(runId);
    if (task === undefined) return storedOutcome(this.#options, runId);
    const { newCanceller, sleep } = this.#options.platform;
    const timer = newCanceller();
    const late = sleep(timeoutMs, timer.signal).then(() => {
      if (timer.signal.aborted) return null;
      throw sessionError('timeout', `run '${runId}' did not end within ${timeoutMs} ms`);
    });
    try {
      const result = await Promise.race([task.outcome, late]);
      return result ?? (await task.outcome);
    } finally {
      timer.abort();
    }
  }

  async executeRun(input: JsonValue, options: RunOptions = {}): Promise<RunResult> {
    const runId = await this.submitRun(input, options);
    return this.#taskOf(runId).outcome;
  }

  /** Takes a waiting run out of the queue, or stops one that works; resolves when its end is stored. */
  async cancelRun(runId: string): Promise<Execution> {
    const waiting = this.#queue.get(runId);
    if (this.#queue.delete(runId)) this.#tellQueue('dequeue', runId);
    if (waiting === undefined && !this.#tasks.has(runId)) await storedRun(this.#options, runId);
    if (waiting === undefined) return this.#cancelled(runId, 'active');
    try {
      const run = await this.#cancelled(runId, 'queued');
      waiting.reject(cancelledBefore(runId));
      return run;
    } catch (error) {
      waiting.reject(error);
      throw error;
    } finally {
      this.#forgetOld(runId);
      this.#tellIdle();
    }
  }

  /** Stops what the session works on now; the queue goes on with the next. Resolves with the runs that were stopped. */
  async interrupt(): Promise<readonly Execution[]> {
    const stopped = await Promise.all(
      [...this.#inFlight].map((runId) => unlessOver(this.#cancelled(runId, 'active'))),
    );
    return stopped.filter((run) => run !== null);
  }

  /** The events of the session from any number on, stored ones and then live ones, until it is closed. Throws `InvalidOperationError` behind `close`. */
  subscribe(options: Omit<FollowOptions, 'isOnlyStored'> = {}): FollowedSession {
    const { store, sessionId, platform } = this.#options;
    if (this.#closing !== null) throw sessionError('invalid_operation', 'the session server is closed');
    const followed = followSession(store, sessionId, platform, options);
    this.#followers.add(followed);
    this.#tell('subscribe', null, { count: this.#followers.size });
    const leave = (): void => {
      if (this.#followers.delete(followed)) this.#tell('unsubscribe', null, { count: this.#followers.size });
      followed.close();
    };
    const left: FollowedSession = {
      next: () => followed.next(),
      return: async () => {
        leave();
        return { done: true, value: undefined };
      },
      close: leave,
      [Symbol.asyncIterator]: () => left,
    };
    return left;
  }

  status(): ServerStatus {
    return {
      sessionId: this.#options.sessionId,
      inFlightRuns: [...this.#inFlight],
      queuedRuns: [...this.#queue.keys()],
      maxConcurrentRuns: this.#slots,
      maxQueuedRuns: this.#places,
      subscribers: this.#followers.size,
    };
  }

  /** Takes no more runs, and resolves when all have ended. Rejects with `SessionTimeoutError` when that takes longer. */
  async drain(timeoutMs: number = defaultAwaitMs): Promise<void> {
    this.#isDraining = true;
    if (this.#isIdle()) return;
    const { newCanceller, sleep } = this.#options.platform;
    const timer = newCanceller();
    const idle = new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    const late = sleep(timeoutMs, timer.signal).then(() => {
      if (!timer.signal.aborted) throw sessionError('timeout', `runs still work after ${timeoutMs} ms`);
    });
    try {
      await Promise.race([idle, late]);
    } finally {
      timer.abort();
    }
  }

  /** Cancels what waits and works, ends the subscriptions, and leaves session, manager and store as they are. Safe to call twice. */
  async close(): Promise<void> {
    this.#isDraining = true;
    this.#closing ??= this.#end();
    await this.#closing;
  }

  async #end(): Promise<void> {
    try {
      await this.#turn;
      const working = [...this.#inFlight].map((runId) => this.#taskOf(runId).outcome);
      const waiting = [...this.#queue.keys()].map((runId) => unlessOver(this.cancelRun(runId)));
      await Promise.all([...waiting, this.interrupt()]);
      await Promise.allSettled(working);
    } finally {
      for (const follower of this.#followers) follower.close();
      this.#followers.clear();
    }
  }

  #enqueue(runId: string, options: RunOptions): void {
    let resolve: Task['resolve'] = () => undefined;
    let reject: Task['reject'] = () => undefined;
    const outcome = new Promise<RunResult>((done, failed) => {
      resolve = done;
      reject = failed;
    });
    // Whoever awaits the run hears of its failure; nobody has to.
    outcome.catch(() => undefined);
    const task: Task = { runId, options, outcome, resolve, reject };
    this.#tasks.set(runId, task);
    this.#queue.set(runId, task);
    this.#tellQueue('enqueue', runId);
    this.#fill();
  }

  #fill(): void {
    while (this.#inFlight.size < this.#slots) {
      const [task] = this.#queue.values();
      if (task === undefined) return;
      this.#queue.delete(task.runId);
      this.#inFlight.add(task.runId);
      this.#tellQueue('dequeue', task.runId);
      void this.#work(task);
    }
  }

  async #work(task: Task): Promise<void> {
    this.#tell('run.start', task.runId);
    try {
      task.resolve(await this.#execute(task));
    } catch (error) {
      task.reject(error);
    }
    this.#tell('run.stop', task.runId);
    this.#inFlight.delete(task.runId);
    this.#forgetOld(task.runId);
    this.#fill();
    this.#tellIdle();
  }

  async #execute({ runId, options }: Task): Promise<RunResult> {
    const { manager, limiter, sessionId } = this.#options;
    try {
      limiter?.acquireRun(sessionId, runId);
    } catch (error) {
      await manager.cancelRun(runId);
      throw error;
    }
    try {
      return await manager.executeRun(runId, options);
    } catch (error) {
      const { status } = await this.#options.store.getRun(runId);
      // Refused before it began, by its policy or for its options: nobody else will end it.
      if (status === 'pending') await manager.cancelRun(runId);
      if (status === 'cancelled' && isEndedOtherwise(error)) throw cancelledBefore(runId);
      throw error;
    } finally {
      limiter?.releaseRun(runId);
    }
  }

  async #cancelled(runId: string, which: 'active' | 'queued'): Promise<Execution> {
    try {
      const run = await this.#options.manager.cancelRun(runId);
      this.#tell(`cancel.${which}`, runId, {});
      return run;
    } catch (error) {
      this.#tell('cancel.failed', runId, {}, { error_code: sessionErrorCode(error) });
      throw error;
    }
  }

  #tellQueue(what: 'enqueue' | 'dequeue', runId: string): void {
    this.#tell(`queue.${what}`, runId, { queue_length: this.#queue.size });
  }

  /** With the moment, where no numbers are given. */
  #tell(
    what: ServerTelling,
    runId: string | null,
    numbers?: Readonly<Record<string, number>>,
    more: JsonObject = {},
  ): void {
    const telemetry = this.#telemetry;
    if (telemetry === null) return;
    const metadata = {
      session_id: this.#options.sessionId,
      ...(runId === null ? {} : { run_id: runId }),
      ...more,
    };
    if (numbers === undefined) telemetry.tellNow(`runtime.session_server.${what}`, metadata);
    else telemetry.tell(`runtime.session_server.${what}`, numbers, metadata);
  }

  /** What ended lately stays known. */
  #forgetOld(runId: string): void {
    this.#over.push(runId);
    const oldest = this.#over.length > keptOutcomes ? this.#over.shift() : undefined;
    if (oldest !== undefined) this.#tasks.delete(oldest);
  }

  #isIdle(): boolean {
    return this.#inFlight.size === 0 && this.#queue.size === 0 && this.#coming === 0;
  }

  #tellIdle(): void {
    if (!this.#isIdle()) return;
    for (const tell of this.#whenIdle.splice(0)) tell();
  }

  #taskOf(runId: string): Task {
    const task = this.#tasks.get(runId);
    if (task === undefined) throw sessionError('run_not_found', `run '${runId}' is not known here`);
    return task;
  }
}

/** `null` for a run that has ended by itself in the meantime. */
async function unlessOver(cancelling: Promise<Execution>): Promise<Execution | null> {
  try {
    return await cancelling;
  } catch (error) {
    if (isEndedOtherwise(error)) return null;
    throw error;
  }
}

function isEndedOtherwise(error: unknown): boolean {
  return sessionErrorCode(error) === 'invalid_transition';
}

function cancelledBefore(runId: string): Error {
  return sessionError('cancelled', `run '${runId}' was cancelled before it began`);
}

function checkCount(field: string, value: number, atLeast: number): void {
  if (Number.isSafeInteger(value) && value >= atLeast) return;
  throw sessionError('validation_error', `${field} must be a whole number from ${atLeast}`, {
    details: { field },
  });
}
