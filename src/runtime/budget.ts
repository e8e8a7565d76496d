/**
 * Decides how much a run may use. Usage is counted from events and nothing else, so a resumed run has used what the log says,
 * and a fork has used what its past used.
 */
import {
  addUsd,
  compareUsd,
  InvalidRuntimeConfiguration,
  isUsd,
  readUsd,
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

const countedDimensions = [
  'maxEvents',
  'maxBehaviorCalls',
  'maxLlmCalls',
  'maxToolCalls',
  'maxPatches',
  'maxSeconds',
] as const;
type CountedDimension = (typeof countedDimensions)[number];
export type Dimension = CountedDimension | 'maxCostUsd';

/** Names as they stand in events. */
const storedNames: Readonly<Record<Dimension, string>> = {
  maxEvents: 'max_events',
  maxBehaviorCalls: 'max_behavior_calls',
  maxLlmCalls: 'max_llm_calls',
  maxToolCalls: 'max_tool_calls',
  maxPatches: 'max_patches',
  maxSeconds: 'max_seconds',
  maxCostUsd: 'max_cost_usd',
};

/**
 * Refuses limits that are not numbers, and names that are not dimensions: a misspelled limit would not limit. A limit that
 * cannot be reached is left out.
 */
export function checkBudget(budget: Budget): Budget {
  if (typeof budget !== 'object' || budget === null || Array.isArray(budget)) throw notABudget();
  const limits = Object.entries(budget).filter(
    ([, limit]) => limit !== undefined && limit !== Number.POSITIVE_INFINITY,
  );
  for (const [name, limit] of limits) {
    const isKnown = Object.hasOwn(storedNames, name);
    const isValid = name === 'maxCostUsd' ? isAmount(limit) : isCount(name, limit);
    if (isKnown && isValid) continue;
    throw new InvalidRuntimeConfiguration({
      summary: isKnown
        ? `budget ${name} ${JSON.stringify(limit)} is not a limit`
        : `budget has no dimension '${name}'`,
      whatFailed: `The budget holds ${name}: ${JSON.stringify(limit)}.`,
      why: 'A limit that is not understood would let a run spend without end.',
      howToFix: `Use ${Object.keys(storedNames).join(', ')}; whole numbers from 0, and maxCostUsd as decimal text such as "5.00".`,
      context: { dimension: name },
    });
  }
  return Object.freeze(Object.fromEntries(limits));
}

function notABudget(): Error {
  return new InvalidRuntimeConfiguration({
    summary: 'a budget is no object of limits',
    whatFailed: 'Something else than an object was given for a budget.',
    why: 'A limit that is not understood would let a run spend without end.',
    howToFix: 'Pass an object such as `budget: { maxLlmCalls: 10 }`, or leave it out.',
  });
}

/** Seconds may be parts of one; everything else is counted. */
function isCount(name: string, limit: unknown): boolean {
  if (typeof limit !== 'number' || !(limit >= 0) || limit > Number.MAX_SAFE_INTEGER) return false;
  return name === 'maxSeconds' || Number.isInteger(limit);
}

function isAmount(limit: unknown): boolean {
  return typeof limit === 'string' && isUsd(limit) && compareUsd(limit, zeroUsd) >= 0;
}

/** Where `Usage` counts each dimension; seconds are read off the clock. */
const counters = {
  maxEvents: 'events',
  maxBehaviorCalls: 'behaviorCalls',
  maxLlmCalls: 'llmCalls',
  maxToolCalls: 'toolCalls',
  maxPatches: 'patches',
} as const;

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
    const cost = typeof amount === 'string' ? readUsd(amount) : null;
    if (cost !== null && cost !== zeroUsd) this.costUsd = addUsd(this.costUsd, cost);
  }

  used(dimension: CountedDimension, nowMs: number): number {
    if (dimension !== 'maxSeconds') return this[counters[dimension]];
    return this.goalAtMs === null
      ? 0
      : Math.max(0, Math.floor(nowMs / 1000) - Math.floor(this.goalAtMs / 1000));
  }
}

/** What ends the loop. */
export const loopDimensions: readonly Dimension[] = [...countedDimensions, 'maxCostUsd'];
/** What keeps a model from being asked in an invocation that is under way. */
export const modelDimensions: readonly Dimension[] = ['maxLlmCalls', 'maxSeconds', 'maxCostUsd'];
/** What keeps a tool from being called in an invocation that is under way. */
export const toolDimensions: readonly Dimension[] = ['maxToolCalls', 'maxSeconds', 'maxCostUsd'];

/** The first of some dimensions that is used up, by its stored name; `null` while everything is left. */
export function exhaustedBy(
  budget: Budget,
  usage: Usage,
  nowMs: number,
  dimensions: readonly Dimension[] = loopDimensions,
): string | null {
  for (const dimension of dimensions) {
    if (isUsedUp(dimension, budget, usage, nowMs)) return storedNames[dimension];
  }
  return null;
}

function isUsedUp(dimension: Dimension, budget: Budget, usage: Usage, nowMs: number): boolean {
  if (dimension === 'maxCostUsd') {
    return budget.maxCostUsd !== undefined && compareUsd(usage.costUsd, budget.maxCostUsd) >= 0;
  }
  const limit = budget[dimension];
  return limit !== undefined && usage.used(dimension, nowMs) >= limit;
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
  const usedJson: Record<string, number> = {};
  const limits: Record<string, number | null> = {};
  for (const dimension of countedDimensions) {
    usedJson[storedNames[dimension]] = usage.used(dimension, nowMs);
    limits[storedNames[dimension]] = budget[dimension] ?? null;
  }
  usedJson[storedNames.maxCostUsd] = Number(usage.costUsd);
  limits[storedNames.maxCostUsd] = budget.maxCostUsd === undefined ? null : Number(budget.maxCostUsd);
  return { used: usedJson, limits, cost_used_usd: usage.costUsd, cost_limit_usd: budget.maxCostUsd ?? null };
}

/** The limits as they stand in the record of who drove a run. */
export function budgetToJson(budget: Budget): JsonObject {
  return Object.fromEntries(
    loopDimensions.flatMap((dimension) => {
      const limit = budget[dimension];
      return limit === undefined ? [] : [[storedNames[dimension], limit]];
    }),
  );
}

/** Limits that were written down, in a record or in a snapshot; what is no limit is left out. */
export function budgetFromJson(limits: JsonObject, costLimit: JsonValue | undefined): Budget {
  const read = loopDimensions.map((dimension) => {
    const limit = dimension === 'maxCostUsd' ? costLimit : limits[storedNames[dimension]];
    return [dimension, limit ?? undefined] as const;
  });
  return checkBudget(Object.fromEntries(read.filter(([, limit]) => limit !== undefined)));
}
