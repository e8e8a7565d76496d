/** Decides how the kit of session stores is run: each case on a place of its own, on the side that the store's capabilities ask for. */
import { checkArguments } from '../../base/index.ts';
import { countingMint, requireSessionStore, type SessionStoreCapabilities } from '../../sessions/index.ts';
import {
  type CaseOutcome,
  kindOf,
  type KitPlatform,
  removePlaces,
  runCases,
  type RunCasesOptions,
} from '../run-cases.ts';
import { defaultSeed } from '../store/run/run-store-case.ts';
import { type CaseKind, reportOf, type StoreReport } from '../store/run/store-report.ts';
import { allSessionCases } from './all-session-cases.ts';
import {
  declaresSession,
  type SessionCase,
  type SessionContext,
  type SessionStoreMaker,
  type SessionStorePlace,
} from './session-case.ts';

/**
 * Runs the cases on the session stores of a maker and reports. Never rejects because of a store. Rejects with
 * `InvalidRuntimeConfiguration` for a group or a case that there is not.
 */
export async function runSessionCases(
  maker: SessionStoreMaker,
  options: RunCasesOptions,
): Promise<StoreReport> {
  checkArguments('runSessionCases', { maker: [maker, 'object'], options: [options, 'with platform'] });
  let capabilities: SessionStoreCapabilities | null = null;
  const results = await runCases(
    allSessionCases,
    (each) =>
      carryOut(each, maker, options.platform, (found) => {
        capabilities ??= found;
      }),
    options,
  );
  return reportOf(maker.name, capabilities, defaultSeed, results);
}

/** Runs one case for a test runner, and says on which side. Rejects with the first thing that failed. */
export async function runSessionCase(
  sessionCase: SessionCase,
  maker: SessionStoreMaker,
  platform: Pick<KitPlatform, 'sleep'>,
): Promise<CaseKind> {
  return kindOf(await carryOut(sessionCase, maker, platform));
}

async function carryOut(
  sessionCase: SessionCase,
  maker: SessionStoreMaker,
  { sleep }: Pick<KitPlatform, 'sleep'>,
  onOpened?: (capabilities: SessionStoreCapabilities) => void,
): Promise<CaseOutcome> {
  const places: SessionStorePlace[] = [];
  const makePlace = async (): Promise<SessionStorePlace> => {
    const place = await maker.make();
    places.push(place);
    return place;
  };
  let kind: CaseKind = 'promise';
  const failures: unknown[] = [];
  try {
    const place = await makePlace();
    const store = requireSessionStore(await place.open());
    onOpened?.(store.capabilities);
    const context: SessionContext = { place, store, mint: countingMint(), sleep, makePlace };
    const { needs } = sessionCase;
    kind = needs === null || declaresSession(store.capabilities, needs.promise) ? 'promise' : 'refusal';
    await (needs === null || kind === 'promise' ? sessionCase.run(context) : needs.refuses(context));
  } catch (error) {
    failures.push(error);
  }
  await removePlaces(places, failures);
  return { kind, failures };
}
