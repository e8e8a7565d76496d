/**
 * Decides which writes share a transaction: those of one turn of the event loop do, because a durable commit costs the same
 * for one event and for a thousand. Each write is told its own result. A caller who is alone and goes on as soon as it is answered is
 * served at once. Where another process writes too, a turn ends with a pause.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { storeUnavailable, unknownCommit } from '../../../log/index.ts';
import { whenFree } from './busy-wait.ts';
import type { SqliteConnection } from './connection.ts';
import { StaleMemory } from './remembered-logs.ts';
import { isBusy } from './translate-error.ts';

/** How a write comes to be made. */
export interface Turn {
  /** Its transaction was undone because something remembered was wrong: now everything is read in the transaction that writes it. */
  readonly isAgain: boolean;
  /** Its caller goes on alone, and nothing else is written in its transaction. */
  readonly isLone: boolean;
}

/** Checks and throws the refusal; what it returns writes. Nothing is written for a write that is refused. */
export type Write<T> = (turn: Turn) => () => T;

const groupLimits = { events: 10_000, waitMs: 5 } as const;

/** A turn costs a commit's worth of time, so it is long; where another process waits for the lock it is short. */
const turns = { ownMs: 10, sharedMs: 5 } as const;

/**
 * Nobody tells a process that others wait for its lock: it knows of them when it had to wait itself. For so long afterwards it leaves
 * the lock alone for a moment at the end of each turn; without it the next group would take it before anybody else can ask.
 */
const letGo = { pauseMs: 1, afterMs: 1000 } as const;

interface Job {
  /** Checks; the returned function writes and returns what tells the caller so. */
  check(turn: Turn): () => () => void;
  reject(error: unknown): void;
}

interface WaitingJob extends Job {
  readonly queuedAtMs: number;
}

export interface QueueOptions {
  readonly pause?: (ms: number) => Promise<unknown>;
  /** How long those who go on as soon as they are answered are served, before timers and sockets have their turn. */
  readonly turnMs?: number;
  /** How long the first of a group waits for others. */
  readonly waitMs?: number;
  /** Told when a transaction was undone: whatever was remembered of it is not so. */
  readonly onUndone?: () => void;
}

export class WriteQueue {
  readonly #connection: SqliteConnection;
  readonly #busyTimeoutMs: number;
  readonly #pause: (ms: number) => Promise<unknown>;
  readonly #turnMs: number;
  readonly #waitMs: number;
  readonly #onUndone: () => void;
  #waiting: WaitingJob[] = [];
  #waitingEvents = 0;
  #group: Promise<void> | null = null;
  #pump: Promise<void> | null = null;
  #held: Promise<void> | null = null;
  #letsGoUntilMs = 0;
  #turnBeganMs = 0;
  /** How many groups in a row were of one write. Whoever was alone twice is taken for one who goes on alone. */
  #loneGroups = 0;
  /** True while the one caller who was answered goes on: nobody else can be kept waiting by what it asks for next. */
  #isOpen = false;

