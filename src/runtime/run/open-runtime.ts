/** Decides how a run is opened for writing: created or found, owned, rebuilt from its log, and given what it works with. */
import { type Clock, formatInstant } from '../../base/index.ts';
import {
  answersFromEvents,
  type ModelProvider,
  type RecordedAnswers,
  type Tool,
  type ToolInvoker,
} from '../../effects/index.ts';
import { DeclaredTypes, type ObjectType, type RelationType } from '../../graph/index.ts';
import { decodeEvent, type Lease, type LogEvent, type LogStore, runNotFound } from '../../log/index.ts';
import type { Behavior, Frame } from '../behavior.ts';
import { type Budget, checkBudget } from '../budget.ts';
import type { ApprovalPolicy, Engine } from '../engine.ts';
import { forkRun } from './fork-run.ts';
import { install } from './install.ts';
import { Journal } from './journal.ts';
import { loadState } from './load-state.ts';
import { lastOpening } from './opening.ts';
import type { RuntimePlatform } from '../platform.ts';
import { type ForkRequest, Runtime } from './runtime.ts';

export interface RuntimeOptions {
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
  readonly frame?: Frame;
  /** The system's clock by default. */
  readonly clock?: Clock;
  /** Seeds `ctx.random`; 0 by default. */
  readonly seed?: number;
  /** Who carries tool calls out; directly by default. */
  readonly invoker?: ToolInvoker;
}

/** What `app` adds to the options of its callers. */
export interface OpenRuntimeOptions extends RuntimeOptions {
  readonly platform: RuntimePlatform;
  readonly clock: Clock;
  readonly invoker: ToolInvoker;
  readonly ownsStore: boolean;
}

/** Makes a new run and opens it. Rejects with `RunExistsError` when the id is taken. */
export async function createRun(store: LogStore, options: OpenRuntimeOptions): Promise<Runtime> {
  const runId = options.runId ?? options.platform.newRunId();
  const createdAt = formatInstant(options.platform.nowMs());
  checkBudget(options.budget ?? {});
  await store.create({ id: runId, kind: 'run', label: options.label ?? null, createdAt });
  return openRun(store, runId, options, null);
}

/** Opens a run that is there, where its log left off. Rejects with `RunNotFoundError` and `RunOwnedError`. */
export async function loadRun(store: LogStore, runId: string, options: OpenRuntimeOptions): Promise<Runtime> {
  const info = await store.info(runId);
  if (info === undefined) throw runNotFound({ logId: runId, operation: 'load' });
  const answers = info.parent === null ? null : await parentAnswers(store, info.parent.logId);
  return openRun(store, runId, options, answers);
}

async function openRun(
  store: LogStore,
  runId: string,
  options: OpenRuntimeOptions,
  answers: RecordedAnswers | null,
): Promise<Runtime> {
  const budget = checkBudget(options.budget ?? {});
  const lease = await store.acquire(runId);
  try {
    return await openOwned(store, lease, { ...options, budget }, answers);
  } catch (error) {
    await store.release(lease);
    throw error;
  }
}

async function openOwned(
  store: LogStore,
  lease: Lease,
  options: OpenRuntimeOptions,
  answers: RecordedAnswers | null,
): Promise<Runtime> {
  const { platform, clock } = options;
  const runId = lease.logId;
  const { state, tables } = await loadState(store, runId);
  const canceller = platform.newCanceller();
  const listeners = new Set<(events: readonly LogEvent[]) => void>();
  const onDurable = (events: readonly LogEvent[]): void => {
    for (const listener of listeners) tell(listener, events);
  };
  const journal = new Journal({ store, lease, state, tables, clock, nowMs: platform.nowMs, onDurable });
  const frame = options.frame ?? (await lastOpening(store, runId))?.frame ?? null;
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
    policies: [...(options.policies ?? [])],
    settings: new Map(),
    seed: options.seed ?? 0,
    budget: options.budget ?? {},
    frame,
    model: options.model ?? null,
    invoker: options.invoker,
    answers,
    signal: canceller.signal,
  };
  const types = options.types ?? [];
  install(engine, {
    owner: null,
    behaviors: options.behaviors ?? [],
    tools: options.tools ?? [],
    objectTypes: types.filter((type) => type.kind === 'object-type'),
    relationTypes: types.filter((type) => type.kind === 'relation-type'),
    policies: [],
    settings: undefined,
    loadedPayload: null,
  });
  const openFork = (request: ForkRequest): Promise<Runtime> =>
    forkAndOpen(store, runId, request, { ...options, ownsStore: false });
  return new Runtime({
    engine,
    store,
    lease,
    cancel: () => canceller.abort(),
    listeners,
    ownsStore: options.ownsStore,
    openFork,
  });
}

/** A listener that throws has failed by itself: the run is not to blame, and goes on; the error is not kept quiet either. */
function tell(listener: (events: readonly LogEvent[]) => void, events: readonly LogEvent[]): void {
  try {
    listener(events);
  } catch (error) {
    void Promise.reject(error);
  }
}

async function forkAndOpen(
  store: LogStore,
  parent: string,
  request: ForkRequest,
  options: OpenRuntimeOptions,
): Promise<Runtime> {
  const { platform } = options;
  const { atEvent, label = null, runId = platform.newRunId(), ...own } = request;
  const createdAt = formatInstant(platform.nowMs());
  await forkRun(store, { parent, atEvent, runId, label, createdAt });
  return loadRun(store, runId, { ...options, ...own });
}

/** What the parent was answered, before and after the fork point: a fork that asks the same asks nobody. */
async function parentAnswers(store: LogStore, parent: string): Promise<RecordedAnswers> {
  const answered: LogEvent[] = [];
  const types = ['llm.requested', 'llm.responded', 'tool.requested', 'tool.responded'];
  for await (const page of store.read(parent, { types })) {
    for (const stored of page) answered.push(decodeEvent(stored, parent));
  }
  return answersFromEvents(answered);
}
