/** Decides how tests get a store in memory whose clock they can set, so that claims lapse when a test wants them to. */
import { sha256 } from 'runlog';
import { type LogStore, MemoryDatabase, openMemoryStore } from 'runlog/log';

export interface MemoryPlace {
  readonly database: MemoryDatabase;
  /** A further handle on the same data. */
  open(): LogStore;
  /** Lets every claim on a run lapse, as if its owner had died a while ago. */
  lapse(): void;
}

export function memoryPlace(): MemoryPlace {
  const database = new MemoryDatabase();
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    database,
    open: () => openMemoryStore({ sha256, nowMs: () => nowMs, database }),
    lapse: () => {
      nowMs += 3_600_000;
    },
  };
}
