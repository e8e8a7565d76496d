/**
 * Decides what a case of the store kit is, and what somebody has to bring to run them: a way to make places that hold a store.
 * Cases are data and know no test runner.
 */
import type { Sha256 } from '../../base/index.ts';
import type { LogStore, StoreCapabilities } from '../../log/index.ts';

/** Makes places for stores. Each case gets one of its own. */
export interface StoreMaker {
  readonly name: string;
  make(): Promise<StorePlace>;
  /** What the cases that kill need of a store that survives its process. */
  readonly processes?: ProcessPlaces;
}

/** Places that a process opens which another one has made: it is told an address, and nothing else. */
export interface ProcessPlaces {
  /** How long a claim lasts of a process that is gone, at most. It is waited for, so keep it short. */
  readonly leaseMs: number;
  /** Makes an empty place, and says where it is. */
  make(): Promise<string>;
  /** Opens the store there, in the process that calls. */
  open(address: string): Promise<LogStore>;
  /** Removes everything. The store may be open in a process that was killed, and nowhere else. */
  destroy(address: string): Promise<void>;
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
  /**
   * A further handle whose process dies before its `n`th write to the medium after it was opened, counted from 1: that write
   * and all later ones are never done, and every call rejects from then on. Without this the crash cases stop between two calls.
   */
  openDying?(n: number): Promise<LogStore>;
  /** Closes what is open and removes everything. */
  destroy(): Promise<void>;
}

/** What a case of stores works with. */
export interface StoreContext {
  readonly place: StorePlace;
  /** The first handle. Its `capabilities` say which side of an optional promise has to hold. */
  readonly store: LogStore;
  readonly sha256: Sha256;
  /** What chance is drawn from in the cases that draw; said in their failures. */
  readonly seed: number;
  /** A further place of the same maker, empty; it is removed after the case. */
  readonly makePlace: () => Promise<StorePlace>;
  /** Removes such a place before the end of the case: for cases that need many, one after another. */
  readonly removePlace: (place: StorePlace) => Promise<void>;
}

/** What a store may leave out, when it says so. */
export type OptionalPromise = 'durability' | 'atomicCommit';

/** The promise that a case needs, and how a store that does not give it has to refuse. */
export interface CapabilityNeed {
  readonly promise: OptionalPromise;
  /** What a store does instead that does not declare it: it refuses with its error, or shows that it does not pretend. */
  refuses(context: StoreContext): Promise<void>;
}

/** One promise of a store, and what would go wrong without it. */
export interface StoreCase {
  /** Stable: reports and mutants name it. */
  readonly id: string;
  readonly group: string;
  /** What goes wrong in a run when a store breaks this promise. */
  readonly why: string;
  /** `null` for what every store has to do. */
  readonly needs: CapabilityNeed | null;
  run(context: StoreContext): Promise<void>;
}

/** True when the store declares it. */
export function declares(capabilities: StoreCapabilities, promise: OptionalPromise): boolean {
  return promise === 'durability' ? capabilities.durability !== 'memory' : capabilities.atomicCommit;
}

type CaseBody = Pick<StoreCase, 'why' | 'run'> & { readonly needs?: CapabilityNeed };

/** Writes a group down: the name of a case is the rest of its id. */
export function storeCases(group: string, cases: Readonly<Record<string, CaseBody>>): readonly StoreCase[] {
  return Object.entries(cases).map(([name, { why, run, needs = null }]) => ({
    id: `${group}/${name}`,
    group,
    why,
    needs,
    run,
  }));
}
