/**
 * Decides what a policy is: how much a run may use, which tools it may use, and what happens when it does more. A policy is a frozen
 * value; how it is heeded is decided elsewhere.
 */
import {
  checkArguments,
  compareUsd,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readUsd,
  type Usd,
} from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { Fields } from '../model/fields.ts';

/** What happens when a run does more than it may, the strictest first: it ends; it waits until a person approves; it is told. */
export const policyActions = ['cancel', 'request_approval', 'warn'] as const;
/** What a broken limit does: warn, ask a person, or end the run. */
export type PolicyAction = (typeof policyActions)[number];

/** The most that a run may use; `null` where nothing is said. What is used up exactly is not exceeded. */
export interface PolicyLimits {
  /** Input, output and what goes through caches, summed over the run. */
  readonly maxTotalTokens: number | null;
  /** From the beginning of the run, without the time in which it waits for a person. */
  readonly maxDurationMs: number | null;
  readonly maxToolCalls: number | null;
  readonly maxCostUsd: Usd | null;
}

/** The only tools, or tools that are out; names are compared whole. */
export type ToolRule = { readonly allow: readonly string[] } | { readonly deny: readonly string[] };

/** Limits of a run of an agent, rules for its tools, and what happens when one is broken. */
export interface Policy {
  readonly name: string;
  readonly limits: PolicyLimits;
  /** All of them hold: a tool has to be in every `allow`, and in no `deny`. */
  readonly toolRules: readonly ToolRule[];
  readonly onViolation: PolicyAction;
  readonly metadata: JsonObject;
}

/** A policy to be made; what is left out limits nothing. */
export interface NewPolicy {
  /** `default` when it is left out. */
  readonly name?: string;
  readonly limits?: Partial<PolicyLimits>;
  readonly toolRules?: readonly ToolRule[];
  /** `cancel` when it is left out. */
  readonly onViolation?: PolicyAction;
  readonly metadata?: JsonObject;
}

const limitKeys = {
  maxTotalTokens: 'max_total_tokens',
  maxDurationMs: 'max_duration_ms',
  maxToolCalls: 'max_tool_calls',
  maxCostUsd: 'max_cost_usd',
} as const satisfies Readonly<Record<keyof PolicyLimits, string>>;
/** What a policy says, and how that is called where it is stored. */
const knobs = {
  name: 'name',
  limits: 'limits',
  toolRules: 'tool_rules',
  onViolation: 'on_violation',
  metadata: 'metadata',
} as const satisfies Readonly<Record<keyof NewPolicy, string>>;
const countKeys: readonly string[] = [
  limitKeys.maxTotalTokens,
  limitKeys.maxDurationMs,
  limitKeys.maxToolCalls,
];

/** Throws `ValidationError` for a limit below 0, a rule that is none, an action that is not known, and a name that is not. */
export function newPolicy(given: NewPolicy = {}): Policy {
  checkArguments('newPolicy', { given: [given, 'object'] });
  checkNames(given);
  const { name, limits = {}, toolRules = [], onViolation, metadata = {} } = given;
  return policyFromJson({
    ...(name === undefined ? {} : { name }),
    limits: limitsToJson(limits),
    tool_rules: toolRules,
    ...(onViolation === undefined ? {} : { on_violation: onViolation }),
    metadata,
  });
}

/** Another policy in which what is handed in takes the place of what this one says. Throws as `newPolicy` does. */
export function mergePolicy(policy: Policy, overrides: NewPolicy): Policy {
  checkArguments('mergePolicy', { policy: [policy, 'with limits'], overrides: [overrides, 'object'] });
  checkNames(overrides);
  const limits = { ...policy.limits, ...overrides.limits };
  return newPolicy({ ...policy, ...overrides, limits });
}

/** A name that is passed over would limit nothing. */
function checkNames(given: NewPolicy): void {
  checkKnown('policy', 'knob', Object.keys(given), Object.keys(knobs));
  const { limits = {} } = given;
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits))
    throw invalid('limits', 'must be a map, such as { maxToolCalls: 20 }');
  checkKnown('limits', 'limit', Object.keys(limits), Object.keys(limitKeys));
}

