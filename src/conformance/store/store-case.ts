/**
 * Decides what a case of the store kit is, and what somebody has to bring to run them: a way to make places that hold a store.
 * Cases are data and know no test runner.
 */
import type { Sha256 } from '../../base/index.ts';
import type { LogStore } from '../../log/index.ts';

/** Makes places for stores. Each case gets one of its own. */
export interface StoreMaker {
  readonly name: string;
  make(): Promise<StorePlace>;
}

/** A place that holds one store, empty at first. */
export interface StorePlace {
  /** How long a claim of its handles lasts without a sign of life. */
  readonly leaseMs: number;
  open(): Promise<LogStore>;
  /** Another handle on the same data while the first is open, as another process would have it. */
  otherHandle(): Promise<LogStore>;
  /** Closes every handle and opens the place again: what a new process finds. */
  reopen(): Promise<LogStore>;
  /** Lets time pass for leases: an injected clock jumps, a real one has to be waited for. */
  passTime(ms: number): Promise<void>;
  /** Closes what is open and removes everything. */
  destroy(): Promise<void>;
}

export interface StoreContext {
  readonly place: StorePlace;
  /** The first handle. Its `capabilities` say which side of an optional promise has to hold. */
  readonly store: LogStore;
  readonly sha256: Sha256;
}

export interface StoreCase {
  /** Stable: reports and mutants name it. */
  readonly id: string;
  readonly group: string;
  /** What goes wrong in a run when a store breaks this promise. */
  readonly why: string;
  run(context: StoreContext): Promise<void>;
}

/** Writes a group down: the name of a case is the rest of its id. */
export function storeCases(
  group: string,
  cases: Readonly<Record<string, Pick<StoreCase, 'why' | 'run'>>>,
): readonly StoreCase[] {
  return Object.entries(cases).map(([name, { why, run }]) => ({ id: `${group}/${name}`, group, why, run }));
}
