/** Decides how the kit is run without a test runner: one case after another, each with a time limit, with one report at the end. */
import { type Canceller, InvalidRuntimeConfiguration, type Sha256, type Sleep } from '../../../base/index.ts';
import type { StoreCapabilities } from '../../../log/index.ts';
import type { StoreCase, StoreMaker } from '../store-case.ts';
import { allStoreCases } from '../store-cases.ts';
import { carryOut, type CaseOutcome, defaultSeed } from './run-store-case.ts';
import { type CaseResult, reportOf, type StoreReport } from './store-report.ts';

/** What the kit needs of a machine; `nodePlatform` of the package's root is one. */
export interface KitPlatform {
  readonly sha256: Sha256;
  readonly sleep: Sleep;
  readonly newCanceller: () => Canceller;
}

/** Which store cases are run, how long each may take (milliseconds), and who is told. */
export interface RunStoreCasesOptions {
  readonly platform: KitPlatform;
  /** How long one case may take; 120 seconds by default. A store that never lets go of the thread cannot be stopped. */
  readonly timeLimitMs?: number;
  /** Only these groups and these cases; all of them by default. */
  readonly groups?: readonly string[];
  readonly cases?: readonly string[];
  /** What chance is drawn from in the cases that draw; 1 by default. */
  readonly seed?: number;
  /** Hears of each case when it begins and when it has ended. */
  readonly onStart?: (id: string, done: number, all: number) => void;
  readonly onResult?: (result: CaseResult) => void;
}

const defaultTimeLimitMs = 120_000;

/**
 * Runs the cases on the stores of a maker, each on a fresh place, and reports. Never rejects because of a store. Rejects with
 * `InvalidRuntimeConfiguration` for a group or a case that there is not.
 */
export async function runStoreCases(maker: StoreMaker, options: RunStoreCasesOptions): Promise<StoreReport> {
  const cases = chosenCases(options);
  const results: CaseResult[] = [];
  let capabilities: StoreCapabilities | null = null;
  for (const storeCase of cases) {
    const { id, group, why } = storeCase;
    options.onStart?.(id, results.length, cases.length);
    const outcome = await withinLimit(storeCase, maker, options);
    capabilities ??= outcome.capabilities;
    const failure = outcome.failures.length === 0 ? null : outcome.failures.map(textOf).join('\n');
    const { kind, timedOut } = outcome;
    const result = { id, group, kind, ok: failure === null, failure, why, timedOut };
    results.push(result);
    options.onResult?.(result);
  }
  return reportOf(maker.name, capabilities, options.seed ?? defaultSeed, results);
}

/** Both lists together say what is run: the cases of the groups, and the cases that are named. */
function chosenCases({ groups = [], cases = [] }: RunStoreCasesOptions): readonly StoreCase[] {
  for (const group of groups) {
    if (!allStoreCases.some((storeCase) => storeCase.group === group))
      throw unknownName('group', group, [...new Set(allStoreCases.map((each) => each.group))]);
  }
  for (const id of cases) {
    if (!allStoreCases.some((storeCase) => storeCase.id === id))
      throw unknownName('case', id, neighboursOf(id));
  }
  if (groups.length + cases.length === 0) return allStoreCases;
  return allStoreCases.filter(({ id, group }) => groups.includes(group) || cases.includes(id));
}

/** The cases of the group that was meant, or the groups. */
function neighboursOf(id: string): readonly string[] {
  const [group = ''] = id.split('/');
  const near = allStoreCases
    .filter((storeCase) => storeCase.group === group)
    .map((storeCase) => storeCase.id);
  return near.length > 0 ? near : [...new Set(allStoreCases.map((storeCase) => `${storeCase.group}/…`))];
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

async function withinLimit(
  storeCase: StoreCase,
  maker: StoreMaker,
  { platform, timeLimitMs = defaultTimeLimitMs, seed = defaultSeed }: RunStoreCasesOptions,
): Promise<CaseOutcome> {
  const canceller = platform.newCanceller();
  const limit = platform.sleep(timeLimitMs, canceller.signal).then((): CaseOutcome => {
    const failure = new Error(`it did not end within ${timeLimitMs} ms; what it holds is left behind`);
    return { kind: 'promise', capabilities: null, failures: [failure], timedOut: true };
  });
  const work = carryOut(storeCase, maker, { sha256: platform.sha256, seed });
  const outcome = await Promise.race([work, limit]);
  canceller.abort();
  return outcome;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
