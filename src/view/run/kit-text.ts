/** Decides how a run of the conformance kit is told: a table of groups, and for each failure what was found and why it matters. */
import type { JsonObject } from '../../base/index.ts';
import { clean, cleanLines } from '../text/printable.ts';

/** Counts of one group of cases. */
export interface KitGroup {
  readonly group: string;
  readonly promises: number;
  readonly refusals: number;
  readonly passed: number;
  readonly failed: number;
}

/** How one case went. */
export interface KitResult {
  readonly id: string;
  readonly group: string;
  readonly kind: string;
  readonly ok: boolean;
  readonly failure: string | null;
  readonly why: string;
  readonly timedOut: boolean;
}

/** What a kit reports of one store, or of what else it was asked about. */
export interface KitReport {
  readonly store: string;
  readonly capabilities: {
    readonly durability: string;
    readonly shared: boolean;
    readonly atomicCommit: boolean;
  } | null;
  /** `null` for a kit that draws nothing: it is told of no store. */
  readonly seed: number | null;
  readonly passed: number;
  readonly failed: number;
  readonly groups: readonly KitGroup[];
  readonly results: readonly KitResult[];
}

const headings = ['group', 'promises', 'refusals', 'passed', 'failed'] as const;

/** The lines that a person reads of a report of the kit. */
export function kitText(report: KitReport): readonly string[] {
  const { store, capabilities, seed, groups, results } = report;
  const sum = (name: Exclude<keyof KitGroup, 'group'>): number =>
    groups.reduce((total, group) => total + group[name], 0);
  const all: KitGroup = {
    group: 'all',
    promises: sum('promises'),
    refusals: sum('refusals'),
    passed: sum('passed'),
    failed: sum('failed'),
  };
  const failures = results.filter(({ ok }) => !ok);
  return [
    headingOf({ store, capabilities, seed }),
    '',
    row(headings),
    ...[...groups, all].map((group) => row(headings.map((heading) => String(group[heading])))),
    ...failures.flatMap((failure) => ['', ...failureText(failure)]),
  ];
}

/** One line for a case that has failed, or for a group that is done. */
export function kitProgress(group: string, passed: number, failed: number): string {
  return failed === 0 ? `${group}: ${passed} passed` : `${group}: ${passed} passed, ${failed} FAILED`;
}

/** What `--json` prints of a report of the kit. */
export function kitToJson(report: KitReport): JsonObject {
  const { store, capabilities, seed, passed, failed, groups, results } = report;
  return {
    store,
    capabilities:
      capabilities === null
        ? null
        : {
            durability: capabilities.durability,
            shared: capabilities.shared,
            atomic_commit: capabilities.atomicCommit,
          },
    seed,
    passed,
    failed,
    groups: groups.map((group) => ({ ...group })),
    results: results.map(({ timedOut, ...result }) => ({ ...result, timed_out: timedOut })),
  };
}

function headingOf({
  store,
  capabilities,
  seed,
}: Pick<KitReport, 'store' | 'capabilities' | 'seed'>): string {
  if (seed === null) return clean(store);
  const said = capabilities === null ? 'it could not be opened' : capabilitiesText(capabilities);
  return `${clean(store)}: ${said}; seed ${seed}`;
}

function row(cells: readonly string[]): string {
  const [first = '', ...rest] = cells;
  return first.padEnd(10) + rest.map((cell) => cell.padStart(10)).join('');
}

function capabilitiesText({
  durability,
  shared,
  atomicCommit,
}: NonNullable<KitReport['capabilities']>): string {
  const commits = atomicCommit ? 'whole commits' : 'no whole commits';
  return `durability ${clean(durability)}, ${shared ? 'shared' : 'not shared'}, ${commits}`;
}

function failureText({ id, kind, failure, why }: KitResult): readonly string[] {
  const found = cleanLines(failure ?? '').split('\n');
  return [
    `FAILED ${id}${kind === 'refusal' ? ' (refusal of what is not declared)' : ''}`,
    ...found.map((text) => `  ${text}`),
    `  Why it matters: ${why}`,
  ];
}
