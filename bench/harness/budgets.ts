// What is aimed at, and from where on continuous integration says no: one entry a line of the report, in bench/budgets.json. An aim
// is what the design asks for. A limit is the aim with slack for other machines; what has none is told and never judged.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';

export interface Budget {
  readonly id: string;
  readonly measure: 'ratio' | 'median' | 'p99';
  readonly direction: 'atLeast' | 'atMost';
  readonly aim: number;
  readonly limit: number | null;
}

export interface Verdict {
  readonly budget: Budget;
  readonly found: number;
  readonly isMet: boolean;
  /** False beyond the limit. */
  readonly isWithin: boolean;
}

const file = fileURLToPath(new URL('../budgets.json', import.meta.url));

/** Throws, and names the entry that says something else than a budget. */
export function readBudgets(path: string = file): readonly Budget[] {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(value)) throw new Error(`${path} is no list of budgets`);
  return value.map((entry: unknown, index) => budgetOf(entry, `${path}, entry ${index + 1}`));
}

function budgetOf(value: unknown, where: string): Budget {
  const entry = new Map<string, unknown>(
    Object.entries(typeof value === 'object' && value !== null ? value : {}),
  );
  const [id, measure, limit] = ['id', 'measure', 'limit'].map((name) => entry.get(name));
  const directions = (['atLeast', 'atMost'] as const).filter((name) => entry.has(name));
  const [direction] = directions;
  const aim = direction === undefined ? undefined : entry.get(direction);
  const isMeasure = measure === 'ratio' || measure === 'median' || measure === 'p99';
  if (typeof id !== 'string' || !isMeasure || direction === undefined || directions.length > 1)
    throw new Error(`${where}: a budget has id, measure (ratio, median, p99), and atLeast or atMost`);
  if (typeof aim !== 'number' || (limit !== undefined && typeof limit !== 'number'))
    throw new Error(`${where}: ${direction} and limit are numbers`);
  return { id, measure, direction, aim, limit: limit ?? null };
}

/** What the figure has to say to each of its budgets. */
export function verdictsOn(figure: Figure, budgets: readonly Budget[]): readonly Verdict[] {
  if (figure.missing !== undefined) return [];
  return budgets.filter(({ id }) => id === figure.id).map((budget) => verdictOn(figure, budget));
}

function verdictOn(figure: Figure, budget: Budget): Verdict {
  const { measure, direction, aim, limit } = budget;
  const found = measure === 'ratio' ? (figure.ratio?.median ?? Number.NaN) : figure[measure];
  const holds = (bound: number): boolean => (direction === 'atLeast' ? found >= bound : found <= bound);
  return { budget, found, isMet: holds(aim), isWithin: limit === null || holds(limit) };
}

/** Budgets of the benchmarks that ran, for which there was no line: a name was changed, and nothing is watched any more. */
export function unanswered(
  names: readonly string[],
  figures: readonly Figure[],
  budgets: readonly Budget[],
): readonly Budget[] {
  const ids = new Set(figures.map(({ id }) => id));
  return budgets.filter(({ id }) => names.includes(id.split('/')[0] ?? '') && !ids.has(id));
}
