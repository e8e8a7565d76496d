/** Decides what a run says about itself at a glance, from its events alone. Field names are those of the specification. */
import { InvalidRuntimeConfiguration, type JsonObject } from '../../base/index.ts';
import { type Budget, budgetSnapshot } from '../budget.ts';
import type { RunState } from './run-state.ts';

/** What a run is doing: working, idle, out of budget, waiting for a person, or ended. */
export type RunCondition = 'idle' | 'running' | 'stopped' | 'exhausted';

/** A behavior as a status shows it. */
export interface BehaviorSummary {
  readonly name: string;
  readonly kind: 'function' | 'relation' | 'llm';
  readonly subscribedTo: readonly string[];
  readonly activateAfter: number | null;
}

/** Where a run stands, from its log: state, queue, budget, behaviors, approvals, failures. */
export interface RuntimeStatus {
  readonly runId: string;
  /** `idle`: nothing to do. `stopped`: there is, and nobody works on it. `exhausted`: the budget is used up. */
  readonly state: RunCondition;
  readonly queueDepth: number;
  /** Length of the log. */
  readonly eventsProcessed: number;
  /** `{ used, limits, cost_used_usd, cost_limit_usd, exhausted_by }` */
  readonly budget: JsonObject;
  readonly frame: { readonly id: string; readonly goal: string | null } | null;
  readonly behaviors: readonly BehaviorSummary[];
  readonly scheduled: number;
  readonly pendingApprovals: number;
  readonly failures: number;
  readonly recentEvents: readonly {
    readonly id: string;
    readonly type: string;
    readonly actor: string | null;
    readonly timestamp: string;
  }[];
}

export interface StatusInput {
  readonly runId: string;
  readonly state: RunState;
  readonly budget: Budget;
  readonly nowMs: number;
  readonly isRunning: boolean;
  readonly frameGoal: string | null;
  readonly behaviors: readonly BehaviorSummary[];
  /** Events that are not worked off; as the log alone has it when this is left out. */
  readonly queueDepth?: number;
  /** How many of the last events to list. */
  readonly recent: number;
}

/** Throws `InvalidRuntimeConfiguration` for what is no number of events. */
export function checkRecent(recent: number): number {
  if (Number.isInteger(recent) && recent >= 0) return recent;
  throw new InvalidRuntimeConfiguration({
    summary: `status cannot list ${String(recent)} events`,
    whatFailed: `\`recent\` was ${String(recent)}.`,
    why: 'A number that is not understood would be answered with some list, and nobody could say of what.',
    howToFix: 'Pass a whole number from 0, such as `status({ recent: 20 })`.',
    context: { recent: String(recent) },
  });
}

/** Computes the status of a run out of its state. */
export function statusOf(input: StatusInput): RuntimeStatus {
  const { state } = input;
  const { lastStop, queueDepth: loggedDepth } = state;
  const { queueDepth = loggedDepth } = input;
  const atEnd = lastStop !== null && lastStop.seq === state.seq;
  const exhaustedBy = atEnd ? lastStop.exhaustedBy : null;
  return {
    runId: input.runId,
    state: conditionOf({ isRunning: input.isRunning, isExhausted: exhaustedBy !== null, queueDepth }),
    queueDepth,
    eventsProcessed: state.seq,
    budget: {
      ...budgetSnapshot(input.budget, state.usage, input.nowMs),
      exhausted_by: exhaustedBy,
    },
    frame: state.frameId === null ? null : { id: state.frameId, goal: input.frameGoal },
    behaviors: input.behaviors,
    scheduled: state.schedule.size,
    pendingApprovals: state.approvals.size,
    failures: state.failures.length,
    recentEvents: state.recent
      .last(input.recent)
      .map(({ id, type, actor, timestamp }) => ({ id, type, actor, timestamp })),
  };
}

function conditionOf(found: {
  readonly isRunning: boolean;
  readonly isExhausted: boolean;
  readonly queueDepth: number;
}): RunCondition {
  if (found.isRunning) return 'running';
  if (found.isExhausted) return 'exhausted';
  return found.queueDepth === 0 ? 'idle' : 'stopped';
}
