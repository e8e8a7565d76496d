/**
 * Decides when a snapshot of an open run is written: at rest, when so much has happened since the last one that writing costs
 * little beside it, and at the end of the runtime. The run never waits for it, and never fails with it.
 */
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import type { Lease, LogStore } from '../../log/index.ts';
import type { Journal } from '../run/journal.ts';
import type { RunState } from '../run/run-state.ts';
import type { RuntimePlatform } from '../platform.ts';
import { canHoldSnapshots } from './snapshot-records.ts';
import { snapshotTexts, writeSnapshot } from './write-snapshot.ts';

/** After how many projected events a snapshot is written. */
export interface SnapshotOptions {
  /** Events between two snapshots, at least; 20,000 by default. */
  readonly everyEvents: number;
}

type Texts = Iterable<string | null>;

const everyEventsDefault = 20_000;
/** Elements of the graph for each of which one more event has to happen before all of them are written again. */
const elementsPerEvent = 4;
/** At the end of the runtime it takes this fraction of the events. */
const lessAtEnd = 10;

export interface SnapshotsParts {
  readonly store: LogStore;
  readonly lease: Lease;
  readonly state: RunState;
  readonly journal: Journal;
  readonly platform: RuntimePlatform;
}

export class Snapshots {
  readonly #parts: SnapshotsParts;
  readonly #everyEvents: number;
  #lastSeq: number;
  #writing: Promise<void> | null = null;

  /** `loadedFrom` is the place of the snapshot that the run was loaded from, 0 for none. */
  constructor(parts: SnapshotsParts, loadedFrom: number, options: SnapshotOptions | false | undefined) {
    const { store, lease } = parts;
    this.#parts = parts;
    this.#lastSeq = loadedFrom;
    // What is kept in memory ends with the process that could load it.
    const isOff =
      options === false ||
      (options === undefined && store.capabilities.durability === 'memory') ||
      !canHoldSnapshots(lease.logId);
    this.#everyEvents = isOff ? Number.POSITIVE_INFINITY : (options?.everyEvents ?? everyEventsDefault);
  }

  /** Tells that the run is at rest. */
  atRest(): void {
    if (!this.#isDue(1)) return;
    // The run may go on while its texts are committed, so all of them are made first.
    this.#writing ??= this.#write((texts) => [...texts]).finally(() => (this.#writing = null));
  }

  /** Waits for what is being written, and writes a last one. */
  async end(): Promise<void> {
    await this.#writing;
    if (this.#isDue(lessAtEnd)) await this.#write((texts) => texts);
  }

  #isDue(fraction: number): boolean {
    const { state, journal } = this.#parts;
    const needed = Math.max(this.#everyEvents, journal.tables.size / elementsPerEvent) / fraction;
    return state.seq - this.#lastSeq >= Math.max(1, needed);
  }

  async #write(take: (texts: Texts) => Texts): Promise<void> {
    const { store, lease, platform, journal } = this.#parts;
    try {
      await journal.tables.prepare(platform.pause);
      const { seq, hash } = await store.head(lease.logId);
      const texts = this.#textsAt(seq);
      if (texts === null) return;
      await writeSnapshot(store, lease, { seq, hash }, take(texts), platform);
      this.#lastSeq = seq;
    } catch (error) {
      platform.warn(
        `No snapshot of run '${lease.logId}' could be written (${error instanceof Error ? error.message : String(error)}). ` +
          'The run is not affected; loading it takes longer until one is.',
      );
    }
  }

  /** `null` when the run has gone on meanwhile, or the store is elsewhere than the run believes. */
  #textsAt(seq: number): Texts | null {
    const { state, journal } = this.#parts;
    if (state.seq !== seq || journal.durableSeq !== seq) return null;
    return snapshotTexts(state, journal.tables);
  }
}

/** Throws `InvalidRuntimeConfiguration` for what is no number of events. */
export function checkSnapshotOptions(options: SnapshotOptions | false | undefined): void {
  if (options === undefined || options === false) return;
  const { everyEvents } = options;
  if (Number.isSafeInteger(everyEvents) && everyEvents >= 1) return;
  throw new InvalidRuntimeConfiguration({
    summary: `snapshots cannot be written every ${everyEvents} events`,
    whatFailed: `\`snapshots.everyEvents\` was ${everyEvents}.`,
    why: 'A number that is not understood would write snapshots all the time, or never.',
    howToFix:
      'Pass a whole number from 1, such as `snapshots: { everyEvents: 20_000 }`, or `snapshots: false`.',
    context: { every_events: String(everyEvents) },
  });
}
