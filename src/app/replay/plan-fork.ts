/**
 * Decides what a fork would cost, before it is made: it is run on a copy in memory, served from the record, and each call that
 * the record cannot answer is listed with an estimate. Asks nobody, writes nothing.
 */
import {
  addUsd,
  checkArguments,
  checkOptionNames,
  formatInstant,
  type JsonValue,
  type Usd,
  zeroUsd,
} from '../../base/index.ts';
import { estimateRequestTokens, type ModelProvider } from '../../effects/index.ts';
import { decodeEvent, type LogEvent, type LogStore } from '../../log/index.ts';
import { packOf } from '../../packs/index.ts';
import {
  findForkPoint,
  forkRun,
  idempotencyKey,
  nearestOpening,
  type Opening,
  type Runtime,
  type SettingOverride,
} from '../../runtime/index.ts';
import { chosenOverrides, type SettingText } from '../fork/chosen-overrides.ts';
import { checkFreeRunId } from '../fork/free-run-id.ts';
import { chooseRun } from '../choose-run.ts';
import { copyToMemory } from './memory-copy.ts';
import { nodePlatform } from '../node-platform.ts';
import { load } from '../open.ts';
import { type Asked, deafToPlan, packDeafToPlan, planningOutside } from './planning.ts';
import type { Program } from '../program/program-file.ts';
import { programOf } from '../program/program.ts';
import { withStore } from '../with-store.ts';

/** A fork whose cost is to be known before it is made. */
export interface ForkToPlan {
  readonly parent: string;
  /** Id of the last event that the fork would share. */
  readonly atEvent: string;
  /** Of the fork; drawn when it is left out. */
  readonly runId?: string;
  readonly overrides?: readonly SettingOverride[];
  /** True when the fork is to record anew: nothing behind the fork point is served from the record. */
  readonly record?: boolean;
}

/** The name of every part: one that is missing here, or is none, does not compile. */
const forkNames: readonly string[] = Object.keys({
  parent: true,
  atEvent: true,
  runId: true,
  overrides: true,
  record: true,
} satisfies Record<keyof ForkToPlan, true>);

/** Where an estimate comes from. */
export type EstimateBasis =
  /** The provider's price for the estimated tokens. */
  | { readonly kind: 'provider' }
  /** What the tool declares. */
  | { readonly kind: 'declared' }
  /** What an earlier call of the same behavior cost. */
  | { readonly kind: 'recorded'; readonly eventId: string }
  | { readonly kind: 'none' };

/** A call that a fork would make live, with an estimate of tokens and dollars. */
export interface LiveCall {
  readonly kind: 'model' | 'tool';
  /** Of the model or the tool. */
  readonly name: string;
  readonly behavior: string;
  /** The event that the behavior reacts to. */
  readonly eventId: string;
  /** Of the question; `null` for tools. */
  readonly estimatedInputTokens: number | null;
  /** Of the answer; `null` for tools. */
  readonly estimatedOutputTokens: number | null;
  /** `null` when nothing is known. */
  readonly estimatedCostUsd: Usd | null;
  readonly basis: EstimateBasis;
}

/** What a fork would ask again and what it would cost, in dollars. */
export interface ForkPlan {
  readonly parent: string;
  readonly atEvent: string;
  /** Events that the fork would share with its parent: they cost nothing. */
  readonly sharedEvents: number;
  /** Calls behind the fork point that the record answers. */
  readonly servedFromRecord: number;
  /** The first live call of each invocation that has one. What would come of its answer is not known. */
  readonly live: readonly LiveCall[];
  /** Invocations that ask something else than their interrupted first attempt, and would fail instead of paying again. */
  readonly diverging: readonly { readonly behavior: string; readonly eventId: string }[];
  /** How many events were tried when the plan was given up; `null` when it came to its end. */
  readonly stoppedAfterEvents: number | null;
  /** The sum of what is known. */
  readonly estimatedCostUsd: Usd;
  /** True when there is no live call and the plan came to its end; otherwise the fork costs at least this. */
  readonly isComplete: boolean;
}

