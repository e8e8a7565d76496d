/** Decides how the kit of session stores is run: each case on a place of its own, with a time limit, with one report at the end. */
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import { countingMint, requireSessionStore, type SessionStoreCapabilities } from '../../sessions/index.ts';
import { type CaseKind, defaultSeed } from '../store/run/run-store-case.ts';
import type { KitPlatform } from '../store/run/run-store-cases.ts';
import { type CaseResult, reportOf, type StoreReport } from '../store/run/store-report.ts';
import { allSessionCases } from './all-session-cases.ts';
import {
  declaresSession,
  type SessionCase,
  type SessionContext,
  type SessionStoreMaker,
  type SessionStorePlace,
} from './session-case.ts';

/** Which session cases are run, how long each may take (milliseconds), and who is told. */
export interface RunSessionCasesOptions {
  readonly platform: KitPlatform;
  /** How long one case may take; 120 seconds by default. */
  readonly timeLimitMs?: number;
  /** Only these groups and these cases; all of them by default. */
  readonly groups?: readonly string[];
  readonly cases?: readonly string[];
  readonly onStart?: (id: string, done: number, all: number) => void;
  readonly onResult?: (result: CaseResult) => void;
}

interface Outcome {
  readonly kind: CaseKind;
  readonly capabilities: SessionStoreCapabilities | null;
  readonly failures: readonly unknown[];
  readonly timedOut: boolean;
}

const defaultTimeLimitMs = 120_000;

/**
 * Runs the cases on the session stores of a maker and reports. Never rejects because of a store. Rejects with
 * `InvalidRuntimeConfiguration` for a group or a case that there is not.
 */
export async function runSessionCases(
  maker: SessionStoreMaker,
  options: RunSessionCasesOptions,
): Promise<StoreReport> {
  const cases = chosenCases(options);
  const results: CaseResult[] = [];
  let capabilities: SessionStoreCapabilities | null = null;
  for (const sessionCase of cases) {
    const { id, group, why } = sessionCase;
    options.onStart?.(id, results.length, cases.length);
    const outcome = await withinLimit(sessionCase, maker, options);
    capabilities ??= outcome.capabilities;
    const failure = outcome.failures.length === 0 ? null : outcome.failures.map(textOf).join('\n');
    const result = {
      id,
      group,
      kind: outcome.kind,
      ok: failure === null,
      failure,
      why,
      timedOut: outcome.timedOut,
    };
    results.push(result);
    options.onResult?.(result);
  }
  return reportOf(maker.name, capabilities, defaultSeed, results);
}

/** Runs one case for a test runner, and says on which side. Rejects with the first thing that failed. */
export async function runSessionCase(
  sessionCase: SessionCase,
  maker: SessionStoreMaker,
  platform: Pick<KitPlatform, 'sleep'>,
): Promise<CaseKind> {
  const { kind, failures } = await carryOut(sessionCase, maker, platform);
  if (failures.length > 0) throw failures[0];
  return kind;
}

async function carryOut(
  sessionCase: SessionCase,
  maker: SessionStoreMaker,
  { sleep }: Pick<KitPlatform, 'sleep'>,
): Promise<Outcome> {
  const places: SessionStorePlace[] = [];
  const makePlace = async (): Promise<SessionStorePlace> => {
    const place = await maker.make();
    places.push(place);
    return place;
  };
  let kind: CaseKind = 'promise';
  let capabilities: SessionStoreCapabilities | null = null;
  const failures: unknown[] = [];
  try {
    const place = await makePlace();
    const store = requireSessionStore(await place.open());
    ({ capabilities } = store);
    const context: SessionContext = { place, store, mint: countingMint(), sleep, makePlace };
    const { needs } = sessionCase;
    kind = needs === null || declaresSession(capabilities, needs.promise) ? 'promise' : 'refusal';
    await (needs === null || kind === 'promise' ? sessionCase.run(context) : needs.refuses(context));
  } catch (error) {
    failures.push(error);
  }
  for (const place of places) {
    await place.destroy().catch((cause: unknown) => {
      failures.push(new Error(`the place could not be removed: ${textOf(cause)}`, { cause }));
    });
  }
  return { kind, capabilities, failures, timedOut: false };
}

async function withinLimit(
  sessionCase: SessionCase,
  maker: SessionStoreMaker,
  { platform, timeLimitMs = defaultTimeLimitMs }: RunSessionCasesOptions,
): Promise<Outcome> {
  const canceller = platform.newCanceller();
  const limit = platform.sleep(timeLimitMs, canceller.signal).then((): Outcome => {
    const failure = new Error(`it did not end within ${timeLimitMs} ms; what it holds is left behind`);
    return { kind: 'promise', capabilities: null, failures: [failure], timedOut: true };
  });
  const outcome = await Promise.race([carryOut(sessionCase, maker, platform), limit]);
  canceller.abort();
  return outcome;
}

/** Both lists together say what is run: the cases of the groups, and the cases that are named. */
function chosenCases({ groups = [], cases = [] }: RunSessionCasesOptions): readonly SessionCase[] {
  for (const group of groups) {
    if (!allSessionCases.some((each) => each.group === group))
      throw unknownName('group', group, [...new Set(allSessionCases.map((each) => each.group))]);
  }
  for (const id of cases) {
    if (!allSessionCases.some((each) => each.id === id))
      throw unknownName(
        'case',
        id,
        allSessionCases.map((each) => each.id),
      );
  }
  if (groups.length + cases.length === 0) return allSessionCases;
  return allSessionCases.filter(({ id, group }) => groups.includes(group) || cases.includes(id));
}

function unknownName(what: string, name: string, known: readonly string[]): Error {
  return new InvalidRuntimeConfiguration({
    summary: `the kit of session stores has no ${what} '${name}'`,
    whatFailed: `A run of the kit was asked for ${what} '${name}', which there is not.`,
    why: 'A run of nothing would look like a run in which nothing failed.',
    howToFix: `Use one of: ${known.join(', ')}.`,
    context: { [what]: name },
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
