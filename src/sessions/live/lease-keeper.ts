/**
 * Decides how the owner of a run stays its owner: the lease is renewed by compare-and-set, in time and, after a sleep of the whole
 * process, before the next event. Who finds that it was taken, or that somebody asks for a cancel, tells the one who works.
 */
import { type Canceller, isStructuredError } from '../../base/index.ts';
import { ConcurrentWriterError } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import { formatMicros } from '../model/timestamp.ts';
import type { Parts } from './parts.ts';
import { isSameLease, leaseOf, type RunLease, withLease } from './run-lease.ts';

export type LeaseNews = 'taken' | 'cancel requested';

export class LeaseKeeper {
  readonly #parts: Parts;
  readonly #runId: string;
  readonly #tell: (news: LeaseNews) => void;
  readonly #stop: Canceller;
  readonly #beating: Promise<void>;
  #lease: RunLease;
  #renewing: Promise<void> | null = null;

  constructor(parts: Parts, run: Execution, lease: RunLease, tell: (news: LeaseNews) => void) {
    this.#parts = parts;
    this.#runId = run.id;
    this.#lease = lease;
    this.#tell = tell;
    this.#stop = parts.platform.newCanceller();
    this.#beating = this.#beat();
  }

  /** Resolves at once while the lease holds; after a long sleep it is renewed first. Rejects when it is somebody else's. */
  async hold(): Promise<void> {
    if (formatMicros(this.#parts.platform.nowMs()) < this.#lease.expiresAt) return;
    await this.#renew();
  }

  /** The row as it stands, while it is still this owner's. Rejects with `InvalidOperationError` when it is not. */
  async own(): Promise<Execution> {
    return ownRun(this.#parts, this.#runId, this.#lease);
  }

  /** Ends the renewing, and waits for one that is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#beating;
    // What a renewal failed with is found again by whoever writes next.
    await this.#renewing?.catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const { platform, leaseMs } = this.#parts;
    for (;;) {
      await platform.sleep(Math.max(1, Math.floor(leaseMs / 3)), this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      try {
        await this.#renew();
      } catch (error) {
        // A store that is away is asked again; a lease that lapses meanwhile is renewed before the next event, or lost.
        if (isStructuredError(error) && error.code === 'invalid_operation') {
          this.#tell('taken');
          return;
        }
      }
    }
  }

  async #renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    await this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    for (;;) {
      const run = await this.own();
      const isCancelRequested = leaseOf(run)?.isCancelRequested ?? false;
      const { platform, leaseMs, store } = this.#parts;
      const expiresAt = formatMicros(platform.nowMs() + leaseMs);
      try {
        await store.saveRun(withLease(run, { ...this.#lease, expiresAt, isCancelRequested }));
        this.#lease = { ...this.#lease, expiresAt };
        if (isCancelRequested) this.#tell('cancel requested');
        return;
      } catch (error) {
        if (!(error instanceof ConcurrentWriterError)) throw error;
      }
    }
  }
}

/** The row of a run while it is held by this lease. Rejects with `InvalidOperationError` when it is not. */
export async function ownRun({ store }: Parts, runId: string, own: RunLease): Promise<Execution> {
  const run = await store.getRun(runId);
  const lease = leaseOf(run);
  if (run.status === 'running' && isSameLease(lease, own)) return run;
  throw takenOver(run, lease);
}

const takenOverReason = 'taken_over';

/** True for the refusal of a write by one who was taken over. */
export function isTakenOver(error: unknown): boolean {
  return isStructuredError(error) && error.context['reason'] === takenOverReason;
}

function takenOver(run: Execution, lease: RunLease | null): Error {
  const by = lease === null ? `it is ${run.status}` : `'${lease.owner}' has it in epoch ${lease.epoch}`;
  return sessionError('invalid_operation', `run '${run.id}' is not this process's any more: ${by}`, {
    details: {
      ...{ run_id: run.id, status: run.status, reason: takenOverReason },
      ...{ owner: lease?.owner ?? null, epoch: lease?.epoch ?? null },
    },
    why: 'The lease of the run had lapsed, so another process has taken it over, or ended it.',
    howToFix: 'Leave the run to that process; make `leaseMs` longer when this one was only slow.',
  });
}
