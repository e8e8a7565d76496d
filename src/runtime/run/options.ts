/** Decides what a run is opened and forked with, by which names, and which of it makes up the program's own bundle. */
import type { Clock } from '../../base/index.ts';
import type { ModelProvider, Tool, ToolInvoker } from '../../effects/index.ts';
import type { ObjectType, RelationType } from '../../graph/index.ts';
import type { Upcast } from '../../log/index.ts';
import type { Behavior, Frame } from '../behavior.ts';
import type { Budget } from '../budget.ts';
import type { ApprovalPolicy, Bundle } from '../bundle.ts';
import type { ObserveOptions } from '../observe/run-observer.ts';
import type { RuntimePlatform } from '../platform.ts';
import type { SnapshotOptions } from '../snapshot/snapshots.ts';

/** What a run is opened with: behaviors, tools, types, policies, model, budget, and how it is observed. */
export interface RuntimeOptions extends ObserveOptions {
  /** Id of the run. For a new run one is made when it is left out. */
  readonly runId?: string;
  readonly label?: string;
  /** In the order in which they react to an event. */
  readonly behaviors?: readonly Behavior[];
  readonly tools?: readonly Tool[];
  /** Declared types of objects and relations; undeclared ones are allowed and unchecked. */
  readonly types?: readonly (ObjectType | RelationType)[];
  readonly policies?: readonly ApprovalPolicy[];
  readonly model?: ModelProvider;
  readonly budget?: Budget;
  /** What it was opened with last, when a run is loaded without one. */
  readonly frame?: Frame;
  /** What the run was opened with last by default, and the system's clock for a new one. */
  readonly clock?: Clock;
  /** Seeds `ctx.random`. What the run was opened with last by default, and 0 for a new one. */
  readonly seed?: number;
  /** How events of older forms are read; each type is written in the version that its upcasts lead to. */
  readonly upcasts?: readonly Upcast[];
  /** Go on although behaviors or packs that the run was driven by are not given; what waits for them is passed over. */
  readonly withoutMissing?: boolean;
  /**
   * How often the state of the run is written down beside its log, so that the next load need not read all of it. `false`:
   * never, and none is read. By default every 20,000 events, except in a store in memory.
   */
  readonly snapshots?: SnapshotOptions | false;
  /**
   * When the graph of a loaded run is made. `'lazy'`, the default: when it is first looked at, on the spot, at about 4 microseconds an event, or
   * when something is about to be written. `'eager'`: before the run is there, in less time altogether, with turns for others.
   */
  readonly graph?: 'eager' | 'lazy';
  /** Who carries tool calls out; directly by default. */
  readonly invoker?: ToolInvoker;
}

/** What is left out is as in the run that is forked: its behaviors and tools, its model, its packs. */
export interface ForkRequest extends RuntimeOptions {
  /** Id of the last event that the fork shares. */
  readonly atEvent: string;
  /** Other values for settings of its packs, by the pack's name. Checked by the packs before the fork is made. */
  readonly settings?: Readonly<Record<string, object>>;
  /** True asks models and tools again after the fork point, and records their answers; it is kept with the fork. */
  readonly record?: boolean;
}

/** The name of every option of a runtime: one that is missing here, or is no option, does not compile. */
export const runtimeOptionNames: readonly string[] = Object.keys({
  runId: true,
  label: true,
  behaviors: true,
  tools: true,
  types: true,
  policies: true,
  model: true,
  budget: true,
  frame: true,
  clock: true,
  seed: true,
  upcasts: true,
  withoutMissing: true,
  snapshots: true,
  graph: true,
  invoker: true,
  metrics: true,
  logger: true,
  tracing: true,
  observeRedactor: true,
} satisfies Record<keyof RuntimeOptions, true>);

/** The same of a fork of an open run. */
export const forkOptionNames: readonly string[] = [
  ...Object.keys({ atEvent: true, settings: true, record: true } satisfies Record<
    Exclude<keyof ForkRequest, keyof RuntimeOptions>,
    true
  >),
  ...runtimeOptionNames,
];

/** What `app` adds to the options of its callers. */
export interface OpenRuntimeOptions extends RuntimeOptions {
  readonly platform: RuntimePlatform;
  readonly invoker: ToolInvoker;
  readonly ownsStore: boolean;
}

/** The same of `createRun` and `loadRun`. */
export const openRuntimeOptionNames: readonly string[] = [
  ...Object.keys({ platform: true, ownsStore: true } satisfies Record<
    Exclude<keyof OpenRuntimeOptions, keyof RuntimeOptions>,
    true
  >),
  ...runtimeOptionNames,
];

/** What a program brings besides its packs. */
export function programBundle(options: RuntimeOptions): Bundle {
  const types = options.types ?? [];
  return {
    owner: null,
    behaviors: options.behaviors ?? [],
    tools: options.tools ?? [],
    objectTypes: types.filter((type) => type.kind === 'object-type'),
    relationTypes: types.filter((type) => type.kind === 'relation-type'),
    policies: options.policies ?? [],
    settings: undefined,
    loadedPayload: null,
  };
}