  constructor(
    connection: SqliteConnection,
    busyTimeoutMs: number,
    {
      pause = sleep,
      turnMs = turns.ownMs,
      waitMs = groupLimits.waitMs,
      onUndone = () => undefined,
    }: QueueOptions = {},
  ) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#pause = pause;
    this.#turnMs = turnMs;
    this.#waitMs = waitMs;
    this.#onUndone = onUndone;
  }

  /**
   * Writes at once for the one caller who goes on after its answer: without the promises and turns of a group, which take as long as the
   * write itself. `null` where others may wait as well, or the store is locked: then the write belongs into a group.
   */
  tryNow<T>(write: Write<T>): T | null {
    if (!this.#isOpen || this.#group !== null || this.#waiting.length > 0 || this.#isTurnOver()) return null;
    // Whoever asks before this answer is heard was not alone with it.
    this.#isOpen = false;
    void answered.then(this.#hear);
    try {
      return this.#inTransaction((isAgain) => write({ isAgain, isLone: true })());
    } catch (error) {
      if (isBusy(error)) return null;
      throw error;
    }
  }

  #isTurnOver(): boolean {
    const now = performance.now();
    const limitMs = now < this.#letsGoUntilMs ? Math.min(this.#turnMs, turns.sharedMs) : this.#turnMs;
    return now - this.#turnBeganMs > limitMs;
  }

  readonly #hear = (): void => {
    this.#isOpen = this.#waiting.length === 0;
    if (!this.#isOpen) this.#loneGroups = 0;
  };

  /** Resolves after the COMMIT of the transaction that holds the write. */
  add<T>(write: Write<T>, events = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const check = (turn: Turn) => {
        const perform = write(turn);
        return () => {
          const result = perform();
          return () => resolve(result);
        };
      };
      if (this.#waitingEvents + events > groupLimits.events) this.#commitNow();
      this.#waiting.push({ queuedAtMs: performance.now(), check, reject });
      this.#waitingEvents += events;
      this.#pump ??= this.#run();
      if (performance.now() - (this.#waiting[0]?.queuedAtMs ?? 0) > this.#waitMs) this.#commitNow();
    });
  }

  /** Does something that waits, with nothing else of the queue beside it: writes that come in meanwhile wait. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#group !== null) await this.#group;
    const done = work();
    const ended = (): void => {
      this.#group = null;
      this.#held = null;
    };
    this.#held = done.then(ended, ended);
    this.#group = this.#held;
    return done;
  }

  /** Resolves when nothing is done alone: until then a read would see the middle of a transaction. */
  async whenNotHeld(): Promise<void> {
    while (this.#held !== null) await this.#held;
  }

  get isHeld(): boolean {
    return this.#held !== null;
  }

  /** Waits until nothing is under way any more. */
  async drain(): Promise<void> {
    while (this.#pump !== null || this.#held !== null) await (this.#pump ?? this.#held);
  }

  /** Callers who go on as soon as they are answered are served in the same turn, until others must have theirs. */
  async #run(): Promise<void> {
    await nextTurn();
    this.#turnBeganMs = performance.now();
    for (;;) {
      while (this.#group !== null) await this.#group;
      if (this.#waiting.length === 0) break;
      if (this.#isTurnOver()) {
        await (performance.now() < this.#letsGoUntilMs ? this.#pause(letGo.pauseMs) : nextTurn());
        this.#turnBeganMs = performance.now();
      }
      this.#commitNow();
      this.#isOpen = this.#loneGroups > 1;
      await callersWentOn();
      this.#isOpen = false;
    }
    this.#pump = null;
  }

  /** Also called in the middle of a turn: one that never ends must not hold back what it has asked for. */
  #commitNow(): void {
    if (this.#group !== null || this.#waiting.length === 0) return;
    const group = this.#waiting;
    this.#waiting = [];
    this.#waitingEvents = 0;
    this.#loneGroups = group.length === 1 ? this.#loneGroups + 1 : 0;
    try {
      this.#commit(group);
    } catch (error) {
      if (!isBusy(error)) return refuse(group, error);
      this.#letsGoUntilMs = performance.now() + letGo.afterMs;
      this.#group = this.#commitWhenFree(group).finally(() => {
        this.#group = null;
      });
    }
  }

  async #commitWhenFree(group: readonly Job[]): Promise<void> {
    try {
      await whenFree(() => this.#commit(group), this.#busyTimeoutMs);
    } catch (error) {
      refuse(group, error);
    }
  }

  #commit(group: readonly Job[]): void {
    const answers = this.#inTransaction((isAgain) =>
      group.map((job) => answerOf(job, { isAgain, isLone: false })),
    );
    for (const answer of answers) answer();
  }

  /** One piece without a pause: no other code runs while the transaction is open. */
  #inTransaction<T>(work: (isAgain: boolean) => T, isAgain = false): T {
    this.#connection.run('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = work(isAgain);
    } catch (error) {
      this.#undo();
      if (!(error instanceof StaleMemory)) throw error;
      if (isAgain) throw movedInside(this.#connection.location, error);
      return this.#inTransaction(work, true);
    }
    try {
      this.#connection.run('COMMIT');
    } catch (cause) {
      this.#undo();
      throw unknownCommit({ cause });
    }
    return result;
  }

  #undo(): void {
    this.#connection.rollback();
    this.#onUndone();
  }
}

function movedInside(location: string, cause: StaleMemory): Error {
  return storeUnavailable({
    location,
    reason: 'io',
    whatFailed: 'The head of a run was not what it had been a moment before, in the same transaction.',
    howToFix:
      'Close every program that has the file open, and check it: `sqlite3 FILE "PRAGMA integrity_check"`.',
    cause,
  });
}

function refuse(group: readonly Job[], error: unknown): void {
  for (const job of group) job.reject(error);
}

/** A refusal is the answer of one write; a failure while writing is thrown, and ends the transaction of all. */
function answerOf(job: Job, turn: Turn): () => void {
  let perform: () => () => void;
  try {
    perform = job.check(turn);
  } catch (refusal) {
    return () => job.reject(refusal);
  }
  return perform();
}

/** A thing to come after: `queueMicrotask` makes a resource for async hooks each time, which costs more than the rest of it. */
const answered = Promise.resolve();

/** A tick comes when no resolved promise is waiting to be heard any more: whoever was answered has asked by then. */
function callersWentOn(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
