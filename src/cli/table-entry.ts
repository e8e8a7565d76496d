/** Decides what is known of a command before it is loaded. */
import type { DeclareCommand } from './cli-context.ts';

/** A heading of help. */
type CommandGroup = 'Start here:' | 'Runs:' | 'Sessions of agents:' | 'Stores:' | 'Packs:' | 'Shell:';

export interface TableEntry {
  readonly name: string;
  readonly summary: string;
  /** Under which heading help lists it. */
  readonly group: CommandGroup;
  /** True for what programs call and help does not list. */
  readonly isHidden?: true;
  /** True for what must not be cut off in the middle; everything else ends at once when it is interrupted. */
  readonly endsOrderly: boolean;
  /** True for what does something of its own when it is interrupted a second time. */
  readonly heedsSecond?: true;
  /** True for what a person reads to its end, and may be longer than the window. */
  readonly isPaged?: true;
  /** What every failure ends with, mistakes in the arguments included, where somebody else's contract says so. */
  readonly failsWith?: 1;
  readonly load: () => Promise<DeclareCommand>;
}
