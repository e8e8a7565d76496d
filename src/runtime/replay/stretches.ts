/**
 * Decides in which pieces a recorded run is run again: one for each time that somebody opened it, and one more wherever
 * behaviors came in. What a piece was driven with (clock, seed, frame, budget) is input and is taken from the record.
 */
import { type Clock, isJsonObject } from '../../base/index.ts';
import type { LogStore } from '../../log/index.ts';
import type { Frame } from '../behavior.ts';
import { type Budget, budgetFromJson } from '../budget.ts';
import { droveTo, type Opening, openingsOf } from '../run/opening.ts';
import type { RuntimeOptions } from '../run/options.ts';
import type { RecordedRun } from './recorded-run.ts';

/** The events behind `fromSeq`, up to and including `toSeq`. */
export interface Stretch {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Who drove it; `null` where no record says so. */
  readonly opening: Opening | null;
  readonly seed: number;
  readonly frame: Frame | null;
  /** `null` for the system's: time is what the events say. */
  readonly clock: Clock | null;
  readonly budget: Budget;
}

/** Who drove a run, what it inherits included, in order. */
export async function allOpenings(store: LogStore, runId: string): Promise<readonly Opening[]> {
  const info = await store.info(runId);
  const inherited: Opening[] = [];
  for (const { logId, toSeq } of info?.lineage ?? []) {
    const openings = await openingsOf(store, logId);
    inherited.push(...openings.filter((opening) => droveTo(opening, toSeq)));
  }
  return [...inherited, ...(await openingsOf(store, runId))];
}

/** The pieces in order, without gaps. `given` stands in where there is no record at all. */
export function stretchesOf(
  record: RecordedRun,
  openings: readonly Opening[],
  given: RuntimeOptions,
): readonly Stretch[] {
  // Records of older versions do not say since when they hold.
  const dated = openings.every(({ fromSeq }) => fromSeq !== null) ? openings : [];
  const bounds = boundsOf(record, dated);
  const limits = limitsOf(record);
  return bounds.slice(1).map((toSeq, index) => {
    const fromSeq = bounds[index] ?? 0;
    const opening = dated.findLast((other) => (other.fromSeq ?? 0) <= fromSeq) ?? null;
    const nearest = opening ?? dated[0] ?? openings.at(-1);
    return {
      fromSeq,
      toSeq,
      opening,
      seed: nearest?.seed ?? given.seed ?? 0,
      frame: nearest === undefined ? (given.frame ?? null) : nearest.frame,
      clock: nearest === undefined ? repeatable(given.clock) : nearest.clock,
      budget: opening?.budget ?? limits.find(({ seq }) => seq > fromSeq)?.budget ?? {},
    };
  });
}

/** Where there is no record, each stop may have had other limits, and packs come in where the log says so. */
function boundsOf(record: RecordedRun, dated: readonly Opening[]): readonly number[] {
  const firstDated = dated[0]?.fromSeq ?? record.length;
  const bounds = new Set([0, record.length]);
  for (const { fromSeq, behaviors } of dated) {
    bounds.add(fromSeq ?? 0);
    for (const behavior of behaviors) bounds.add(behavior.fromSeq ?? 0);
  }
  for (const { seq, type } of record.events) {
    if (seq <= firstDated && (isStop(type) || type === 'pack.loaded')) bounds.add(seq);
  }
  return [...bounds].filter((seq) => seq <= record.length).sort((left, right) => left - right);
}

/** The limits that the run had whenever it stopped. */
function limitsOf(record: RecordedRun): readonly { readonly seq: number; readonly budget: Budget }[] {
  return record.events
    .filter(({ type }) => isStop(type))
    .map(({ seq, payload: { snapshot } }) => {
      const { limits, cost_limit_usd: costLimit } =
        snapshot !== undefined && isJsonObject(snapshot) ? snapshot : {};
      const isWritten = limits !== undefined && isJsonObject(limits);
      return { seq, budget: isWritten ? budgetFromJson(limits, costLimit) : {} };
    });
}

function isStop(type: string): boolean {
  return type === 'runtime.idle' || type === 'runtime.budget_exhausted';
}

function repeatable(clock: Clock | undefined): Clock | null {
  return clock === undefined || clock.kind === 'system' ? null : clock;
}
