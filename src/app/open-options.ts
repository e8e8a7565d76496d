/** Decides what `open` and `load` take, and by which names, for callers without types. */
import type { LogStore } from '../log/index.ts';
import type { PackRequest } from '../packs/index.ts';
import { type RuntimeOptions, runtimeOptionNames } from '../runtime/index.ts';

/** What a run is opened with: packs and the store besides what a runtime takes. */
export interface OpenOptions extends RuntimeOptions {
  /** Packs to load, in order: a pack, or a pack with settings. */
  readonly packs?: readonly PackRequest[];
  /** Where the run is kept: a path or URL (SQLite). Not together with `store`. */
  readonly persistTo?: string | URL;
  /** An open store; closing the runtime leaves it open. */
  readonly store?: LogStore;
}

/** What a run is loaded with: the id, and what `open` takes. */
export interface LoadOptions extends OpenOptions {
  /** The run to load; the one that was created last when this is left out. */
  readonly runId?: string;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
export const openOptionNames: readonly string[] = [
  ...Object.keys({ packs: true, persistTo: true, store: true } satisfies Record<
    Exclude<keyof LoadOptions, keyof RuntimeOptions>,
    true
  >),
  ...runtimeOptionNames,
];
