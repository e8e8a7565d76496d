/**
 * Decides how those who wait for appends hear of them: a writer of this handle wakes whom its events may fit; what others append is
 * looked at once for all who wait, on news and from time to time, so that a hundred idle waiters cost as much as one.
 */
import type { CancelSignal } from '../../../../base/index.ts';
import {
  type Awaited,
  type Committed,
  type SessionPart,
  textOf,
  textOrNull,
  Waiters,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { Session } from '../connection.ts';
import type { News } from '../news.ts';
import type { Tables } from '../tables.ts';

/** How often somebody looks: seldom when news arrives by itself. */
const lookEveryMs = { heard: 250, unheard: 50 } as const;

/** At most so many events of a log in one question. */
const pageSize = 1000;

export class Growth {
  readonly #session: Session;
  readonly #tables: Tables;
  readonly #news: News | null;
  readonly #waiters = new Waiters();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #isAskedAgain = false;
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
    // What was appended before this waiter was there wakes nobody by itself.
    this.look();
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

  /** Somebody has appended something somewhere. One question at a time is asked, and once more when there was more news meanwhile. */
  look(): void {
    if (this.#waiters.isEmpty || this.#isEnded) return;
    if (this.#looking !== null) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isAskedAgain = false;
    this.#looking = this.#tellEvents().then(
      () => this.#looked(),
      // A server that cannot be asked just now is asked again by the timer.
      () => {
        this.#looking = null;
      },
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
    if (this.#isAskedAgain) this.look();
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

  async #tellEvents(): Promise<void> {
    const awaited = this.#waiters.awaited();
    const { logs, events } = this.#tables;
    const sql = `SELECT a.id, e.seq, e.type, e.run_id FROM unnest($1::text[], $2::bigint[]) AS a(id, after)
      JOIN ${logs} AS l ON l.id = a.id
      JOIN LATERAL (SELECT seq, type, run_id FROM ${events} WHERE log = l.log AND seq > a.after ORDER BY seq LIMIT ${pageSize}) AS e ON true
      ORDER BY a.id, e.seq`;
    const places = [awaited.map(({ logId }) => logId), awaited.map(({ after }) => after)];
    const byLog = Map.groupBy(await this.#session.rows(sql, ...places), ([id]) => textOf(id));
    for (const [logId, rows] of byLog) {
      const found = rows.map(([, , type, runId]) => ({ type: textOf(type), runId: textOrNull(runId) }));
      this.#waiters.tell(logId, found, numberOf(rows.at(-1)?.[1]));
      if (rows.length === pageSize) this.#isAskedAgain = true;
    }
  }
}
