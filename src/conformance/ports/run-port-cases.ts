/** Decides how the kit of a port is run: each case on a place of its own, with a time limit, with one report at the end. */
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import { countingMint } from '../../sessions/index.ts';
import type { CaseKind } from '../store/run/run-store-case.ts';
import type { KitPlatform } from '../store/run/run-store-cases.ts';
import { type CaseResult, reportOf, type StoreReport } from '../store/run/store-report.ts';
import type { PortCase, PortMaker, PortPlace } from './port-case.ts';

/** What is run, for how long, and who hears of it. */
export interface RunPortCasesOptions {
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
  readonly failures: readonly unknown[];
  readonly timedOut: boolean;
}

const defaultTimeLimitMs = 120_000;

/**
 * Runs cases on what a maker makes and reports. Never rejects because of what is asked. Rejects with `InvalidRuntimeConfiguration` for
 * a group or a case that is not among them.
 */
export async function runPortCases<Place extends PortPlace>(
  all: readonly PortCase<Place>[],
  maker: PortMaker<Place>,
  options: RunPortCasesOptions,
): Promise<StoreReport> {
  const cases = chosenCases(all, options);
  const results: CaseResult[] = [];
  for (const portCase of cases) {
    const { id, group, why } = portCase;
    options.onStart?.(id, results.length, cases.length);
    const { kind, failures, timedOut } = await withinLimit(portCase, maker, options);
    const failure = failures.length === 0 ? null : failures.map(textOf).join('\n');
    const result = { id, group, kind, ok: failure === null, failure, why, timedOut };
    results.push(result);
    options.onResult?.(result);
  }
  return reportOf(maker.name, null, null, results);
}

/** Runs one case for a test runner, and says on which side. Rejects with the first thing that failed. */
export async function runPortCase<Place extends PortPlace>(
  portCase: PortCase<Place>,
  maker: PortMaker<Place>,
  platform: KitPlatform,
): Promise<CaseKind> {
  const { kind, failures } = await carryOut(portCase, maker, platform);
  if (failures.length > 0) throw failures[0];
  return kind;
}

async function carryOut<Place extends PortPlace>(
  portCase: PortCase<Place>,
  maker: PortMaker<Place>,
  { sleep, newCanceller, sha256 }: KitPlatform,
): Promise<Outcome> {
  const places: Place[] = [];
  const makePlace = async (): Promise<Place> => {
    const place = await maker.make();
    places.push(place);
    return place;
  };
  let kind: CaseKind = 'promise';
  const failures: unknown[] = [];
  try {
    const place = await makePlace();
    const context = { place, makePlace, mint: countingMint(), sleep, newCanceller, sha256 };
    const { needs } = portCase;
    kind = needs === null || needs.isDeclared(place) ? 'promise' : 'refusal';
    await (needs === null || kind === 'promise' ? portCase.run(context) : needs.refuses(context));
  } catch (error) {
    failures.push(error);
  }
  for (const place of places) {
    await place.destroy().catch((cause: unknown) => {
      failures.push(new Error(`the place could not be removed: ${textOf(cause)}`, { cause }));
    });
  }
  return { kind, failures, timedOut: false };
}

async function withinLimit<Place extends PortPlace>(
  portCase: PortCase<Place>,
  maker: PortMaker<Place>,
  { platform, timeLimitMs = defaultTimeLimitMs }: RunPortCasesOptions,
): Promise<Outcome> {
  const canceller = platform.newCanceller();
  const limit = platform.sleep(timeLimitMs, canceller.signal).then((): Outcome => {
    const failure = new Error(`it did not end within ${timeLimitMs} ms; what it holds is left behind`);
    return { kind: 'promise', failures: [failure], timedOut: true };
  });
  const outcome = await Promise.race([carryOut(portCase, maker, platform), limit]);
  canceller.abort();
  return outcome;
}

/** Both lists together say what is run: the cases of the groups, and the cases that are named. */
function chosenCases<Place extends PortPlace>(
  all: readonly PortCase<Place>[],
  { groups = [], cases = [] }: RunPortCasesOptions,
): readonly PortCase<Place>[] {
  const knownGroups = [...new Set(all.map(({ group }) => group))];
  const group = groups.find((name) => !knownGroups.includes(name));
  if (group !== undefined) throw unknownName('group', group, knownGroups);
  const id = cases.find((name) => !all.some((each) => each.id === name));
  const knownIds = all.map((each) => each.id);
  if (id !== undefined) throw unknownName('case', id, knownIds);
  if (groups.length + cases.length === 0) return all;
  return all.filter((each) => groups.includes(each.group) || cases.includes(each.id));
}

function unknownName(what: string, name: string, known: readonly string[]): Error {
  return new InvalidRuntimeConfiguration({
    summary: `this kit has no ${what} '${name}'`,
    whatFailed: `A run of the kit was asked for ${what} '${name}', which there is not.`,
    why: 'A run of nothing would look like a run in which nothing failed.',
    howToFix: `Use one of: ${known.join(', ')}.`,
    context: { [what]: name },
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
