/** Decides how a run is opened for writing: created or found, owned, rebuilt from its log, and given what it works with. */
import {
  checkNewId,
  checkArguments,
  checkParts,
  checkOptionNames,
  formatInstant,
  InvalidRuntimeConfiguration,
} from '../../base/index.ts';
import type { Tool } from '../../effects/index.ts';
import { DeclaredTypes } from '../../graph/index.ts';
import {
  atomicCommitUnsupported,
  checkNewLog,
  EventForms,
  type Lease,
  type LogEvent,
  type LogInfo,
  type LogStore,
  runNotFound,
} from '../../log/index.ts';
import type { Frame } from '../behavior.ts';
import { checkBudget } from '../budget.ts';
import type { Engine } from '../engine.ts';
import { checkClock, checkGraphOption, checkSeed, checkText } from '../entry-checks.ts';
import { GuestCode } from '../guest-code.ts';
import { isName } from '../name.ts';
import { openObserver, type RunObserver } from '../observe/run-observer.ts';
import { checkSnapshotOptions, Snapshots } from '../snapshot/snapshots.ts';
import { forkRun } from './fork-run.ts';
import { inheritedAnswers } from './inherited-answers.ts';
import { checkBundle, install } from './install.ts';
import { Journal, type JournalOptions } from './journal.ts';
import { Listeners } from './listeners.ts';
import { loadState } from './load-state.ts';
import { frozenFrame, nearestOpening, type Opening } from './opening.ts';
import { checkOptionForms } from './option-forms.ts';
import {
  type ForkRequest,
  openRuntimeOptionNames,
  type OpenRuntimeOptions,
  programBundle,
} from './options.ts';
import { Runtime } from './runtime.ts';
import { overriddenKeys, settingOverrides } from '../fork/setting-overrides.ts';

/**
 * Makes a new run and opens it. Rejects with `RunExistsError` when the id is taken, with `AtomicCommitUnsupportedError` when
 * the store has no whole commits, and with the errors of configuration and registration before anything is made.
 */
export async function createRun(store: LogStore, options: OpenRuntimeOptions): Promise<Runtime> {
  checkArguments('createRun', { store: [store, 'with commit'], options: [options, 'with platform'] });
  checkOptionNames('createRun', options, openRuntimeOptionNames);
  checkRunOptions(options);
  const { platform } = options;
  if (options.runId !== undefined) checkNewId('the id of a run', options.runId);
  checkStore(store, options.runId ?? 'a new run');
  const info = await store.create({
    id: options.runId ?? platform.newRunId(),
    kind: 'run',
    label: options.label ?? null,
    createdAt: formatInstant(platform.nowMs()),
  });
  return openRun(store, info, options);
}

/** Opens a run that is there, where its log left off. Rejects with `RunNotFoundError` and `RunOwnedError`. */
export async function loadRun(store: LogStore, runId: string, options: OpenRuntimeOptions): Promise<Runtime> {
  checkArguments('loadRun', {
    store: [store, 'with commit'],
    runId: [runId, 'text'],
    options: [options, 'with platform'],
  });
  checkOptionNames('loadRun', options, openRuntimeOptionNames);
  checkRunOptions(options);
  checkStore(store, runId);
  const info = await store.info(runId);
  if (info === undefined || info.kind !== 'run') throw runNotFound({ logId: runId, operation: 'load' });
  return openRun(store, info, options);
}

/** Throws what `createRun` and `loadRun` reject with for the options in themselves, so that a store need not be opened for them. */
export function checkRunOptions(options: OpenRuntimeOptions): void {
  checkArguments('checkRunOptions', { options: [options, 'with platform'] });
  checkOptionNames('checkRunOptions', options, openRuntimeOptionNames);
  const { platform, label, runId, seed, clock, budget } = options;
  if (runId !== undefined) checkText('the id of a run', runId);
  if (label !== undefined && label !== '') checkText('the label of a run', label);
  const createdAt = formatInstant(platform.nowMs());
  checkNewLog({ id: runId ?? 'a new run', label: label ?? null, createdAt });
  checkOptionForms(options);
  checkSeed(seed);
  checkClock(clock);
  checkBudget(budget === undefined ? {} : budget);
  checkFrame(options.frame);
  checkSnapshotOptions(options.snapshots);
  checkGraphOption(options.graph);
  formsOf(options);
  const present = { behaviors: [], tools: new Map<string, Tool>(), hasModel: options.model !== undefined };
  checkBundle(present, programBundle(options));
}

/** Throws `InvalidUpcastError`. */
function formsOf({ upcasts }: OpenRuntimeOptions): EventForms {
  return new EventForms(upcasts);
}

/** A behavior is atomic: without whole commits a crash would leave half of what it decided. */
function checkStore(store: LogStore, logId: string): void {
  if (!store.capabilities.atomicCommit) throw atomicCommitUnsupported({ logId, what: 'the step of a run' });
}

function checkFrame(frame: Frame | null | undefined): void {
  if (frame === undefined) return;
  if (typeof frame?.goal === 'string' && isName(frame.id ?? 'frame_001')) {
    checkParts('the frame', frame, {
      constraints: ['list'],
      successCriteria: ['list'],
      permissions: ['list'],
    });
    return;
  }
  throw new InvalidRuntimeConfiguration({
    summary: 'the frame has no goal, or an id that does not fit into an event',
    whatFailed: 'A run was to be opened with a frame that cannot be written down.',
    why: 'Every event of the run names its frame, and the model is told its goal.',
    howToFix: "Pass `frame: { goal: 'what the run is for' }`; an id has 1 to 256 well-formed characters.",
  });
}

