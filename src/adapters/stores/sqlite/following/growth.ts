/**
 * Decides how those who wait for appends hear of them: a writer of this handle wakes whom its events may fit; what other handles and
 * processes append is found by asking the file whether anything changed, while somebody waits.
 */
import type { CancelSignal } from '../../../../base/index.ts';
import {
  type Awaited,
  type Committed,
  type Head,
  type SessionPart,
  textOf,
  Waiters,
} from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import { tailPollMs } from './read-tail.ts';

/** One of the store's readings: waits while the file is locked. */
type Read = <T>(step: () => T) => Promise<T>;

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
    this.#timer ??= setInterval(() => void this.#look(), tailPollMs);
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
      const version = await this.#read(() => this.#connection.row('PRAGMA data_version')?.[0]);
      if (version === this.#seen) return;
      await this.#tellHeads(this.#waiters.awaited());
      this.#seen = version;
    } catch {
      // A file that cannot be read just now is asked again; a store that is closed has woken everybody.
    } finally {
      this.#isLooking = false;
    }
  }

  async #tellHeads(logIds: readonly string[]): Promise<void> {
    const sql = 'SELECT id, seq FROM logs WHERE id IN (SELECT value FROM json_each(?))';
    const heads = await this.#read(() => this.#connection.rows(sql, JSON.stringify(logIds)));
    for (const [id, seq] of heads) this.#waiters.tellHead(textOf(id), numberOf(seq));
  }
}
