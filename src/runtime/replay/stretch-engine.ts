/**
 * Decides what drives one stretch of a repetition: of what is given now, that which drove the run then, and whatever nobody
 * ever drove it with: a behavior that is new shows itself by what it does.
 */
import type { CancelSignal } from '../../base/index.ts';
import type { Tool } from '../../effects/index.ts';
import { DeclaredTypes } from '../../graph/index.ts';
import type { EventForms } from '../../log/index.ts';
import type { Budget } from '../budget.ts';
import type { Bundle } from '../bundle.ts';
import type { Engine } from '../engine.ts';
import { GuestCode } from '../guest-code.ts';
import { install } from '../run/install.ts';
import type { Journal } from '../run/journal.ts';
import type { LoadedRun } from '../run/load-state.ts';
import { frozenFrame } from '../run/opening.ts';
import { programBundle, type RuntimeOptions } from '../run/options.ts';
import type { RuntimePlatform } from '../platform.ts';
import type { ReplayPack } from './given.ts';
import type { RecordedWorld } from './recorded-world.ts';
import type { Stretch } from './stretches.ts';

export interface StretchEngineOptions {
  readonly runId: string;
  readonly platform: RuntimePlatform;
  readonly forms: EventForms;
  readonly program: RuntimeOptions;
  readonly packs: readonly ReplayPack[];
  readonly knownNames: ReadonlySet<string>;
  /** Bundles of the packs that this opening has loaded already: settings are those of the time of loading. */
  readonly loadedBundles: Map<string, Bundle>;
  readonly stretch: Stretch;
  readonly budget: Budget;
  readonly loaded: LoadedRun;
  readonly journal: Journal;
  readonly world: RecordedWorld;
  readonly signal: CancelSignal;
}

export function stretchEngine(options: StretchEngineOptions): Engine {
  const { runId, platform, forms, program, stretch, loaded, journal, world } = options;
  const frame = stretch.frame === null ? null : frozenFrame(stretch.frame);
  const { state } = loaded;
  journal.frameId = frame === null ? state.frameId : (frame.id ?? state.frameId ?? 'frame_001');
  const tools = new Map<string, Tool>();
  const engine: Engine = {
    runId,
    platform,
    clock: stretch.clock ?? platform.clock,
    state,
    journal,
    types: new DeclaredTypes(),
    behaviors: [],
    tools,
    policies: [],
    settings: new Map(),
    bundles: [],
    guest: new GuestCode(),
    seed: stretch.seed,
    budget: options.budget,
    forms,
    frame,
    model: world.model,
    invoker: world.invoker,
    answers: world.answers,
    // What the run is compared with is its log.
    snapshotReading: undefined,
    lastOpening: stretch.opening,
    observer: null,
    signal: options.signal,
  };
  install(engine, driving(programBundle(program), options));
  for (const bundle of packsOf(options)) install(engine, bundle);
  for (const [name, tool] of tools) tools.set(name, world.tool(tool));
  return engine;
}

/** What drove the stretch; a behavior of another time waits for its own. */
function driving(bundle: Bundle, { stretch, knownNames }: StretchEngineOptions): Bundle {
  const { opening, fromSeq } = stretch;
  if (opening === null) return bundle;
  const drove = new Set(
    opening.behaviors.filter((behavior) => (behavior.fromSeq ?? 0) <= fromSeq).map(({ name }) => name),
  );
  const behaviors = bundle.behaviors.filter(({ name }) => drove.has(name) || !knownNames.has(name));
  return { ...bundle, behaviors };
}

/** Packs that the log has loaded by then. One whose behaviors all drove at other times only was not there. */
function packsOf(options: StretchEngineOptions): readonly Bundle[] {
  const { packs, loaded, loadedBundles } = options;
  const { state } = loaded;
  const bundles: Bundle[] = [];
  for (const pack of packs) {
    const payload = state.packs.find(({ name }) => name === pack.name);
    if (payload === undefined) continue;
    const history = { loaded: payload, overrides: [...state.settingOverrides] };
    const whole = loadedBundles.get(pack.name) ?? pack.bundle(history);
    const bundle = driving(whole, options);
    if (bundle.behaviors.length === 0 && whole.behaviors.length > 0) continue;
    loadedBundles.set(pack.name, whole);
    bundles.push(bundle);
  }
  return bundles;
}
