/**
 * Decides who is woken by an append: those who wait for something that may fit it. A writer looks at the waiters of its own log and
 * at no others; whoever waits costs it a comparison.
 */
import type { CancelSignal } from '../base/index.ts';
import type { EventRow } from './event.ts';
import type { Awaited } from './port.ts';

interface Waiter {
  readonly awaited: Awaited;
  /** Everything up to here is known not to fit. */
  after: number;
  readonly wake: () => void;
}

/** What of an event a waiter looks at. */
type Told = Pick<EventRow, 'type' | 'runId'>;

/** Those who wait on one handle. */
export class Waiters {
  readonly #byLog = new Map<string, Set<Waiter>>();
  #isEnded = false;

  get isEmpty(): boolean {
    return this.#byLog.size === 0;
  }

  /** The logs that somebody waits for, each with the place up to which everybody knows what is there. */
  awaited(): readonly Pick<Awaited, 'logId' | 'after'>[] {
    return [...this.#byLog].map(([logId, waiters]) => ({
      logId,
      after: Math.min(...[...waiters].map(({ after }) => after)),
    }));
  }

  /** Resolves when the waiter is woken, the signal is aborted, or everything ends. */
  wait(awaited: Awaited, signal: CancelSignal): Promise<void> {
    if (this.#isEnded || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#remove(waiter);
        resolve();
      };
      const waiter: Waiter = { awaited, after: awaited.after, wake };
      const others = this.#byLog.get(awaited.logId);
      if (others === undefined) this.#byLog.set(awaited.logId, new Set([waiter]));
      else others.add(waiter);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  /** These events stand in a log, the last of them at `seq`. */
  tell(logId: string, events: readonly Told[], seq: number): void {
    const before = seq - events.length;
    for (const waiter of this.#byLog.get(logId) ?? []) {
      if (waiter.after >= seq) continue;
      const news = waiter.after <= before ? events : events.slice(waiter.after - before);
      if (news.some((event) => fits(waiter.awaited, event))) waiter.wake();
      else if (waiter.after >= before) waiter.after = seq;
    }
  }

  /** A log stands at a place, and what was appended is not known here. */
  tellHead(logId: string, seq: number): void {
    for (const { after, wake } of this.#byLog.get(logId) ?? []) if (after < seq) wake();
  }

  /** Wakes everybody, now and from here on. */
  end(): void {
    this.#isEnded = true;
    for (const waiters of [...this.#byLog.values()]) for (const { wake } of waiters) wake();
  }

  #remove(waiter: Waiter): void {
    const others = this.#byLog.get(waiter.awaited.logId);
    others?.delete(waiter);
    if (others?.size === 0) this.#byLog.delete(waiter.awaited.logId);
  }
}

function fits({ types, runId }: Awaited, event: Told): boolean {
  return (
    (types === undefined || types.includes(event.type)) && (runId === undefined || event.runId === runId)
  );
}
