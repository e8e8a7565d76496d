/**
 * Decides how much a run may use. Usage is counted from events and nothing else, so a resumed run has used what the log says,
 * and a fork has used what its past used.
 */
import {
  addUsd,
  compareUsd,
  InvalidRuntimeConfiguration,
  isUsd,
  type JsonObject,
  type JsonValue,
  subtractUsd,
  type Usd,
  zeroUsd,
} from '../base/index.ts';

/** Limits of a run. What is left out is unlimited. */
export interface Budget {
  /** Events taken from the queue. */
  readonly maxEvents?: number;
  /** Invocations of behaviors. */
  readonly maxBehaviorCalls?: number;
  /** Questions put to a model, each turn counted; answers from a cache are not. */
  readonly maxLlmCalls?: number;
  /** Tool calls, those from a cache not counted. */
  readonly maxToolCalls?: number;
  /** Patches applied. */
  readonly maxPatches?: number;
  /** Seconds since the last goal, by the run's clock. */
  readonly maxSeconds?: number;
  /** Decimal text, such as `"5.00"`. */
  readonly maxCostUsd?: Usd;
}

const dimensions = [
  'maxEvents',
  'maxBehaviorCalls',
  'maxLlmCalls',
  'maxToolCalls',
  'maxPatches',
  'maxSeconds',
] as const;
type Dimension = (typeof dimensions)[number];

/** Names as they stand in events. */
const storedNames: Readonly<Record<Dimension | 'maxCostUsd', string>> = {
  maxEvents: 'max_events',
  maxBehaviorCalls: 'max_behavior_calls',
  maxLlmCalls: 'max_llm_calls',
  maxToolCalls: 'max_tool_calls',
  maxPatches: 'max_patches',
  maxSeconds: 'max_seconds',
  maxCostUsd: 'max_cost_usd',
};

/** Refuses limits that are not numbers, and names that are not dimensions: a misspelled limit would not limit. */
export function checkBudget(budget: Budget): Budget {
  for (const [name, limit] of Object.entries(budget)) {
    const isKnown = Object.hasOwn(storedNames, name);
    const isValid =
      name === 'maxCostUsd'
        ? typeof limit === 'string' && isUsd(limit)
        : typeof limit === 'number' && limit >= 0;
    if (isKnown && (limit === undefined || isValid)) continue;
    throw new InvalidRuntimeConfiguration({
      summary: isKnown
        ? `budget ${name} ${JSON.stringify(limit)} is not a limit`
        : `budget has no dimension '${name}'`,
      whatFailed: `The budget holds ${name}: ${JSON.stringify(limit)}.`,
      why: 'A limit that is not understood would let a run spend without end.',
      howToFix: `Use ${Object.keys(storedNames).join(', ')}; numbers from 0, and maxCostUsd as decimal text such as "5.00".`,
      context: { dimension: name },
    });
  }
  return Object.freeze({ ...budget });
}

/** What has been used, kept up to date by `RunState`. */
export class Usage {
  events = 0;
  behaviorCalls = 0;
  llmCalls = 0;
  toolCalls = 0;
  patches = 0;
  costUsd: Usd = zeroUsd;
  goalAtMs: number | null = null;

  addCost(amount: JsonValue | undefined): void {
    if (typeof amount === 'string' && isUsd(amount) && amount !== '0')
      this.costUsd = addUsd(this.costUsd, amount);
  }

  used(nowMs: number): Readonly<Record<Dimension, number>> {
    return {
      maxEvents: this.events,
      maxBehaviorCalls: this.behaviorCalls,
      maxLlmCalls: this.llmCalls,
      maxToolCalls: this.toolCalls,
      maxPatches: this.patches,
      maxSeconds: this.goalAtMs === null ? 0 : Math.max(0, (nowMs - this.goalAtMs) / 1000),
    };
  }
}

/** What stops a call inside an invocation. The rest was decided before the invocation was started. */
export const callDimensions = {
  model: ['maxLlmCalls', 'maxSeconds'],
  tool: ['maxToolCalls', 'maxSeconds'],
} as const;

/** The first of some dimensions (all by default) that is used up, by its stored name; `null` while everything is left. */
export function exhaustedBy(
  budget: Budget,
  usage: Usage,
  nowMs: number,
  among: readonly Dimension[] = dimensions,
): string | null {
  const used = usage.used(nowMs);
  for (const dimension of among) {
    const limit = budget[dimension];
    if (limit !== undefined && used[dimension] >= limit) return storedNames[dimension];
  }
  if (budget.maxCostUsd !== undefined && compareUsd(usage.costUsd, budget.maxCostUsd) >= 0)
    return storedNames.maxCostUsd;
  return null;
}

/** `max_llm_calls` -> `budget.llm_calls_exhausted`, as reason codes are spelled. */
export function budgetReason(storedName: string): string {
  const short = storedName.replace(/^max_/, '').replace(/_usd$/, '');
  return `budget.${short}_exhausted`;
}

export function remainingUsd(budget: Budget, usage: Usage): Usd | null {
  return budget.maxCostUsd === undefined ? null : subtractUsd(budget.maxCostUsd, usage.costUsd);
}

/** The form in which idle and exhausted events carry it. */
export function budgetSnapshot(budget: Budget, usage: Usage, nowMs: number): JsonObject {
  const used = usage.used(nowMs);
  const usedJson: Record<string, number> = {};
  const limits: Record<string, number | null> = {};
  for (const dimension of dimensions) {
    usedJson[storedNames[dimension]] = used[dimension];
    limits[storedNames[dimension]] = budget[dimension] ?? null;
  }
  usedJson[storedNames.maxCostUsd] = Number(usage.costUsd);
  limits[storedNames.maxCostUsd] = budget.maxCostUsd === undefined ? null : Number(budget.maxCostUsd);
  return { used: usedJson, limits, cost_used_usd: usage.costUsd, cost_limit_usd: budget.maxCostUsd ?? null };
}
