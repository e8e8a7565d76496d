/** Decides what a run of the kit says: a row for each case, and a table of groups with both kinds of cases counted. */
import type { StoreCapabilities } from '../../../log/index.ts';

/** `promise`: what is declared holds. `refusal`: what is not declared is refused properly. */
export type CaseKind = 'promise' | 'refusal';

/** How one case went. */
export interface CaseResult {
  readonly id: string;
  readonly group: string;
  /** What the case asked for: a promise, or the refusal of what the store does not declare. */
  readonly kind: CaseKind;
  readonly ok: boolean;
  /** What was expected and what was found; `null` when all went well. */
  readonly failure: string | null;
  /** What goes wrong in a run when this promise is broken. */
  readonly why: string;
  /** True when the case was given up; what it holds may keep the process alive. */
  readonly timedOut: boolean;
}

/** Counts of one group of cases. */
export interface GroupReport {
  readonly group: string;
  readonly promises: number;
  readonly refusals: number;
  readonly passed: number;
  readonly failed: number;
}

/** How a store did, in all, by group and by case. */
export interface StoreReport {
  /** The name of the maker. */
  readonly store: string;
  /** What the store says of itself; `null` when none could be opened, and for what is no store. */
  readonly capabilities: StoreCapabilities | null;
  /** What the cases drew from; `null` for a kit that draws nothing. */
  readonly seed: number | null;
  readonly passed: number;
  readonly failed: number;
  /** In the order of the cases. */
  readonly groups: readonly GroupReport[];
  readonly results: readonly CaseResult[];
}

/** Puts the results of one store together. */
export function reportOf(
  store: string,
  capabilities: StoreCapabilities | null,
  seed: number | null,
  results: readonly CaseResult[],
): StoreReport {
  const failed = results.filter(({ ok }) => !ok).length;
  const passed = results.length - failed;
  return { store, capabilities, seed, passed, failed, groups: groupsOf(results), results };
}

/** Counts results by group. */
function groupsOf(results: readonly CaseResult[]): readonly GroupReport[] {
  const groups = new Map<string, CaseResult[]>();
  for (const result of results) {
    const group = groups.get(result.group) ?? [];
    group.push(result);
    groups.set(result.group, group);
  }
  const count = (list: readonly CaseResult[], fits: (result: CaseResult) => boolean): number =>
    list.filter((result) => fits(result)).length;
  return Array.from(groups, ([group, list]) => ({
    group,
    promises: count(list, ({ kind }) => kind === 'promise'),
    refusals: count(list, ({ kind }) => kind === 'refusal'),
    passed: count(list, ({ ok }) => ok),
    failed: count(list, ({ ok }) => !ok),
  }));
}
