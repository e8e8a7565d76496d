/** Decides how the cases of every kit are run without a test runner: those that are asked for, each within a time limit, a result for each. */
import { type Canceller, InvalidRuntimeConfiguration, type Sha256, type Sleep } from '../base/index.ts';
import type { CaseKind, CaseResult } from './store/run/store-report.ts';

/** What the kit needs of a machine; `nodePlatform` of the package's root is one. */
export interface KitPlatform {
  readonly sha256: Sha256;
  readonly sleep: Sleep;
  readonly newCanceller: () => Canceller;
  /** A new id that nobody else on this machine has. */
  readonly newRunId: () => string;
}

/** Which cases are run, how long each may take (milliseconds), and who is told. */
export interface RunCasesOptions {
  readonly platform: KitPlatform;
  /** How long one case may take; 120 seconds by default. A case that never lets go of the thread cannot be stopped. */
  readonly timeLimitMs?: number;
  /** Only these groups and these cases; all of them by default. */
  readonly groups?: readonly string[];
  readonly cases?: readonly string[];
  /** Hears of each case when it begins and when it has ended. */
  readonly onStart?: (id: string, done: number, all: number) => void;
  readonly onResult?: (result: CaseResult) => void;
}

/** What is known of a case of any kit. */
export interface KitCase {
  readonly id: string;
  readonly group: string;
  readonly why: string;
}

/** How a case went. */
export interface CaseOutcome {
  readonly kind: CaseKind;
  /** What the case found, or the trouble of making or removing a place, in this order. */
  readonly failures: readonly unknown[];
}

const defaultTimeLimitMs = 120_000;

/** Runs one case after the other. Rejects with `InvalidRuntimeConfiguration` for a group or a case that is not among them. */
export async function runCases<Case extends KitCase>(
  all: readonly Case[],
  carryOut: (each: Case) => Promise<CaseOutcome>,
  options: RunCasesOptions,
): Promise<readonly CaseResult[]> {
  const cases = chosenCases(all, options);
  const results: CaseResult[] = [];
  for (const each of cases) {
    const { id, group, why } = each;
    options.onStart?.(id, results.length, cases.length);
    const { kind, failures, timedOut } = await withinLimit(carryOut(each), options);
    const failure = failures.length === 0 ? null : failures.map(textOf).join('\n');
    const result = { id, group, kind, ok: failure === null, failure, why, timedOut };
    results.push(result);
    options.onResult?.(result);
  }
  return results;
}

/** Removes what a case was given, and adds to its failures what could not be removed. */
export async function removePlaces(
  places: Iterable<{ destroy(): Promise<void> }>,
  failures: unknown[],
): Promise<void> {
  for (const place of places) {
    await place.destroy().catch((cause: unknown) => {
      failures.push(new Error(`the place could not be removed: ${textOf(cause)}`, { cause }));
    });
  }
}

/** For a test runner: the side that was asked. Throws the first thing that failed. */
export function kindOf({ kind, failures }: CaseOutcome): CaseKind {
  if (failures.length > 0) throw failures[0];
  return kind;
}

async function withinLimit(
  work: Promise<CaseOutcome>,
  { platform, timeLimitMs = defaultTimeLimitMs }: RunCasesOptions,
): Promise<CaseOutcome & { readonly timedOut: boolean }> {
  const canceller = platform.newCanceller();
  const limit = platform.sleep(timeLimitMs, canceller.signal).then(() => {
    const failure = new Error(`it did not end within ${timeLimitMs} ms; what it holds is left behind`);
    return { kind: 'promise' as const, failures: [failure], timedOut: true };
  });
  const outcome = await Promise.race([work.then((ended) => ({ ...ended, timedOut: false })), limit]);
  canceller.abort();
  return outcome;
}

/** Both lists together say what is run: the cases of the groups, and the cases that are named. */
function chosenCases<Case extends KitCase>(
  all: readonly Case[],
  { groups = [], cases = [] }: RunCasesOptions,
): readonly Case[] {
  const knownGroups = [...new Set(all.map(({ group }) => group))];
  const group = groups.find((name) => !knownGroups.includes(name));
  if (group !== undefined) throw unknownName('group', group, knownGroups);
  const id = cases.find((name) => !all.some((each) => each.id === name));
  if (id !== undefined) throw unknownName('case', id, neighboursOf(id, all));
  if (groups.length + cases.length === 0) return all;
  return all.filter((each) => groups.includes(each.group) || cases.includes(each.id));
}

/** The cases of the group that was meant, or the groups. */
function neighboursOf(id: string, all: readonly KitCase[]): readonly string[] {
  const [group = ''] = id.split('/');
  const near = all.filter((each) => each.group === group).map((each) => each.id);
  return near.length > 0 ? near : [...new Set(all.map((each) => `${each.group}/…`))];
}

function unknownName(what: string, name: string, known: readonly string[]): Error {
  return new InvalidRuntimeConfiguration({
    summary: `the kit has no ${what} '${name}'`,
    whatFailed: `A run of the kit was asked for ${what} '${name}', which there is not.`,
    why: 'A run of nothing would look like a run in which nothing failed.',
    howToFix: `Use one of: ${known.join(', ')}.`,
    context: { [what]: name },
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
