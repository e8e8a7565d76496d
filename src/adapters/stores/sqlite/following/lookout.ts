/**
 * Decides how a follower that has read everything hears of more: from the handle that writes at once, and otherwise by asking the file
 * now and then whether anybody has committed, which is cheaper than reading its end again.
 */
import type { TailBell } from '../../../../log/index.ts';
import type { SqliteConnection } from '../connection.ts';

/** How long another process may have written before it is noticed here. */
export const lookEveryMs = 10;

/** One of the store's readings: waits while the file is locked. */
type Read = <T>(step: () => T) => Promise<T>;

/** What `PRAGMA data_version` says: another number after each commit of somebody else. */
export function fileVersion(connection: SqliteConnection): unknown {
  return connection.row('PRAGMA data_version')?.[0];
}

/** For one follower. */
export class Lookout {
  readonly #connection: SqliteConnection;
  readonly #checkFile: () => void;
  readonly #read: Read;
  /** As it was before the follower last read. */
  #seen: unknown = null;
  #isLooking = false;

  /** `checkFile` throws when the file is no longer the one that its path names. */
  constructor(connection: SqliteConnection, checkFile: () => void, read: Read) {
    this.#connection = connection;
    this.#checkFile = checkFile;
    this.#read = read;
  }

  /** Resolves when there may be more to read. */
  async wait(bell: TailBell): Promise<void> {
    const timer = setInterval(() => void this.#look(bell), lookEveryMs);
    await bell.wait();
    clearInterval(timer);
  }

  async #look(bell: TailBell): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#checkFile();
      const version = await this.#read(() => fileVersion(this.#connection));
      if (version === this.#seen) return;
      this.#seen = version;
    } catch {
      // The follower asks the same file, and says why it cannot be read.
    } finally {
      this.#isLooking = false;
    }
    bell.ring();
  }
}
