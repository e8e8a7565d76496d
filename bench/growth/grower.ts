// What a peer has to do for a line in the charts: come to a size, and be measured there.
import type { Topic } from './sizes.ts';

export interface Grown {
  /** What was measured at this size, in the units of the charts. */
  readonly samples: Readonly<Partial<Record<Topic, readonly number[]>>>;
  /** How long all of it took. */
  readonly ms: number;
}

export interface Grower {
  readonly series: string;
  readonly durability: string;
  readonly topics: readonly Topic[];
  readonly grow: (size: number, rounds: number) => Promise<Grown>;
}