/** Behaviors that feed themselves never end; a plan of them does. */
const plannedEvents = 20_000;

/**
 * Plans a fork with the program that would drive it. Its budget is left out: the plan lists what would be wanted, for 20,000
 * events at most. Rejects as `forkRun` and `load` do, also when the fork could not have its id.
 */
export async function planFork(store: LogStore, fork: ForkToPlan, program: Program): Promise<ForkPlan> {
  checkArguments('planFork', {
    store: [store, 'with commit'],
    fork: [fork, 'object'],
    program: [program, 'object'],
  });
  checkOptionNames('planFork', fork, forkNames);
  await checkFreeRunId(store, fork.runId);
  const copy = await copyToMemory(store, fork.parent);
  const runId = fork.runId ?? nodePlatform.newRunId();
  const { parent, atEvent } = fork;
  const createdAt = formatInstant(nodePlatform.nowMs());
  const of = await copy.info(parent);
  const point = await copy.get(parent, atEvent);
  const last = of === undefined ? null : await nearestOpening(copy, of, point?.seq);
  const clock = last?.clock ?? nodePlatform.clock;
  const changes = { overrides: fork.overrides ?? [], isRecording: fork.record === true, clock };
  const info = await forkRun(copy, { parent, atEvent, runId, label: null, createdAt, changes });
  const sharedEvents = info.parent?.atSeq ?? 0;
  const opening = await nearestOpening(copy, info);
  const recorded = await eventsOf(copy, parent);
  const outside = planningOutside(program.model?.defaultModel ?? lastModel(opening, recorded));
  const { model, invoker, asked } = outside;
  const budget = { maxEvents: (await copy.head(runId)).seq + plannedEvents };
  const run = await openPlan(copy, runId, { ...program, model, invoker, budget });
  try {
    await run.runUntilIdle();
  } finally {
    await run.close();
  }
  const made = await eventsOf(copy, runId);
  const isStopped = made.at(-1)?.type === 'runtime.budget_exhausted';
  const live = liveCalls(runId, made, asked).map((call) => estimated(call, recorded, program.model ?? null));
  return {
    parent,
    atEvent,
    sharedEvents,
    servedFromRecord: made.filter(
      ({ seq, type, payload }) =>
        seq > sharedEvents && type.endsWith('.requested') && payload['cache_hit'] === true,
    ).length,
    live,
    diverging: divergingIn(made.slice(sharedEvents)),
    stoppedAfterEvents: isStopped ? plannedEvents : null,
    estimatedCostUsd: live.reduce((sum, { estimatedCostUsd: cost }) => addUsd(sum, cost ?? zeroUsd), zeroUsd),
    isComplete: live.length === 0 && !isStopped,
  };
}

/** A fork whose cost is to be known, as the command asks for it. */
export interface StoredForkToPlan extends Omit<ForkToPlan, 'overrides'> {
  /** Other settings for packs that the run has loaded. */
  readonly set?: readonly SettingText[];
  /** The module with what drives the run. */
  readonly file?: string;
}

/** The same of a stored fork. */
const storedForkNames: readonly string[] = Object.keys({
  parent: true,
  atEvent: true,
  runId: true,
  record: true,
  set: true,
  file: true,
} satisfies Record<keyof StoredForkToPlan, true>);

/**
 * Plans a fork of a stored run with the program of a file and the shipped packs that its log names. Rejects as `planFork` does,
 * with `InvalidOverrideError` and with `ProgramFileError`.
 */
export async function planStoredFork(url: string, request: StoredForkToPlan): Promise<ForkPlan> {
  checkArguments('planStoredFork', { url: [url, 'text'], request: [request, 'object'] });
  checkOptionNames('planStoredFork', request, storedForkNames);
  const { file, set = [], ...fork } = request;
  return withStore(url, 'read', async (store) => {
    const { parent: runId, atEvent } = fork;
    await chooseRun(store, runId);
    await checkFreeRunId(store, fork.runId);
    await findForkPoint(store, runId, atEvent);
    const program = await programOf(store, runId, file === undefined ? {} : { file });
    const packs = (program.packs ?? []).map((request) => packOf(request).pack);
    const overrides = await chosenOverrides(store, { runId, atEvent, packs }, set);
    return planFork(store, { ...fork, overrides }, program);
  });
}