async function openRun(store: LogStore, info: LogInfo, options: OpenRuntimeOptions): Promise<Runtime> {
  const lease = await store.acquire(info.id);
  try {
    const opening = await nearestOpening(store, info);
    return await openOwned(store, { lease, info, opening }, options);
  } catch (error) {
    // What failed first is what is wrong; a claim that cannot be given back lapses by itself.
    await store.release(lease).catch(() => undefined);
    throw error;
  }
}

interface Owned {
  readonly lease: Lease;
  readonly info: LogInfo;
  /** What the run, or what it was forked from, was driven with last. */
  readonly opening: Opening | null;
}

async function openOwned(
  store: LogStore,
  { lease, info, opening }: Owned,
  options: OpenRuntimeOptions,
): Promise<Runtime> {
  const { platform, ownsStore } = options;
  const clock = options.clock ?? opening?.clock ?? platform.clock;
  const runId = lease.logId;
  const forms = formsOf(options);
  // A snapshot holds the graph in the forms of the program that wrote it.
  const snapshotOptions = forms.hasUpcasts ? false : options.snapshots;
  const snapshotReading = snapshotOptions === false ? undefined : platform;
  const wantsGraph = options.graph === 'eager' ? platform : undefined;
  const reading = { snapshots: snapshotReading, forms, wantsGraph };
  const { state, tables, snapshotSeq } = await loadState(store, runId, reading);
  const answers = await inheritedAnswers(store, info, state.recordingSeq);
  const canceller = platform.newCanceller();
  const cancel = (): void => canceller.abort();
  const listeners = new Listeners();
  const budget = checkBudget(options.budget ?? {});
  const observer = openObserver(options, { runId, platform, state, budget });
  const journal = new Journal({
    ...{ store, lease, state, tables, clock, forms },
    nowMs: platform.nowMs,
    ...tellers(listeners, observer, cancel),
  });
  const given = options.frame ?? opening?.frame ?? null;
  const frame = given === null ? null : frozenFrame(given);
  journal.frameId = frame === null ? state.frameId : (frame.id ?? state.frameId ?? 'frame_001');
  const engine: Engine = {
    runId,
    platform,
    clock,
    state,
    journal,
    types: new DeclaredTypes(),
    behaviors: [],
    tools: new Map(),
    policies: [],
    settings: new Map(),
    bundles: [],
    guest: new GuestCode(),
    seed: options.seed ?? opening?.seed ?? 0,
    budget,
    forms,
    frame,
    model: options.model ?? null,
    invoker: options.invoker,
    answers,
    snapshotReading,
    lastOpening: opening,
    observer,
    signal: canceller.signal,
  };
  install(engine, programBundle(options));
  const openFork = async (request: ForkRequest): Promise<Runtime> =>
    forkAndOpen(store, engine, request, options);
  return new Runtime({
    engine,
    store,
    lease,
    cancel,
    listeners,
    snapshots: new Snapshots({ store, lease, state, journal, platform }, snapshotSeq, snapshotOptions),
    ownsStore,
    openFork,
    withoutMissing: options.withoutMissing ?? false,
  });
}

/** Who hears from the journal. */
function tellers(
  listeners: Listeners,
  observer: RunObserver | null,
  cancel: () => void,
): Pick<JournalOptions, 'onDurable' | 'onFailure' | 'witness'> {
  const onDurable = (events: readonly LogEvent[]): void => listeners.tell(events);
  if (observer === null) return { onDurable, onFailure: cancel };
  return {
    onDurable: (events) => {
      onDurable(events);
      observer.durable(events.length);
    },
    onFailure: (error) => {
      cancel();
      observer.closedBy(error);
    },
    witness: observer,
  };
}

async function forkAndOpen(
  store: LogStore,
  parent: Engine,
  request: ForkRequest,
  options: OpenRuntimeOptions,
): Promise<Runtime> {
  const { platform } = options;
  const { atEvent, runId = platform.newRunId(), label = null, settings, record, ...changed } = request;
  const forkOptions = { ...options, clock: parent.clock, ...changed, ownsStore: false };
  checkRunOptions(forkOptions);
  const createdAt = formatInstant(platform.nowMs());
  const overrides = await settingOverrides(store, parent, atEvent, settings ?? {});
  const { clock = parent.clock } = changed;
  const changes = { overrides, isRecording: record ?? false, clock };
  await forkRun(store, { parent: parent.runId, atEvent, runId, label, createdAt, changes });
  const fork = await loadRun(store, runId, forkOptions);
  try {
    await installPacks(fork, parent);
  } catch (error) {
    // What failed first is what is wrong, also when the store can no longer be written.
    await fork.close().catch(() => undefined);
    throw error;
  }
  return fork;
}

/**
 * The packs of the parent come along, under the settings that the fork's own log holds. A fork from before one was loaded says
 * in its log that it has it.
 */
async function installPacks(fork: Runtime, parent: Engine): Promise<void> {
  const { loaded, overrides } = fork.packHistory;
  for (const given of parent.bundles) {
    const { owner, pack } = given;
    if (owner === null) continue;
    const bundle = pack === undefined ? given : pack.under(overriddenKeys(overrides, pack.name)).bundle;
    const isLoaded = loaded.some(({ name }) => name === owner);
    const payload = isLoaded ? null : (parent.state.packs.find(({ name }) => name === owner) ?? null);
    await fork.install({ ...bundle, loadedPayload: payload });
  }
}
