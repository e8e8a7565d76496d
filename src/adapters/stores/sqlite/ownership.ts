/**
 * Decides who may write a run: one row an open handle, with a lease that ends by itself, and an epoch in each run that grows
 * whenever it is taken. The epoch fences; the lease only says who may take over.
 */
import { decodeRow, type Lease, type Owner, runOwned, storeUnavailable, textOf } from '../../../log/index.ts';
import { momentOf, numberOf } from './cells.ts';
import type { SqliteConnection } from './connection.ts';
import type { SqliteRow } from './driver.ts';
import { type LogRow, requireLog, writeHead } from './log-row.ts';
import { isGone, type ProcessIdentity } from '../../../host/index.ts';

export interface OwnershipOptions {
  /** Names this handle. */
  readonly handle: string;
  readonly identity: ProcessIdentity;
  readonly leaseMs: number;
  readonly nowMs: () => number;
  /** True when this SQLite library must not share the file with another process that writes. */
  readonly isAlone: boolean;
  readonly isProcessGone?: (other: ProcessIdentity, self: ProcessIdentity) => boolean;
}

const upsertOwner = `INSERT INTO owners (owner, host, boot, pid, process_start, started_at, lease_ends, is_alone)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (owner) DO UPDATE SET lease_ends = max(lease_ends, excluded.lease_ends)`;
const selectOwner = `SELECT owner, host, boot, pid, process_start, started_at, lease_ends, is_alone FROM owners`;

interface OwnerRow extends ProcessIdentity, Owner {
  readonly leaseEndsMs: number;
  readonly isAlone: boolean;
}

export class Ownership {
  readonly #connection: SqliteConnection;
  readonly #options: OwnershipOptions;
  readonly #startedAt: string;
  readonly #held = new Set<string>();
  #leaseEndsMs = Number.NEGATIVE_INFINITY;
  /** What was written last may have been undone. */
  #isUnsure = false;

  constructor(connection: SqliteConnection, options: OwnershipOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#startedAt = new Date(options.nowMs()).toISOString();
  }

  /** How often a timer has to renew, so that two failures in a row do not lose the lease. */
  get renewEveryMs(): number {
    return Math.ceil(this.#options.leaseMs / 3);
  }

  /** True when a timer has something to renew. */
  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  /** True when this handle has said that it writes, and so has a row that must be taken back. */
  get isRegistered(): boolean {
    return this.#leaseEndsMs !== Number.NEGATIVE_INFINITY;
  }

  /** The first write of a handle says who it is. Throws when somebody must not be shared with. */
  checkCompany(): void {
    if (this.isRegistered) return;
    const others = this.#owners().filter((other) => !this.#isThisProcess(other) && !this.#isGone(other));
    const bar = others.find((other) => other.isAlone || this.#options.isAlone);
    if (bar === undefined) return;
    throw storeUnavailable({
      location: this.#connection.location,
      reason: 'busy',
      whatFailed:
        `Process ${bar.pid} on ${bar.host} writes to this store, and one of the two uses a SQLite older than 3.51.3, ` +
        'which can damage a file that two processes write.',
      howToFix: `End the other process (\`kill ${bar.pid}\`), or run both with a Node whose \`node -p process.versions.sqlite\` is 3.51.3 or newer.`,
      context: { pid: bar.pid, host: bar.host },
    });
  }

  /** Prolongs the lease, inside a transaction; cheap when there is nothing to prolong yet. */
  touch(): void {
    const { leaseMs, nowMs } = this.#options;
    const now = nowMs();
    if (this.#isUnsure || now + leaseMs - this.#leaseEndsMs >= leaseMs / 10) this.#register(now);
  }

  /** A transaction was undone, and what `touch` wrote in it as well: the next one writes it again. */
  forget(): void {
    this.#isUnsure = true;
  }

  #register(now: number): void {
    const { handle, identity, leaseMs, isAlone } = this.#options;
    if (!this.isRegistered) this.#connection.run('DELETE FROM owners WHERE lease_ends < ?', now);
    const { host, boot, pid, processStart } = identity;
    const ends = Math.max(now + leaseMs, this.#leaseEndsMs);
    const alone = isAlone ? 1 : 0;
    this.#connection.run(upsertOwner, handle, host, boot, pid, processStart, this.#startedAt, ends, alone);
    this.#leaseEndsMs = ends;
    this.#isUnsure = false;
  }

  /** Throws `RunOwnedError` while a living owner holds a log, this handle included. */
  refuseHeld(log: LogRow): void {
    const owner = log.owner === null ? undefined : this.#owners(log.owner)[0];
    if (owner !== undefined && this.#holds(owner)) throw runOwned({ logId: log.id, owner });
  }

  checkAcquire(logId: string): () => Lease {
    const log = requireLog(this.#connection, logId, 'acquire');
    this.refuseHeld(log);
    const epoch = log.epoch + 1;
    return () => {
      // The transaction that wrote the row of this handle may have been undone: a claim brings its own.
      this.#register(this.#options.nowMs());
      this.#connection.run(
        'UPDATE logs SET owner = ?, epoch = ? WHERE log = ?',
        this.#options.handle,
        epoch,
        log.number,
      );
      this.#held.add(logId);
      return { logId, epoch };
    };
  }

  checkRelease(lease: Lease): () => void {
    const log = requireLog(this.#connection, lease.logId, 'release');
    const isOurs = log.owner === this.#options.handle && log.epoch === lease.epoch;
    return () => {
      if (!isOurs) return;
      this.#held.delete(lease.logId);
      this.#connection.run('UPDATE logs SET owner = NULL WHERE log = ?', log.number);
      // The page of the row is written anyway.
      writeHead(this.#connection, log);
    };
  }

  /** Takes everything back at once: a log whose owner has no row is free. */
  resign(): void {
    this.#connection.run('DELETE FROM owners WHERE owner = ?', this.#options.handle);
    this.#leaseEndsMs = Number.NEGATIVE_INFINITY;
  }

  #holds(owner: OwnerRow): boolean {
    if (owner.owner === this.#options.handle) return true;
    return owner.leaseEndsMs > this.#options.nowMs() && !this.#isGone(owner);
  }

  #isGone(owner: OwnerRow): boolean {
    return (this.#options.isProcessGone ?? isGone)(owner, this.#options.identity);
  }

  #isThisProcess({ host, boot, pid }: OwnerRow): boolean {
    const { identity } = this.#options;
    return host === identity.host && boot === identity.boot && pid === identity.pid;
  }

  #owners(handle?: string): readonly OwnerRow[] {
    const rows =
      handle === undefined
        ? this.#connection.rows(selectOwner)
        : this.#connection.rows(`${selectOwner} WHERE owner = ?`, handle);
    const { location } = this.#connection;
    return rows.map((row) =>
      decodeRow({ location, row: `owner '${String(row[0])}'` }, () => decodeOwner(row)),
    );
  }
}

function decodeOwner(row: SqliteRow): OwnerRow {
  const [owner, host, boot, pid, processStart, startedAt, leaseEnds, isAlone] = row;
  const leaseEndsMs = numberOf(leaseEnds);
  return {
    owner: textOf(owner),
    host: textOf(host),
    boot: textOf(boot),
    pid: numberOf(pid),
    processStart: textOf(processStart),
    startedAt: textOf(startedAt),
    expiresAt: momentOf(leaseEnds),
    leaseEndsMs,
    isAlone: isAlone === 1,
  };
}