/** Opens the copy as the fork would be opened: with what its parent was driven with where the program says nothing else. */
async function openPlan(copy: LogStore, runId: string, program: Program): Promise<Runtime> {
  const { packs = [], behaviors = [], ...rest } = program;
  return load(copy, {
    ...rest,
    behaviors: behaviors.map(deafToPlan),
    packs: packs.map(packDeafToPlan),
    runId,
  });
}

function divergingIn(made: readonly LogEvent[]): ForkPlan['diverging'] {
  return made
    .filter(({ type, payload }) => type === 'behavior.failed' && payload['reason'] === 'replay.diverged')
    .map(({ payload: { behavior, event_id: eventId } }) => ({
      behavior: textOf(behavior),
      eventId: textOf(eventId),
    }));
}

interface FoundCall {
  readonly asked: Asked;
  readonly behavior: string;
  readonly eventId: string;
}

/** Only the first of each invocation: what it would do after that depends on the answer. */
function liveCalls(
  runId: string,
  made: readonly LogEvent[],
  asked: ReadonlyMap<string, Asked>,
): readonly FoundCall[] {
  const found: FoundCall[] = [];
  let started: LogEvent | null = null;
  for (const event of made) {
    if (event.type.endsWith('behavior.started')) started = event;
    if (!event.type.endsWith('.requested') || started === null) continue;
    const call = asked.get(idempotencyKey({ platform: nodePlatform, runId }, event.id));
    if (call === undefined) continue;
    const { behavior, event_id: eventId } = started.payload;
    found.push({ asked: call, behavior: textOf(behavior), eventId: textOf(eventId) });
    started = null;
  }
  return found;
}

function estimated(
  { asked, behavior, eventId }: FoundCall,
  recorded: readonly LogEvent[],
  provider: ModelProvider | null,
): LiveCall {
  if (asked.kind === 'tool') {
    const { name, costPerCallUsd: estimatedCostUsd } = asked.tool;
    const tokens = { estimatedInputTokens: null, estimatedOutputTokens: null };
    return {
      kind: 'tool',
      name,
      behavior,
      eventId,
      ...tokens,
      estimatedCostUsd,
      basis: { kind: 'declared' },
    };
  }
  const { request } = asked;
  const earlier = recorded.findLast(
    ({ type, payload }) => type === 'llm.responded' && payload['behavior'] === behavior,
  );
  const { output_tokens: tokens, cost_usd: cost } = earlier?.payload ?? {};
  const inputTokens = estimateRequestTokens(request);
  const outputTokens = typeof tokens === 'number' ? tokens : request.maxTokens;
  const common = {
    kind: 'model',
    name: request.model,
    behavior,
    eventId,
    estimatedInputTokens: inputTokens,
    estimatedOutputTokens: outputTokens,
  } as const;
  if (provider !== null) {
    const price = provider.estimateCost({ model: request.model, inputTokens, outputTokens });
    return { ...common, estimatedCostUsd: price, basis: { kind: 'provider' } };
  }
  if (earlier === undefined || typeof cost !== 'string')
    return { ...common, estimatedCostUsd: null, basis: { kind: 'none' } };
  return { ...common, estimatedCostUsd: cost, basis: { kind: 'recorded', eventId: earlier.id } };
}

/** The default of whoever drove the run last: the model is a part of what a request is found by. */
function lastModel(opening: Opening | null, recorded: readonly LogEvent[]): string {
  if (opening !== null && opening.model !== null) return opening.model;
  return textOf(recorded.findLast(({ type }) => type === 'llm.requested')?.payload['model']);
}

async function eventsOf(store: LogStore, runId: string): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const page of store.read(runId))
    for (const stored of page) events.push(decodeEvent(stored, runId));
  return events;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
