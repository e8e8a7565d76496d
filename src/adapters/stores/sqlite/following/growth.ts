/**
 * Decides how those who wait for appends hear of them: a writer of this handle wakes whom its events may fit; what other handles and
 * processes append is found by asking the file whether anything changed, while somebody waits, and is looked at once for all of them.
 */
import type { CancelSignal } from '../../../../base/index.ts';
import {
  type Awaited,
  type Committed,
  type Head,
  type SessionPart,
  textOf,
  textOrNull,
  Waiters,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import { fileVersion, lookEveryMs } from './lookout.ts';

/** One of the store's readings: waits while the file is locked. */
type Read = <T>(step: () => T) => Promise<T>;

/** At most so many events of a log are read without a pause. */
const pageSize = 1000;

export class Growth {
  readonly #connection: SqliteConnection;
  readonly #read: Read;
  readonly #waiters = new Waiters();
  #timer: NodeJS.Timeout | null = null;
  #seen: unknown = null;
  #isLooking = false;

  constructor(connection: SqliteConnection, read: Read) {
    this.#connection = connection;
    this.#read = read;
  }

  async wait(awaited: Awaited, signal: CancelSignal): Promise<void> {
    const woken = this.#waiters.wait(awaited, signal);
    this.#timer ??= setInterval(() => void this.#look(), lookEveryMs);
    try {
      // What was appended before this waiter was there wakes nobody by itself.
      await this.#tellEvents(awaited);
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

  /** This handle wrote events that it does not have at hand. */
  tellHead({ logId, seq }: Head): void {
    this.#waiters.tellHead(logId, seq);
  }

  end(): void {
    this.#stop();
    this.#waiters.end();
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const version = await this.#read(() => fileVersion(this.#connection));
      if (version === this.#seen) return;
      for (const awaited of this.#waiters.awaited()) await this.#tellEvents(awaited);
      this.#seen = version;
    } catch {
      // A file that cannot be read just now is asked again; a store that is closed has woken everybody.
    } finally {
      this.#isLooking = false;
    }
  }

  async #tellEvents({ logId, after }: Pick<Awaited, 'logId' | 'after'>): Promise<void> {
    const sql = `SELECT seq, type, run_id FROM events WHERE log = (SELECT log FROM logs WHERE id = ?) AND seq > ?
      ORDER BY seq LIMIT ${pageSize}`;
    for (let from = after; ;) {
      const rows = await this.#read(() => this.#connection.rows(sql, logId, from));
      const found = rows.map(([, type, runId]) => ({ type: textOf(type), runId: textOrNull(runId) }));
      from = numberOf(rows.at(-1)?.[0] ?? from);
      this.#waiters.tell(logId, found, from);
      if (rows.length < pageSize) return;
    }
  }
}
