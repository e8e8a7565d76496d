/** Decides how cases are run without a test runner: one after another, each on a place of its own, with a plain result. */
import type { Sha256 } from '../../base/index.ts';
import type { StoreCase, StoreMaker } from './store-case.ts';

export interface CaseResult {
  readonly id: string;
  readonly ok: boolean;
  /** What was expected and did not happen; `null` when all went well. */
  readonly failure: string | null;
  readonly why: string;
}

/** Runs one case. Rejects with what the case found, or with the trouble of making or removing its place. */
export async function runStoreCase(storeCase: StoreCase, maker: StoreMaker, sha256: Sha256): Promise<void> {
  const place = await maker.make();
  try {
    await storeCase.run({ place, store: await place.open(), sha256 });
  } finally {
    await place.destroy();
  }
}

/** Results in the order of the cases, each as soon as it is known. */
export async function* runStoreCases(
  cases: readonly StoreCase[],
  maker: StoreMaker,
  sha256: Sha256,
): AsyncIterable<CaseResult> {
  for (const storeCase of cases) {
    const failure = await failureOf(runStoreCase(storeCase, maker, sha256));
    yield { id: storeCase.id, ok: failure === null, failure, why: storeCase.why };
  }
}

async function failureOf(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
