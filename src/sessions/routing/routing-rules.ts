/** Decides which agents are asked for a run and in which order, from what is preferred, excluded, weighted and required. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { Capability } from '../capabilities/capability.ts';
import { sessionError } from '../errors/session-error.ts';
import { Fields } from '../model/fields.ts';

/** `prefer`: as listed, then the others. `weighted`: the heaviest first, less what failed lately. */
export const routingStrategies = ['prefer', 'weighted'] as const;
/** How a router chooses. */
export type RoutingStrategy = (typeof routingStrategies)[number];

/** Which agent is asked first, which never, how often is tried. */
export interface RoutingRules {
  readonly strategy: RoutingStrategy;
  readonly prefer: readonly string[];
  readonly exclude: readonly string[];
  /** 1 for an agent that has none. */
  readonly weights: Readonly<Record<string, number>>;
  /** So many agents are asked for one run. */
  readonly maxAttempts: number;
  /** A type, or a type with a name; an agent without one of them is not asked. */
  readonly requiredCapabilities: readonly RequiredCapability[];
}

/** A capability that an agent must have, by type and, when not null, by name. */
export interface RequiredCapability {
  readonly type: string;
  readonly name: string | null;
}

/** What is known of an agent when one is chosen. */
export interface Choice {
  readonly id: string;
  readonly capabilities: readonly Capability[];
  readonly penalty: number;
}

/** The rules of one run: what its settings say in `routing`, in the place of what the router says. Throws `ValidationError`. */
export function rulesOf(base: RoutingRules, routing: JsonValue | undefined): RoutingRules {
  if (routing === undefined) return base;
  const fields = new Fields('routing', routing);
  const strategy = fields.textOr('strategy', () => base.strategy);
  const known = routingStrategies.find((name) => name === strategy);
  if (known === undefined) throw invalid('strategy', `must be one of ${routingStrategies.join(', ')}`);
  const texts = (key: 'prefer' | 'exclude'): readonly string[] =>
    fields.has(key) ? fields.texts(key) : base[key];
  return {
    strategy: known,
    prefer: texts('prefer'),
    exclude: texts('exclude'),
    weights: fields.has('weights') ? { ...base.weights, ...weightsOf(fields.map('weights')) } : base.weights,
    maxAttempts: fields.countOr('max_attempts', 1, base.maxAttempts),
    requiredCapabilities: [
      ...base.requiredCapabilities,
      ...requirementsOf(fields.list('required_capabilities')),
    ],
  };
}

/** The agents that can do what is required and are not excluded, the first to be asked first. */
export function orderedChoices(rules: RoutingRules, all: readonly Choice[]): readonly Choice[] {
  const fitting = all.filter(
    ({ id, capabilities }) =>
      !rules.exclude.includes(id) && rules.requiredCapabilities.every((one) => hasOne(capabilities, one)),
  );
  const rank = ({ id }: Choice): number => {
    const place = rules.prefer.indexOf(id);
    return place === -1 ? rules.prefer.length : place;
  };
  const score = ({ id, penalty }: Choice): number => (rules.weights[id] ?? 1) - penalty;
  // Sorting keeps the order of equals: that in which the agents were given.
  return rules.strategy === 'prefer'
    ? fitting.toSorted((left, right) => rank(left) - rank(right))
    : fitting.toSorted((left, right) => score(right) - score(left) || rank(left) - rank(right));
}

/** `['sampling', { type: 'tool', name: 'bash' }]`. Throws `ValidationError`. */
export function requirementsOf(list: readonly JsonValue[]): readonly RequiredCapability[] {
  return list.map((one) => {
    if (typeof one === 'string') return { type: one, name: null };
    const type = isJsonObject(one) ? one['type'] : undefined;
    const name = isJsonObject(one) ? (one['name'] ?? null) : null;
    if (typeof type === 'string' && (name === null || typeof name === 'string')) return { type, name };
    throw invalid('required_capabilities', 'must be a list of types and of { type, name }');
  });
}

/** What a run was started with, see `startRun`. */
export function requiredByRun(metadata: JsonObject): readonly RequiredCapability[] {
  const required = metadata['required_capabilities'];
  return required !== undefined && isJsonArray(required) ? requirementsOf(required) : [];
}

function hasOne(capabilities: readonly Capability[], { type, name }: RequiredCapability): boolean {
  return capabilities.some((one) => one.enabled && one.type === type && (name === null || one.name === name));
}

function weightsOf(json: JsonObject): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(json).map(([id, weight]) => {
      if (typeof weight === 'number' && weight >= 0) return [id, weight];
      throw invalid('weights', 'must be numbers from 0');
    }),
  );
}

function invalid(field: string, problem: string): Error {
  return sessionError('validation_error', `${field} ${problem}`, { details: { field } });
}