function checkKnown(field: string, what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw invalid(field, `'${unknown}' is no ${what}; there are ${known.join(', ')}`);
}

/** Reads a policy: `{ name?, limits?: [{ max_tool_calls: 3 }], tool_rules?: [{ deny: ['bash'] }], on_violation?, metadata? }`. */
export function policyFromJson(json: unknown): Policy {
  const fields = new Fields('policy', json);
  checkKnown('policy', 'knob', fields.names(), Object.values(knobs));
  const action = fields.textOr('on_violation', () => 'cancel');
  const onViolation = policyActions.find((known) => known === action);
  if (onViolation === undefined) throw invalid('on_violation', `must be one of ${policyActions.join(', ')}`);
  const limits = fields.list('limits').map(limitFromJson);
  const countOf = (key: string): number | null => {
    const counts = limits.flatMap(([name, most]) => (name === key && typeof most === 'number' ? [most] : []));
    return counts.length === 0 ? null : Math.min(...counts);
  };
  const costs = limits.flatMap(([name, most]) =>
    name === limitKeys.maxCostUsd && typeof most === 'string' ? [most] : [],
  );
  return Object.freeze({
    name: fields.textOr('name', () => 'default'),
    limits: Object.freeze({
      maxTotalTokens: countOf(limitKeys.maxTotalTokens),
      maxDurationMs: countOf(limitKeys.maxDurationMs),
      maxToolCalls: countOf(limitKeys.maxToolCalls),
      maxCostUsd: costs.toSorted(compareUsd)[0] ?? null,
    }),
    toolRules: Object.freeze(fields.list('tool_rules').map(ruleFromJson)),
    onViolation,
    metadata: fields.map('metadata'),
  });
}

/** As it is stored. */
export function policyToJson({ name, limits, toolRules, onViolation, metadata }: Policy): JsonObject {
  return {
    name,
    limits: limitsToJson(limits),
    tool_rules: toolRules.map((rule) =>
      'allow' in rule ? { allow: [...rule.allow] } : { deny: [...rule.deny] },
    ),
    on_violation: onViolation,
    metadata,
  };
}

function limitsToJson(limits: Partial<PolicyLimits>): readonly JsonObject[] {
  const { maxTotalTokens, maxDurationMs, maxToolCalls, maxCostUsd } = limits;
  const all = [
    [limitKeys.maxTotalTokens, maxTotalTokens],
    [limitKeys.maxDurationMs, maxDurationMs],
    [limitKeys.maxToolCalls, maxToolCalls],
    [limitKeys.maxCostUsd, maxCostUsd],
  ] as const;
  return all.flatMap(([key, most]) => (most === undefined || most === null ? [] : [{ [key]: most }]));
}

function limitFromJson(json: JsonValue): readonly [string, number | Usd] {
  const entries = isJsonObject(json) ? Object.entries(json) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw invalid('limits', 'must be a list of maps of one limit');
  const [key, value] = entry;
  if (countKeys.includes(key)) {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return [key, value];
    throw invalid(key, 'must be a whole number from 0');
  }
  checkKnown('limits', 'limit', [key], Object.values(limitKeys));
  const amount = typeof value === 'number' || typeof value === 'string' ? readUsd(String(value)) : null;
  if (amount === null || compareUsd(amount, '0') < 0) throw invalid(key, 'must be an amount from 0');
  return [key, amount];
}

function ruleFromJson(json: JsonValue): ToolRule {
  const keys = isJsonObject(json) ? Object.keys(json) : [];
  if (!isJsonObject(json) || keys.length !== 1 || !['allow', 'deny'].includes(keys[0] ?? '')) {
    throw invalid('tool_rules', 'must be a list of { allow: names } and { deny: names }');
  }
  const fields = new Fields('tool rule', json);
  return fields.has('allow')
    ? Object.freeze({ allow: fields.texts('allow') })
    : Object.freeze({ deny: fields.texts('deny') });
}

function invalid(field: string, problem: string): Error {
  return sessionError('validation_error', `${field} ${problem}`, {
    details: { field },
    whatFailed: `A policy was read: ${field} ${problem}.`,
  });
}
