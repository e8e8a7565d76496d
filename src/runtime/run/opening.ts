/**
 * Decides what is known of who drove a run: which code, which packs, which clock. It is a record beside the log and not an
 * event, so that a run that was interrupted has the same history as one that was not.
 */
import {
  type Clock,
  deepFreeze,
  frozenClock,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  logicalClock,
} from '../../base/index.ts';
import {
  damagedHistory,
  lineageOfFork,
  type LogStore,
  type Segment,
  type StoredRecord,
  type Stretch,
} from '../../log/index.ts';
import type { Frame } from '../behavior.ts';
import { type Budget, budgetFromJson } from '../budget.ts';
import type { Fingerprint } from '../replay/fingerprint.ts';
import type { BehaviorSummary } from './status.ts';

/** Kind of the records of who drove a run; their ids begin with the id of the run and a slash. */
export const openingKind = 'opening';

/** A behavior as somebody drove a run with it. */
export interface DrivenBehavior extends BehaviorSummary {
  /** What stands in the log up to here it has not seen under this opening; `null` in older records. */
  readonly fromSeq: number | null;
  readonly fingerprint: Fingerprint | null;
}

/** Who opened a run, with which version, behaviors and packs: the record by which a later difference is explained. */
export interface Opening {
  /** The run that was opened: this one, or one that it was forked from, also when it was detached since. */
  readonly runId: string;
  /** Of the drive; one more than that of the drive before where a run was copied, and is driven under epochs that begin anew. */
  readonly epoch: number;
  /** The last place that was there before it; `null` in older records. */
  readonly fromSeq: number | null;
  readonly engineVersion: string;
  /** The clock of that drive, made again; `null` for the system's. */
  readonly clock: Clock | null;
  readonly seed: number;
  readonly frame: Frame | null;
  /** `null` in older records. */
  readonly budget: Budget | null;
  /** The default of the provider; `null` when there was none, and in older records. */
  readonly model: string | null;
  readonly behaviors: readonly DrivenBehavior[];
}

/**
 * The record of whoever drove the run last, up to the place `atSeq`; the end of its log when this is left out. A fork that nobody
 * has driven has what its parents were driven with when they came to its fork point.
 */
export async function nearestOpening(
  store: LogStore,
  run: { readonly id: string; readonly lineage: readonly Segment[] },
  atSeq: number = Number.POSITIVE_INFINITY,
): Promise<Opening | null> {
  for (const { logId, toSeq } of lineageOfFork(run, atSeq).toReversed()) {
    const opening = await lastOpening(store, logId, toSeq);
    if (opening !== null) return opening;
  }
  return null;
}

/**
 * The record of whoever drove a log last, up to one of its places; `null` when nobody has. A run that was driven a thousand times is
 * asked for one of them, unless it went on being driven behind that place.
 */
async function lastOpening(store: LogStore, runId: string, toSeq: number): Promise<Opening | null> {
  if (store.recordBefore !== undefined) {
    const last = await store.recordBefore(openingKind, behindOpenings(runId));
    if (last?.id.startsWith(`${runId}/`) !== true) return null;
    const opening = isOpeningOf(runId, last.id) ? openingFromJson(runId, parsed(runId, last.value)) : null;
    if (opening !== null && droveTo(opening, toSeq)) return upTo(opening, toSeq);
  }
  const opening = (await openingsOf(store, runId)).findLast((each) => droveTo(each, toSeq));
  return opening === undefined ? null : upTo(opening, toSeq);
}

/** Whether somebody, or a behavior, was there when the event of that place was written. */
export function droveTo({ fromSeq }: Pick<Opening, 'fromSeq'>, toSeq: number): boolean {
  return fromSeq === null || fromSeq < toSeq;
}

/** Without the behaviors that came later. */
function upTo(opening: Opening, toSeq: number): Opening {
  return { ...opening, behaviors: opening.behaviors.filter((behavior) => droveTo(behavior, toSeq)) };
}

/**
 * Everybody who drove a log, in order; those of the logs that it was forked from are not among them, unless it has taken them along when
 * it was detached.
 */
export async function openingsOf(store: LogStore, runId: string): Promise<readonly Opening[]> {
  return (await recordsOf(store, runId))
    .map(({ value }) => openingFromJson(runId, parsed(runId, value)))
    .filter((opening) => opening !== null);
}

/** What a log that shares a stretch of this one has to know of who drove it there: the records, as they would stand under its own id. */
export async function openingsToTake(
  store: LogStore,
  { logId, after, to }: Stretch,
): Promise<readonly JsonObject[]> {
  const taken: JsonObject[] = [];
  for (const { value } of await recordsOf(store, logId)) {
    const json = parsed(logId, value);
    const opening = openingFromJson(logId, json);
    // What a log has taken along itself stands in the stretches before.
    if (opening === null || (opening.fromSeq !== null && opening.fromSeq < after)) continue;
    const there = jsonUpTo(json, opening, to);
    if (there !== null) taken.push({ ...there, run_id: opening.runId });
  }
  return taken;
}

