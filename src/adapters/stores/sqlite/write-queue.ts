/**
 * Decides which writes share a transaction: those of one turn of the event loop do, because a durable commit costs the same
 * for one event and for a thousand. Each write is told its own result.
 */
import { unknownCommit } from '../../../log/index.ts';
import { whenFree } from './busy-wait.ts';
import type { SqliteConnection } from './connection.ts';

/** Checks and throws the refusal; what it returns writes. Nothing is written for a write that is refused. */
export type Write<T> = () => () => T;

const groupLimits = { events: 10_000, waitMs: 5 } as const;

interface Job {
  readonly events: number;
  readonly queuedAtMs: number;
  /** Checks; the returned function writes and returns what tells the caller so. */
  check(): () => () => void;
  reject(error: unknown): void;
}

export class WriteQueue {
  readonly #connection: SqliteConnection;
  readonly #busyTimeoutMs: number;
  #waiting: Job[] = [];
  #waitingEvents = 0;
  #isCommitting = false;
  #pump: Promise<void> | null = null;

  constructor(connection: SqliteConnection, busyTimeoutMs: number) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /** Resolves after the COMMIT of the transaction that holds the write. */
  add<T>(write: Write<T>, events = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const check = () => {
        const perform = write();
        return () => {
          const result = perform();
          return () => resolve(result);
        };
      };
      if (this.#waitingEvents + events > groupLimits.events) this.#commitNow();
      this.#waiting.push({ events, queuedAtMs: performance.now(), check, reject });
      this.#waitingEvents += events;
      this.#pump ??= this.#run();
      if (performance.now() - (this.#waiting[0]?.queuedAtMs ?? 0) > groupLimits.waitMs) this.#commitNow();
    });
  }

  /** Waits until nothing is under way any more. */
  async drain(): Promise<void> {
    while (this.#pump !== null) await this.#pump;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await nextTurn();
      while (this.#isCommitting) await nextTurn();
      if (this.#waiting.length > 0) await this.#commitGroup();
    }
    this.#pump = null;
  }

  /** A turn that never ends must not hold back what it has asked for. */
  #commitNow(): void {
    if (!this.#isCommitting && this.#waiting.length > 0) void this.#commitGroup();
  }

  async #commitGroup(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    this.#waitingEvents = 0;
    this.#isCommitting = true;
    try {
      await whenFree(() => this.#connection.run('BEGIN IMMEDIATE'), this.#busyTimeoutMs);
      // From here to the COMMIT nothing waits: no other code runs while the transaction is open.
      this.#commit(group);
    } catch (error) {
      for (const job of group) job.reject(error);
    } finally {
      this.#isCommitting = false;
    }
  }

  #commit(group: readonly Job[]): void {
    const answers: (() => void)[] = [];
    try {
      for (const job of group) answers.push(answerOf(job));
    } catch (error) {
      this.#connection.rollback();
      throw error;
    }
    try {
      this.#connection.run('COMMIT');
    } catch (cause) {
      this.#connection.rollback();
      throw unknownCommit({ cause });
    }
    for (const answer of answers) answer();
  }
}

/** A refusal is the answer of one write; a failure while writing is thrown, and ends the transaction of all. */
function answerOf(job: Job): () => void {
  let perform: () => () => void;
  try {
    perform = job.check();
  } catch (refusal) {
    return () => job.reject(refusal);
  }
  return perform();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
