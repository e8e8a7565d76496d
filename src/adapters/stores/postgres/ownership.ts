/**
 * Decides who may write a run: one row an open handle, with a lease that ends by the server's clock, and an epoch in each run
 * that grows whenever it is taken. The epoch fences; the lease only says who may take over.
 */
import { decodeRow, type Lease, type Owner, runOwned, textOf } from '../../../log/index.ts';
import { momentOf, numberOf } from './cells.ts';
import type { Session } from './connection.ts';
import type { PostgresRow } from './driver.ts';
import { lockAll } from './locks.ts';
import { type LogRow, requireLog } from './log-row.ts';
import { isGone, type ProcessIdentity } from '../../../host/index.ts';
import type { Tables } from './tables.ts';

export interface OwnershipOptions {
  /** Names this handle. */
  readonly handle: string;
  readonly identity: ProcessIdentity;
  readonly leaseMs: number;
  readonly isProcessGone?: (other: ProcessIdentity, self: ProcessIdentity) => boolean;
}

interface OwnerRow extends ProcessIdentity, Owner {
  readonly leaseEndsMs: number;
  readonly nowMs: number;
}

/** Rows of handles that ended without a word; one that wakes up after so long makes its row again. */
const forgottenAfterMs = 86_400_000;

export class Ownership {
  readonly #tables: Tables;
  readonly #options: OwnershipOptions;
  readonly #held = new Set<string>();

  constructor(tables: Tables, options: OwnershipOptions) {
    this.#tables = tables;
    this.#options = options;
  }

  get leaseMs(): number {
    return this.#options.leaseMs;
  }

  /** How often a timer has to renew, so that two failures in a row do not lose the lease. */
  get renewEveryMs(): number {
    return Math.ceil(this.#options.leaseMs / 3);
  }

  /** The name under which this handle owns something; null while it owns nothing. */
  get holder(): string | null {
    return this.#held.size > 0 ? this.#options.handle : null;
  }

  /** Makes or prolongs the row of this handle. */
  async register(session: Session): Promise<void> {
    const { handle, identity, leaseMs } = this.#options;
    const { owners, call } = this.#tables;
    const { host, boot, pid, processStart } = identity;
    const now = `${call('now_ms')}()`;
    await session.rows(
      `INSERT INTO ${owners} AS o (owner, host, boot, pid, process_start, started_at, lease_ends)
       VALUES ($1, $2, $3, $4, $5, ${now}, ${now} + $6::bigint)
       ON CONFLICT (owner) DO UPDATE SET lease_ends = greatest(o.lease_ends, excluded.lease_ends)`,
      handle,
      host,
      boot,
      pid,
      processStart,
      leaseMs,
    );
  }

  /** Prolongs the row of a handle that owns something, and makes it again when somebody took it away. */
  async touch(session: Session): Promise<void> {
    const { holder, leaseMs } = this;
    if (holder === null) return;
    const sql = `SELECT ${this.#tables.call('touch_owner')}($1, $2::bigint)::int`;
    const [row] = await session.rows(sql, holder, leaseMs);
    if (Number(row?.[0]) === 0) await this.register(session);
  }

  /** Throws `RunOwnedError` while a living owner holds the log, this handle included. */
  async refuseHeld(session: Session, log: LogRow): Promise<void> {
    const owner = log.owner === null ? null : await this.#findOwner(session, log.owner);
    if (owner !== null && this.#holds(owner)) throw runOwned({ logId: log.id, owner });
  }

  /** Inside of a transaction. */
  async acquire(session: Session, logId: string): Promise<Lease> {
    const { owners, logs, call } = this.#tables;
    await lockAll(session, this.#tables, [logId]);
    const log = await requireLog(session, this.#tables, logId, 'acquire');
    await this.refuseHeld(session, log);
    await this.register(session);
    const { handle } = this.#options;
    const forget = `DELETE FROM ${owners} WHERE lease_ends < ${call('now_ms')}() - $1::bigint AND owner <> $2`;
    await session.rows(forget, forgottenAfterMs, handle);
    const epoch = log.epoch + 1;
    await session.rows(`UPDATE ${logs} SET owner = $1, epoch = $2 WHERE log = $3`, handle, epoch, log.number);
    return { logId, epoch };
  }

  /** Inside of a transaction. */
  async release(session: Session, lease: Lease): Promise<void> {
    await lockAll(session, this.#tables, [lease.logId]);
    const log = await requireLog(session, this.#tables, lease.logId, 'release');
    if (log.owner !== this.#options.handle || log.epoch !== lease.epoch) return;
    await session.rows(`UPDATE ${this.#tables.logs} SET owner = NULL WHERE log = $1`, log.number);
  }

  /** Told after the commit of what it says. */
  noteHeld(logId: string, isHeld: boolean): void {
    if (isHeld) this.#held.add(logId);
    else this.#held.delete(logId);
  }

  /** Takes everything back at once: a log whose owner has no row is free. */
  async resign(session: Session): Promise<void> {
    await session.rows(`DELETE FROM ${this.#tables.owners} WHERE owner = $1`, this.#options.handle);
    this.#held.clear();
  }

  #holds(owner: OwnerRow): boolean {
    if (owner.owner === this.#options.handle) return true;
    return owner.leaseEndsMs > owner.nowMs && !this.#isGone(owner);
  }

  #isGone(owner: OwnerRow): boolean {
    return (this.#options.isProcessGone ?? isGone)(owner, this.#options.identity);
  }

  async #findOwner(session: Session, handle: string): Promise<OwnerRow | null> {
    const { owners, call, location } = this.#tables;
    const sql = `SELECT owner, host, boot, pid, process_start, started_at, lease_ends, ${call('now_ms')}()
      FROM ${owners} WHERE owner = $1`;
    const [row] = await session.rows(sql, handle);
    return row === undefined
      ? null
      : decodeRow({ location, row: `owner '${handle}'` }, () => decodeOwner(row));
  }
}

function decodeOwner(row: PostgresRow): OwnerRow {
  const [owner, host, boot, pid, processStart, startedAt, leaseEnds, now] = row;
  const leaseEndsMs = numberOf(leaseEnds);
  return {
    owner: textOf(owner),
    host: textOf(host),
    boot: textOf(boot),
    pid: numberOf(pid),
    processStart: textOf(processStart),
    startedAt: momentOf(startedAt),
    expiresAt: momentOf(leaseEnds),
    leaseEndsMs,
    nowMs: numberOf(now),
  };
}
