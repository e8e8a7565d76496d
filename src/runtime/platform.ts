/** Decides what the runtime needs of the machine it runs on; `app` hands the real one in, tests hand in what repeats. */
import type { Canceller, Clock, Sha256, Sleep } from '../base/index.ts';

/** What the runtime needs of the machine: hash, clocks, sleep, ids. Everything else is pure. */
export interface RuntimePlatform {
  readonly sha256: Sha256;
  /** The clock of a run that was given no other. */
  readonly clock: Clock;
  /** Milliseconds of wall time; used for the age of a batch and for `createdAt`, never for what is decided. */
  readonly nowMs: () => number;
  /** As `nowMs`, with parts of a millisecond and never going back, for what is measured; `nowMs` when it is left out. */
  readonly preciseMs?: () => number;
  readonly newCanceller: () => Canceller;
  readonly sleep: Sleep;
  /** Lets timers, signals and sockets of the process have their turn. */
  readonly pause: () => Promise<void>;
  /** A new id for a run, unique without asking anybody. */
  readonly newRunId: () => string;
  /** Hears what somebody should know and nothing fails for. */
  readonly warn: (message: string) => void;
  /** Version of the engine, for the record of who drove a run. */
  readonly engineVersion: string;
}
