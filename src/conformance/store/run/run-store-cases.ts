/** Decides how the kit of stores is run without a test runner: on fresh places, with what chance is drawn from, with one report at the end. */
import { checkArguments } from '../../../base/index.ts';
import type { StoreCapabilities } from '../../../log/index.ts';
import { runCases, type RunCasesOptions } from '../../run-cases.ts';
import type { StoreMaker } from '../store-case.ts';
import { allStoreCases } from '../store-cases.ts';
import { carryOut, defaultSeed } from './run-store-case.ts';
import { reportOf, type StoreReport } from './store-report.ts';

/** Which store cases are run, and what they draw from. */
export interface RunStoreCasesOptions extends RunCasesOptions {
  /** What chance is drawn from in the cases that draw; 1 by default. */
  readonly seed?: number;
}

/**
 * Runs the cases on the stores of a maker, each on a fresh place, and reports. Never rejects because of a store. Rejects with
 * `InvalidRuntimeConfiguration` for a group or a case that there is not.
 */
export async function runStoreCases(maker: StoreMaker, options: RunStoreCasesOptions): Promise<StoreReport> {
  checkArguments('runStoreCases', { maker: [maker, 'object'], options: [options, 'with platform'] });
  const { platform, seed = defaultSeed } = options;
  let capabilities: StoreCapabilities | null = null;
  const results = await runCases(
    allStoreCases,
    async (each) => {
      const outcome = await carryOut(each, maker, { sha256: platform.sha256, seed });
      capabilities ??= outcome.capabilities;
      return outcome;
    },
    options,
  );
  return reportOf(maker.name, capabilities, seed, results);
}
