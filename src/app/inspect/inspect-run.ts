/** Decides what can be said about a stored run without the program that drives it: from its log and its opening records, reading only. */
import {
  checkArguments,
  checkedOptions,
  checkOptionNames,
  isJsonObject,
  type JsonObject,
} from '../../base/index.ts';
import {
  ChainCheck,
  compareIds,
  decodeEvent,
  eventNotFound,
  type LogEvent,
  type LogInfo,
  type LogStore,
  type ReadOptions,
} from '../../log/index.ts';
import { loadRunState, loadState, nearestOpening, type RunState, statusOf } from '../../runtime/index.ts';
import {
  executionKind,
  executionOfRecord,
  sessionKind,
  sessionOfRecord,
  sessionRecordId,
} from '../../sessions/index.ts';
import {
  type BehaviorEntry,
  BehaviorTally,
  type PackEntry,
  packEntry,
  type RunReport,
  type SessionReport,
  tallyTypes,
} from '../../view/index.ts';
import { chooseLog, type ChosenRun, chooseRun } from '../choose-run.ts';
import { forkOf } from '../list-runs.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { runHolder } from '../run-holder.ts';
import { judgedRuns } from '../sessions/run-owner.ts';
import { withStore } from '../with-store.ts';
import { broughtFrom } from './brought-from.ts';