/** The records of who drove a log, without what came behind one of its places. */
export async function recordedOpenings(
  store: LogStore,
  runId: string,
  toSeq: number,
): Promise<readonly StoredRecord[]> {
  const kept: StoredRecord[] = [];
  for (const record of await recordsOf(store, runId)) {
    const json = parsed(runId, record.value);
    const there = jsonUpTo(json, openingFromJson(runId, json), toSeq);
    if (there !== null) kept.push({ ...record, value: JSON.stringify(there) });
  }
  return kept;
}

/** A record without the behaviors that came later; `null` when nobody was there yet. */
function jsonUpTo(json: unknown, opening: Opening | null, toSeq: number): JsonObject | null {
  if (opening === null || !isJsonObject(json) || !droveTo(opening, toSeq)) return null;
  const { behaviors } = json;
  const all = behaviors !== undefined && isJsonArray(behaviors) ? behaviors.filter(isJsonObject) : [];
  return { ...json, behaviors: all.filter((behavior) => droveTo(behaviorFromJson(behavior), toSeq)) };
}

async function recordsOf(store: LogStore, runId: string): Promise<readonly StoredRecord[]> {
  const records = await store.records(openingKind, `${runId}/`);
  return records.filter(({ id }) => isOpeningOf(runId, id));
}

function openingFromJson(runId: string, value: unknown): Opening | null {
  if (!isJsonObject(value)) return null;
  const { epoch, from_seq: fromSeq, engine_version: version, seed, frame, budget, model, behaviors } = value;
  const { run_id: drivenId } = value;
  return {
    runId: typeof drivenId === 'string' ? drivenId : runId,
    epoch: typeof epoch === 'number' ? epoch : 0,
    fromSeq: typeof fromSeq === 'number' ? fromSeq : null,
    engineVersion: typeof version === 'string' ? version : '',
    clock: clockOf(value),
    seed: typeof seed === 'number' ? seed : 0,
    frame: isJsonObject(frame) ? frameFromJson(frame) : null,
    budget: isJsonObject(budget) ? budgetFromJson(budget, budget['max_cost_usd']) : null,
    model: typeof model === 'string' ? model : null,
    behaviors:
      behaviors !== undefined && isJsonArray(behaviors)
        ? behaviors.filter(isJsonObject).map(behaviorFromJson)
        : [],
  };
}

function parsed(runId: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damagedHistory({ logId: runId, seq: 0, what: 'The record of who drove the run is not JSON' });
  }
}

function clockOf({ clock, clock_start: start }: JsonObject): Clock | null {
  if (typeof start !== 'string') return null;
  return clock === 'logical' ? logicalClock(start) : clock === 'frozen' ? frozenClock(start) : null;
}

function behaviorFromJson(json: JsonObject): DrivenBehavior {
  const { name, kind, subscribed_to: subscribed, activate_after: after, from_seq: fromSeq } = json;
  const { declared_hash: declared, code_hash: code } = json;
  return {
    name: typeof name === 'string' ? name : '',
    kind: kind === 'llm' || kind === 'relation' ? kind : 'function',
    subscribedTo:
      subscribed !== undefined && isJsonArray(subscribed)
        ? subscribed.filter((type) => typeof type === 'string')
        : [],
    activateAfter: typeof after === 'number' ? after : null,
    fromSeq: typeof fromSeq === 'number' ? fromSeq : null,
    fingerprint: typeof declared === 'string' && typeof code === 'string' ? { declared, code } : null,
  };
}

/** A frozen copy, with empty lists where nothing was said: what a loaded run reads from its record. */
export function frozenFrame(frame: Frame): Frame {
  return deepFreeze(frameFromJson(frameToJson(frame)));
}

export function frameToJson(frame: Frame): JsonObject {
  return {
    goal: frame.goal,
    id: frame.id ?? null,
    constraints: [...(frame.constraints ?? [])],
    success_criteria: [...(frame.successCriteria ?? [])],
    permissions: [...(frame.permissions ?? [])],
  };
}

function frameFromJson(json: JsonObject): Frame {
  const texts = (key: string): readonly string[] => {
    const value = json[key];
    return value !== undefined && isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
  };
  return {
    goal: typeof json['goal'] === 'string' ? json['goal'] : '',
    ...(typeof json['id'] === 'string' ? { id: json['id'] } : {}),
    constraints: texts('constraints'),
    successCriteria: texts('success_criteria'),
    permissions: texts('permissions'),
  };
}

/** Not of a run whose id goes on where this one ends. */
function isOpeningOf(runId: string, id: string): boolean {
  return id.length === openingId(runId, 0).length;
}

/** Comes behind the ids of all records of a run: they end with digits, and a colon follows the digits. */
function behindOpenings(runId: string): string {
  return `${runId}/:`;
}

/** Of what a fork has taken along: they stand in their order, before all records of its own drives. */
export function takenOpeningId(runId: string, index: number): string {
  return `${runId}/-${String(index).padStart(7, '0')}`;
}

/** Of the record of an epoch. */
export function openingId(runId: string, epoch: number): string {
  return `${runId}/${String(epoch).padStart(8, '0')}`;
}
