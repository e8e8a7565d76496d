/**
 * Decides what a case of the session store kit is, and what somebody has to bring to run them: a way to make places that hold
 * sessions. Cases are data and know no test runner.
 */
import type { Sleep } from '../../base/index.ts';
import type { Mint, SessionStore, SessionStoreCapabilities } from '../../sessions/index.ts';

/** Makes places for session stores. Each case gets one of its own. */
export interface SessionStoreMaker {
  readonly name: string;
  make(): Promise<SessionStorePlace>;
  /** What the cases that kill need of a store that survives its process. */
  readonly processes?: SessionProcessPlaces;
}

/** Places that a process opens which another one has made: it is told an address, and nothing else. */
export interface SessionProcessPlaces {
  /** Makes an empty place, and says where it is. */
  make(): Promise<string>;
  /** Opens the store there, in the process that calls. It is closed by its `close`, when it has one. */
  open(address: string): Promise<SessionStore>;
  /** Removes everything. The store may be open in a process that was killed, and nowhere else. */
  destroy(address: string): Promise<void>;
}

/** A place that holds one session store, empty at first. */
export interface SessionStorePlace {
  open(): Promise<SessionStore>;
  /** Another handle on the same sessions while the first is open, as another process would have it. */
  otherHandle(): Promise<SessionStore>;
  /** Closes every handle and opens the place again: what a new process finds. */
  reopen(): Promise<SessionStore>;
  /** Closes the handles that are open: those who wait are answered. */
  closeAll(): Promise<void>;
  /**
   * A further handle whose process dies before its `n`th write to the medium after it was opened, counted from 1: that write and
   * all later ones are never done. Without this the crash cases stop between two calls.
   */
  openDying?(n: number): Promise<SessionStore>;
  /** Closes what is open and removes everything. */
  destroy(): Promise<void>;
}

/** What a case of session stores works with. */
export interface SessionContext {
  readonly place: SessionStorePlace;
  /** The first handle. Its `capabilities` say which side of an optional promise has to hold. */
  readonly store: SessionStore;
  /** Ids and times that repeat. */
  readonly mint: Mint;
  readonly sleep: Sleep;
  /** A further place of the same maker, empty; it is removed after the case. */
  readonly makePlace: () => Promise<SessionStorePlace>;
}

/** What a session store may leave out, when it says so. */
export type OptionalSessionPromise = 'durability' | 'atomicCommit' | 'waits';

/** The promise that a case needs, and how a store that does not give it has to refuse. */
export interface SessionNeed {
  readonly promise: OptionalSessionPromise;
  /** What a store does instead that does not declare it. */
  refuses(context: SessionContext): Promise<void>;
}

/** One promise of a session store, and what would go wrong without it. */
export interface SessionCase {
  /** Stable: reports and mutants name it. */
  readonly id: string;
  readonly group: string;
  /** The properties of the session specification that it stands for; none for what is asked besides. */
  readonly properties: readonly number[];
  /** What goes wrong for whoever uses a store that breaks this promise. */
  readonly why: string;
  /** `null` for what every session store has to do. */
  readonly needs: SessionNeed | null;
  run(context: SessionContext): Promise<void>;
}

/** True when the store declares it. */
export function declaresSession(
  capabilities: SessionStoreCapabilities,
  promise: OptionalSessionPromise,
): boolean {
  return promise === 'durability' ? capabilities.durability !== 'memory' : capabilities[promise];
}

type CaseBody = Pick<SessionCase, 'why' | 'run'> & {
  readonly properties?: readonly number[];
  readonly needs?: SessionNeed;
};

/** Writes a group down: the name of a case is the rest of its id. */
export function sessionCases(
  group: string,
  cases: Readonly<Record<string, CaseBody>>,
): readonly SessionCase[] {
  return Object.entries(cases).map(([name, { why, run, needs = null, properties = [] }]) => ({
    id: `${group}/${name}`,
    group,
    properties,
    why,
    needs,
    run,
  }));
}
