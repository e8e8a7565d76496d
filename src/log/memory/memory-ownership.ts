/**
 * Decides who may write a run of a memory database: each handle has a lease that ends by itself, and each run an epoch that grows
 * whenever it is taken.
 */
import { formatInstant } from '../../base/index.ts';
import { runOwned } from '../errors.ts';
import type { MemoryDatabase, MemoryLog } from './memory-database.ts';
import type { Lease, Owner } from '../port.ts';

export interface MemoryOwnershipOptions {
  readonly nowMs: () => number;
  readonly leaseMs: number;
}

/** What one handle owns. */
export class MemoryOwnership {
  readonly #db: MemoryDatabase;
  readonly #options: MemoryOwnershipOptions;
  readonly #handle: string;
  readonly #startedAt: string;
  #leaseEndMs = Number.NEGATIVE_INFINITY;

  constructor(db: MemoryDatabase, options: MemoryOwnershipOptions) {
    this.#db = db;
    this.#options = options;
    this.#handle = db.nameHandle();
    this.#startedAt = formatInstant(options.nowMs());
  }

  acquire(log: MemoryLog): Lease {
    this.refuseOwned(log);
    this.touch();
    log.owner = this.#handle;
    log.epoch += 1;
    return { logId: log.log.id, epoch: log.epoch };
  }

  release(log: MemoryLog, { epoch }: Lease): void {
    if (log.owner === this.#handle && log.epoch === epoch) log.owner = null;
  }

  /** Gives back all of it: the handle is closed. */
  resign(): void {
    for (const log of this.#db.logs.values()) if (log.owner === this.#handle) log.owner = null;
    this.#db.owners.delete(this.#handle);
  }

  /** Throws `RunOwnedError` while a living owner holds the run, this handle included. */
  refuseOwned(log: MemoryLog): void {
    const owner = this.ownerOf(log);
    if (owner === null) return;
    if (owner.owner === this.#handle || Date.parse(owner.expiresAt) > this.#options.nowMs())
      throw runOwned({ logId: log.log.id, owner });
  }

  ownerOf({ owner }: MemoryLog): Owner | null {
    return owner === null ? null : (this.#db.owners.get(owner) ?? null);
  }

  /** A clock that goes back shortens no lease; a lease that is fresh is left alone. */
  touch(): void {
    const { nowMs, leaseMs } = this.#options;
    const endMs = nowMs() + leaseMs;
    if (endMs - this.#leaseEndMs < leaseMs / 10) return;
    this.#leaseEndMs = endMs;
    this.#db.owners.set(this.#handle, {
      owner: this.#handle,
      host: 'memory',
      pid: 0,
      startedAt: this.#startedAt,
      expiresAt: new Date(endMs).toISOString(),
    });
  }
}
