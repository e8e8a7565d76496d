/**
 * Decides how a stored run is forked without the program that drives it: looked at first, so that what is refused leaves no
 * trace, and then made in one step, with everything it does differently.
 */
import { checkArguments, checkNewId, checkOptionNames, formatInstant } from '../../base/index.ts';
import { checkNewLog, type LogInfo, type LogStore, type NewFork } from '../../log/index.ts';
import type { Pack } from '../../packs/index.ts';
import {
  findForkPoint,
  type ForkChanges,
  type ForkOptions,
  forkRun as forkIn,
  nearestOpening,
} from '../../runtime/index.ts';
import type { ForkReport } from '../../view/index.ts';
import { chooseRun } from '../choose-run.ts';
import { chosenOverrides, type SettingText } from './chosen-overrides.ts';
import { checkFreeRunId } from './free-run-id.ts';
import { nodePlatform } from '../node-platform.ts';
import { storeUrlOf } from '../open-store.ts';
import { withStore } from '../with-store.ts';

/** A fork to be made, as the command asks for it. */
export interface ForkRunRequest {
  /** The run to fork; the one that was created last when this is left out. */
  readonly runId?: string;
  /** Id of the last event that the fork shares. */
  readonly atEvent: string;
  /** Of the fork; drawn when it is left out. */
  readonly newRunId?: string;
  readonly label?: string;
  /** Other settings for packs that the run has loaded. */
  readonly set?: readonly SettingText[];
  /** True asks models and tools again after the fork point, and records their answers; it is kept with the fork. */
  readonly record?: boolean;
  /** Packs whose settings are to be overridden, besides those that come with this product. */
  readonly packs?: readonly Pack[];
}

/**
 * Forks a run of a store, named by a URL, a path, or an open store. Rejects with `RunNotFoundError`, `EventNotFoundError`,
 * `InvalidOverrideError`, with `RunExistsError` when the id of the fork is taken, and with `InvalidRuntimeConfiguration` for an
 * event among the changes of one behavior.
 */
export async function forkRun(target: string | URL | LogStore, request: ForkRunRequest): Promise<ForkReport> {
  checkArguments('forkRun', {
    target: [target, 'text', 'with href', 'with commit'],
    request: [request, 'object'],
  });
  checkRequest(request);
  const { newRunId: id = nodePlatform.newRunId(), label = null } = request;
  const created = { id, label, createdAt: formatInstant(nodePlatform.nowMs()) };
  checkNewLog(created);
  checkNewId('the id of a fork', id);
  const [fork, { head }] = await plannedAndMade(target, { ...request, created });
  const { overrides, isRecording } = fork.changes;
  return {
    parentRunId: fork.parent,
    runId: fork.runId,
    atEvent: fork.atEvent,
    label: fork.label,
    sharedEvents: head.seq - overrides.length - (isRecording ? 1 : 0),
    overrides: overrides.map(({ pack, key, value }) => ({ pack: pack.name, key, value })),
    isRecording,
  };
}

/** The name of every part of a request: one that is missing here does not compile. */
const requestNames: readonly string[] = Object.keys({
  runId: true,
  atEvent: true,
  newRunId: true,
  label: true,
  set: true,
  record: true,
  packs: true,
} satisfies Record<keyof ForkRunRequest, true>);

/** Before anything is opened: what is found wrong later would leave an opened file behind. */
function checkRequest(request: ForkRunRequest): void {
  checkOptionNames('forkRun', request, requestNames);
  const { runId = '', atEvent, newRunId = '', label = '', set = [], record = false, packs = [] } = request;
  checkArguments('forkRun', {
    'request.runId': [runId, 'text'],
    'request.atEvent': [atEvent, 'text'],
    'request.newRunId': [newRunId, 'text'],
    'request.record': [record, 'boolean'],
    'request.label': [label, 'text'],
    'request.set': [set, 'list'],
    'request.packs': [packs, 'list'],
  });
  for (const setting of set) {
    checkArguments('forkRun', { 'request.set': [setting, 'object'] });
    const { name, text } = setting;
    checkArguments('forkRun', {
      'the name of a setting': [name, 'text'],
      'the value of a setting': [text, 'text'],
    });
  }
  for (const pack of packs) checkArguments('forkRun', { 'request.packs': [pack, 'with version'] });
}

/** A request with the row that is to be made of it. */
interface CheckedRequest extends ForkRunRequest {
  readonly created: Pick<NewFork, 'id' | 'label' | 'createdAt'>;
}

type PlannedFork = ForkOptions & { readonly changes: ForkChanges };

/** A store that is not open yet is opened to be written when the fork has been found to be possible. */
async function plannedAndMade(
  target: string | URL | LogStore,
  request: CheckedRequest,
): Promise<readonly [PlannedFork, LogInfo]> {
  if (typeof target !== 'string' && !(target instanceof URL)) {
    // Whoever makes the fork looks at its point; what is written behind it depends on who drove the run there.
    const { set = [], record = false } = request;
    const fork = await planFork(target, request, record || set.length > 0);
    return [fork, await forkIn(target, fork)];
  }
  const url = storeUrlOf(target);
  const fork = await withStore(url, 'read', async (store) => planFork(store, request, true));
  return [fork, await withStore(url, 'write', async (store) => forkIn(store, fork))];
}

async function planFork(
  store: LogStore,
  request: CheckedRequest,
  looksAtPoint: boolean,
): Promise<PlannedFork> {
  const { atEvent, set = [], record = false, packs = [], created } = request;
  const { info } = await chooseRun(store, request.runId);
  await checkFreeRunId(store, request.newRunId);
  const point = looksAtPoint ? await findForkPoint(store, info.id, atEvent) : null;
  const overrides = await chosenOverrides(store, { runId: info.id, atEvent, packs }, set);
  const opening = point === null ? null : await nearestOpening(store, info, point.seq);
  const clock = opening?.clock ?? nodePlatform.clock;
  return {
    parent: info.id,
    atEvent,
    runId: created.id,
    label: created.label,
    createdAt: created.createdAt,
    changes: { overrides, isRecording: record, clock },
  };
}