/** Which run; the newest when none is named. */
export interface InspectOptions {
  /** The run that was created last, when this is left out. */
  readonly runId?: string;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
export const inspectNames: readonly string[] = Object.keys({ runId: true } satisfies Record<
  keyof InspectOptions,
  true
>);

/** What is told of a run or a session. */
export interface InspectLogOptions extends InspectOptions {
  /** How many of the last events. */
  readonly tail: number;
  /** Reads the whole log and computes every hash of its chain; without it no more is read than the answer takes. */
  readonly verify?: boolean;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const logNames: readonly string[] = Object.keys({ runId: true, tail: true, verify: true } satisfies Record<
  keyof InspectLogOptions,
  true
>);

/**
 * The status of a run, with its last `tail` events. Rejects with `RunNotFoundError`, `CorruptedEventPayloadError` and the errors of
 * the store; with `verify` also with `DamagedHistoryError` at the first place that is not what was written.
 */
export async function inspectRun(url: string, options: InspectLogOptions): Promise<RunReport> {
  checkOptionNames('inspectRun', checkedOptions('inspectRun', options), logNames);
  return withStore(url, 'read', async (store) =>
    runReport(store, await chooseRun(store, options.runId), options),
  );
}

/** A run, or a session: whichever is meant. Rejects as `inspectRun` does. */
export async function inspectLog(
  url: string,
  options: InspectLogOptions,
): Promise<
  | { readonly kind: 'run'; readonly report: RunReport }
  | { readonly kind: 'session'; readonly report: SessionReport }
> {
  checkOptionNames('inspectLog', checkedOptions('inspectLog', options), logNames);
  return withStore(url, 'read', async (store) => {
    const chosen = await chooseLog(store, options.runId);
    return chosen.info.kind === 'run'
      ? { kind: 'run', report: await runReport(store, chosen, options) }
      : { kind: 'session', report: await sessionReport(store, chosen, options) };
  });
}

async function runReport(
  store: LogStore,
  chosen: ChosenRun,
  { tail, verify: isVerified = false }: InspectLogOptions,
): Promise<RunReport> {
  const { id } = chosen.info;
  const state = isVerified
    ? (await loadState(store, id, { verifyWith: sha256 })).state
    : await loadRunState(store, id, nodePlatform);
  const limits = await lastLimits(store, id);
  return reportOf(store, chosen, { state, limits, tail: await lastEvents(store, id, tail), isVerified });
}

/** What was read of a run. */
export interface ReadRun {
  readonly state: RunState;
  readonly limits: JsonObject;
  /** The last events that are told, oldest first. */
  readonly tail: readonly LogEvent[];
  readonly isVerified: boolean;
}

export async function reportOf(
  store: LogStore,
  { info, isNewest }: ChosenRun,
  { state, limits, tail, isVerified }: ReadRun,
): Promise<RunReport> {
  const holder = runHolder(info, Date.now());
  const opening = await nearestOpening(store, info);
  const [last] = state.recent.last(1);
  const status = statusOf({
    runId: info.id,
    state,
    budget: {},
    // Time stands still for a run that nobody drives: the end of its log is its present.
    nowMs: last === undefined ? 0 : Date.parse(last.timestamp),
    isRunning: holder !== null,
    frameGoal: opening?.frame?.goal ?? null,
    behaviors: opening?.behaviors ?? [],
    recent: 0,
  });
  const recentEvents = tail.map(({ id, type, actor, timestamp }) => ({ id, type, actor, timestamp }));
  const budget = { ...status.budget, ...limits };
  const fork = await forkedFrom(store, info);
  const brought = await broughtFrom(store, info);
  return { status: { ...status, budget, recentEvents }, holder, tail, fork, brought, isNewest, isVerified };
}

/** Its row, the runs that were made last, and its last events. */
async function sessionReport(
  store: LogStore,
  { info, isNewest }: ChosenRun,
  { tail: tailLength, verify: isVerified = false }: InspectLogOptions,
): Promise<SessionReport> {
  if (isVerified) await verifyChain(store, info.id);
  const record = await store.record(sessionKind, sessionRecordId(info.id));
  const session = record === undefined ? null : sessionOfRecord(record);
  const prefix = `${info.id}/`;
  const runs = (await store.records(executionKind, prefix)).map(executionOfRecord);
  const own = runs.filter(({ sessionId }) => sessionId === info.id);
  const tail = await lastEvents(store, info.id, tailLength);
  return {
    info,
    session,
    runs: judgedRuns(own.toSorted((left, right) => compareIds(left.startedAt, right.startedAt))),
    tail,
    brought: await broughtFrom(store, info),
    isNewest,
    isVerified,
  };
}

async function verifyChain(store: LogStore, logId: string): Promise<void> {
  const head = await store.head(logId);
  const check = new ChainCheck(logId, sha256);
  for await (const page of store.read(logId, { before: head.seq + 1, hashes: true }))
    for (const stored of page) check.next(stored);
  check.end(head);
}

async function forkedFrom(store: LogStore, info: LogInfo): Promise<RunReport['fork']> {
  const { parent, label } = info;
  if (parent === null) return null;
  const { forkEvent: atEvent, isRecording } = await forkOf(store, info);
  return { parentRunId: parent.logId, atEvent, label, isRecording };
}

/** What was found, and in which run. */
export interface Inspected<Value> {
  readonly runId: string;
  /** True when nobody named the run, and it is the one that was created last. */
  readonly isNewest: boolean;
  readonly value: Value;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const eventNames: readonly string[] = Object.keys({ runId: true, eventId: true } satisfies Record<
  keyof Parameters<typeof inspectEvent>[1],
  true
>);

/** One event of a run. Rejects with `EventNotFoundError`. */
export async function inspectEvent(
  url: string,
  options: InspectOptions & { readonly eventId: string },
): Promise<Inspected<LogEvent>> {
  checkArguments('inspectEvent', { url: [url, 'text'], options: [options, 'object'] });
  checkOptionNames('inspectEvent', options, eventNames);
  const { eventId } = options;
  return withStore(url, 'read', async (store) => {
    const { info, isNewest } = await chooseLog(store, options.runId);
    const stored = await store.get(info.id, eventId);
    if (stored === undefined) throw eventNotFound({ eventId, logId: info.id, operation: 'inspect' });
    return { runId: info.id, isNewest, value: decodeEvent(stored, info.id) };
  });
}

/** The behaviors of a run: those its programs registered, and those that only its log knows. */
export async function inspectBehaviors(
  url: string,
  options: InspectOptions = {},
): Promise<Inspected<readonly BehaviorEntry[]>> {
  checkOptionNames('inspectBehaviors', checkedOptions('inspectBehaviors', options), inspectNames);
  return withStore(url, 'read', async (store) => {
    const { info, isNewest } = await chooseRun(store, options.runId);
    const tally = new BehaviorTally();
    for await (const event of eventsOf(store, info.id, { types: tallyTypes })) tally.add(event);
    const opening = await nearestOpening(store, info);
    return { runId: info.id, isNewest, value: tally.entries(opening?.behaviors ?? []) };
  });
}

/** The packs of a run, in the order in which they were loaded. */
export async function inspectPacks(
  url: string,
  options: InspectOptions = {},
): Promise<Inspected<readonly PackEntry[]>> {
  checkOptionNames('inspectPacks', checkedOptions('inspectPacks', options), inspectNames);
  return withStore(url, 'read', async (store) => {
    const { info, isNewest } = await chooseRun(store, options.runId);
    const entries: PackEntry[] = [];
    for await (const event of eventsOf(store, info.id, { types: ['pack.loaded'] }))
      entries.push(packEntry(event));
    return { runId: info.id, isNewest, value: entries };
  });
}

/** The events of a run, read and parsed a page at a time. */
export async function* eventsOf(
  store: LogStore,
  runId: string,
  options: ReadOptions,
): AsyncGenerator<LogEvent> {
  for await (const page of store.read(runId, options)) {
    for (const stored of page) yield decodeEvent(stored, runId);
  }
}

/** What a run says of its limits, as it stops. */
export const stopTypes: readonly string[] = ['runtime.idle', 'runtime.budget_exhausted'];

/** The limits that the run had when it last stopped; none are known before. */
export async function lastLimits(store: LogStore, runId: string): Promise<JsonObject> {
  for await (const stop of eventsOf(store, runId, { types: stopTypes, reverse: true, limit: 1 }))
    return limitsAt(stop);
  return {};
}

/** The limits in the event of a stop. */
export function limitsAt({ payload }: LogEvent): JsonObject {
  const { snapshot } = payload;
  if (!isJsonObject(snapshot)) return {};
  const { limits, cost_limit_usd: costLimit } = snapshot;
  return {
    ...(isJsonObject(limits) ? { limits } : {}),
    ...(costLimit === undefined ? {} : { cost_limit_usd: costLimit }),
  };
}

/** The last events, oldest first. */
async function lastEvents(store: LogStore, runId: string, count: number): Promise<readonly LogEvent[]> {
  if (count === 0) return [];
  const found: LogEvent[] = [];
  for await (const event of eventsOf(store, runId, { reverse: true, limit: count })) found.push(event);
  return found.reverse();
}
