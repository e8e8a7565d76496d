/** Decides how one case is run: on a place of its own, on the side that the store's capabilities ask for, and cleaned up after. */
import { checkArguments, type Sha256 } from '../../../base/index.ts';
import type { StoreCapabilities } from '../../../log/index.ts';
import { type CaseOutcome, kindOf, removePlaces } from '../../run-cases.ts';
import {
  declares,
  type StoreCase,
  type StoreContext,
  type StoreMaker,
  type StorePlace,
} from '../store-case.ts';
import type { CaseKind } from './store-report.ts';

/** What chance is drawn from when nobody says. */
export const defaultSeed = 1;

/** How a case went on a store, and what the store says of itself; `null` when it was not opened. */
export interface StoreCaseOutcome extends CaseOutcome {
  readonly capabilities: StoreCapabilities | null;
}

/** Runs one case on a place of its own, and removes the place whatever happened. */
export async function carryOut(
  storeCase: StoreCase,
  maker: StoreMaker,
  { sha256, seed }: { readonly sha256: Sha256; readonly seed: number },
): Promise<StoreCaseOutcome> {
  const places = new Set<StorePlace>();
  const makePlace = async (): Promise<StorePlace> => {
    const place = await maker.make();
    places.add(place);
    return place;
  };
  const removePlace = async (place: StorePlace): Promise<void> => {
    places.delete(place);
    await place.destroy();
  };
  let kind: CaseKind = 'promise';
  let capabilities: StoreCapabilities | null = null;
  const failures: unknown[] = [];
  try {
    const place = await makePlace();
    const store = await place.open();
    ({ capabilities } = store);
    const context: StoreContext = { place, store, sha256, seed, makePlace, removePlace };
    const { needs } = storeCase;
    kind = needs === null || declares(capabilities, needs.promise) ? 'promise' : 'refusal';
    await (needs === null || kind === 'promise' ? storeCase.run(context) : needs.refuses(context));
  } catch (error) {
    failures.push(error);
  }
  await removePlaces(places, failures);
  return { kind, capabilities, failures };
}

/** Runs one case for a test runner, and says on which side. Rejects with the first thing that failed. */
export async function runStoreCase(
  storeCase: StoreCase,
  maker: StoreMaker,
  sha256: Sha256,
): Promise<CaseKind> {
  checkArguments('runStoreCase', {
    storeCase: [storeCase, 'object'],
    maker: [maker, 'object'],
    sha256: [sha256, 'function'],
  });
  return kindOf(await carryOut(storeCase, maker, { sha256, seed: defaultSeed }));
}
