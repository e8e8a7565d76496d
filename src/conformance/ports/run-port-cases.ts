/** Decides how the kit of a port is run: each case on a place of its own, asked for what the place declares. */
import { checkArguments } from '../../base/index.ts';
import { countingMint, type Mint, openMint } from '../../sessions/index.ts';
import {
  type CaseOutcome,
  kindOf,
  type KitPlatform,
  removePlaces,
  runCases,
  type RunCasesOptions,
} from '../run-cases.ts';
import { type CaseKind, reportOf, type StoreReport } from '../store/run/store-report.ts';
import type { PortCase, PortMaker, PortPlace } from './port-case.ts';

/**
 * Runs cases on what a maker makes and reports. Never rejects because of what is asked. Rejects with `InvalidRuntimeConfiguration` for
 * a group or a case that is not among them.
 */
export async function runPortCases<Place extends PortPlace>(
  all: readonly PortCase<Place>[],
  maker: PortMaker<Place>,
  options: RunCasesOptions,
): Promise<StoreReport> {
  checkArguments('runPortCases', {
    all: [all, 'list'],
    maker: [maker, 'object'],
    options: [options, 'with platform'],
  });
  const results = await runCases(all, (each) => carryOut(each, maker, options.platform), options);
  return reportOf(maker.name, null, null, results);
}

/** Runs one case for a test runner, and says on which side. Rejects with the first thing that failed. */
export async function runPortCase<Place extends PortPlace>(
  portCase: PortCase<Place>,
  maker: PortMaker<Place>,
  platform: KitPlatform,
): Promise<CaseKind> {
  return kindOf(await carryOut(portCase, maker, platform));
}

async function carryOut<Place extends PortPlace>(
  portCase: PortCase<Place>,
  maker: PortMaker<Place>,
  platform: KitPlatform,
): Promise<CaseOutcome> {
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
    const { sleep, newCanceller, sha256 } = platform;
    const context = { place, makePlace, mint: mintOfItsOwn(platform), sleep, newCanceller, sha256 };
    const { needs } = portCase;
    kind = needs === null || needs.isDeclared(place) ? 'promise' : 'refusal';
    await (needs === null || kind === 'promise' ? portCase.run(context) : needs.refuses(context));
  } catch (error) {
    failures.push(error);
  }
  await removePlaces(places, failures);
  return { kind, failures };
}

/** An agent marks its programs with the id of their run: with ids that a kit beside this one has too, each would end those of the other. */
function mintOfItsOwn({ sha256, newRunId }: KitPlatform): Mint {
  const own = newRunId();
  let ids = 0;
  const randomHex = (bytes: number): string => sha256(`${own} ${(ids += 1)}`).slice(0, 2 * bytes);
  return { now: countingMint().now, id: openMint({ nowMs: () => 0, randomHex }).id };
}
