/**
 * Decides under which limits a stretch is repeated: those of its record. Whether the time was up is asked of the record too,
 * where the run had the time of a machine: a moment between two events cannot be repeated.
 */
import { isJsonObject } from '../../base/index.ts';
import type { Budget } from '../budget.ts';
import type { RunState } from '../run/run-state.ts';
import type { RecordedRun } from './recorded-run.ts';
import type { Stretch } from './stretches.ts';

export function stretchBudget({ budget, clock }: Stretch, record: RecordedRun, state: RunState): Budget {
  if (budget.maxSeconds === undefined || clock !== null) return budget;
  return {
    ...budget,
    get maxSeconds() {
      return isTimeUp(record, state) ? 0 : Number.MAX_SAFE_INTEGER;
    },
  };
}

/** The next event of the loop says so: it stopped after as many events, or a call was refused for it. */
function isTimeUp(record: RecordedRun, state: RunState): boolean {
  const next = record.nextOwn(state.seq);
  if (next?.type === 'behavior.failed') return next.payload['reason'] === 'budget.seconds_exhausted';
  if (next?.type !== 'runtime.budget_exhausted' || next.payload['exhausted_by'] !== 'max_seconds')
    return false;
  const { snapshot } = next.payload;
  const used = snapshot !== undefined && isJsonObject(snapshot) ? snapshot['used'] : undefined;
  const events = used !== undefined && isJsonObject(used) ? used['max_events'] : undefined;
  return typeof events !== 'number' || state.usage.events >= events;
}
