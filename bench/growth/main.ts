// What grows with a run, and what does not? The same questions at 1,000, 10,000, 100,000 and 1,000,000 events, peers beside ours where they
// can: who would take more than a minute to get to a size is not measured there, and the line says so.
import type { Figure } from '../harness/figure.ts';
import { withScratch } from '../scratch.ts';
import { growthOfPeers } from './peers.ts';
import { growthOfRuns } from './runs.ts';

export async function benchGrowth(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async (scratch) => [
    ...(await growthOfRuns(rounds, scratch)),
    ...(await growthOfPeers(rounds, scratch)),
  ]);
}
