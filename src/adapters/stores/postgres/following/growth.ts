/**
 * Decides how those who wait for appends hear of them: a writer of this handle wakes whom its events may fit; news of others, and a
 * look from time to time, ask the server where the awaited logs stand.
 */
import type { CancelSignal } from '../../../../base/index.ts';
import { type Awaited, type Committed, type SessionPart, textOf, Waiters } from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { Session } from '../connection.ts';
import type { News } from '../news.ts';
import type { Tables } from '../tables.ts';

/** How often somebody looks: seldom when news arrives by itself. */
const lookEveryMs = { heard: 250, unheard: 50 } as const;

export class Growth {
  readonly #session: Session;
  readonly #tables: Tables;
  readonly #news: News | null;
  readonly #waiters = new Waiters();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #isEnded = false;

  constructor(session: Session, tables: Tables, news: News | null) {
    this.#session = session;
    this.#tables = tables;
    this.#news = news;
  }

  async wait(awaited: Awaited, signal: CancelSignal): Promise<void> {
    const woken = this.#waiters.wait(awaited, signal);
    if (this.#news?.isListening === false) void this.#news.listen();
    this.#startTimer();
    try {
      // What was appended before this waiter was there wakes nobody by itself.
      await this.#tellHeads([awaited.logId]);
    } catch (error) {
      this.#waiters.tellHead(awaited.logId, Number.POSITIVE_INFINITY);
      throw error;
    }
    await woken;
    if (this.#waiters.isEmpty) this.#stop();
  }

  /** Something was committed by this handle. */
  tell(parts: readonly SessionPart[], committed: readonly Committed[]): void {
    if (this.#waiters.isEmpty) return;
    committed.forEach(({ head, appended }, index) => {
      const events = parts[index]?.events ?? [];
      if (appended === events.length) this.#waiters.tell(head.logId, events, head.seq);
      else this.#waiters.tellHead(head.logId, head.seq);
    });
  }

  /** Somebody has appended something somewhere. One question at a time is asked. */
  look(): void {
    if (this.#waiters.isEmpty || this.#isEnded) return;
    this.#looking ??= this.#tellHeads(this.#waiters.awaited()).then(
      () => this.#looked(),
      // A server that cannot be asked just now is asked again by the timer.
      () => this.#looked(),
    );
  }

  /** Wakes everybody, and waits for the question that is under way. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#stop();
    this.#waiters.end();
    await this.#looking;
  }

  #looked(): void {
    this.#looking = null;
  }

  #startTimer(): void {
    if (this.#timer !== null || this.#isEnded) return;
    const everyMs = this.#news?.isListening === true ? lookEveryMs.heard : lookEveryMs.unheard;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.look();
      if (!this.#waiters.isEmpty) this.#startTimer();
    }, everyMs);
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #tellHeads(logIds: readonly string[]): Promise<void> {
    const sql = `SELECT id, seq FROM ${this.#tables.logs} WHERE id = ANY ($1::text[])`;
    for (const [id, seq] of await this.#session.rows(sql, logIds))
      this.#waiters.tellHead(textOf(id), numberOf(seq));
  }
}
