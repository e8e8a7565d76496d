/** Decides what a run says about itself at a glance, from its events alone. Field names are those of the specification. */
import type { JsonObject } from '../../base/index.ts';
import { type Budget, budgetSnapshot } from '../budget.ts';
import type { RunState } from './run-state.ts';

export type RunCondition = 'idle' | 'running' | 'stopped' | 'exhausted';

export interface BehaviorSummary {
  readonly name: string;
  readonly kind: 'function' | 'relation' | 'llm';
  readonly subscribedTo: readonly string[];
  readonly activateAfter: number | null;
}

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
  /** How many of the last events to list. */
  readonly recent: number;
}

export function statusOf(input: StatusInput): RuntimeStatus {
  const { state } = input;
  const atEnd = state.lastStop !== null && state.lastStop.seq === state.seq;
  const exhaustedBy = atEnd && state.lastStop?.type === 'runtime.budget_exhausted';
  return {
    runId: input.runId,
    state: conditionOf(input, atEnd),
    queueDepth: state.queueDepth,
    eventsProcessed: state.seq,
    budget: {
      ...budgetSnapshot(input.budget, state.usage, input.nowMs),
      exhausted_by: exhaustedBy ? lastExhaustedBy(state) : null,
    },
    frame: state.frameId === null ? null : { id: state.frameId, goal: input.frameGoal },
    behaviors: input.behaviors,
    scheduled: state.scheduled.size,
    pendingApprovals: state.approvals.size,
    failures: state.failures.length,
    recentEvents: state.recent
      .last(input.recent)
      .map(({ id, type, actor, timestamp }) => ({ id, type, actor, timestamp })),
  };
}

function conditionOf({ state, isRunning }: StatusInput, atEnd: boolean): RunCondition {
  if (isRunning) return 'running';
  if (atEnd && state.lastStop?.type === 'runtime.budget_exhausted') return 'exhausted';
  return state.queueDepth === 0 ? 'idle' : 'stopped';
}

function lastExhaustedBy(state: RunState): string | null {
  const by = state.recent.last(1)[0]?.payload['exhausted_by'];
  return typeof by === 'string' ? by : null;
}
