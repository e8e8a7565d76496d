/**
 * Decides how what a run knows about itself is written down and begun with again: all of `RunState` that its events led to, as
 * the log alone has it, wherever the loop stands. Events themselves are named by their places.
 */
import {
  deepFreeze,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readUsd,
  zeroUsd,
} from '../../base/index.ts';
import type { RunFailure } from '../run/failure.ts';
import { RunState } from '../run/run-state.ts';
import type { PendingApproval } from '../behavior.ts';
import { integer, integerOrNull, list, NoSnapshot, object, text, textOrNull } from './read-json.ts';

/**
 * The state at a place where nothing is under way; `null` while an invocation is open, and when the loop has done something
 * that the log will say only later.
 */
export function packState(state: RunState): JsonObject | null {
  const { usage, schedule, queue } = state;
  if (state.open !== null || schedule.goneTick > queue.loggedTick) return null;
  const awaited = schedule.eventIds();
  const chains = state.failureChains.needed(Math.min(queue.loggedSeq, state.seq + 1), (id) =>
    awaited.has(id),
  );
  const { current, taken, waiting } = queue.logged();
  return {
    seq: state.seq,
    event_number: state.eventNumber,
    frame_id: state.frameId,
    counters: { ...state.counters },
    usage: {
      behavior_calls: usage.behaviorCalls,
      llm_calls: usage.llmCalls,
      tool_calls: usage.toolCalls,
      patches: usage.patches,
      cost_usd: usage.costUsd,
      goal_at_ms: usage.goalAtMs !== null && Number.isFinite(usage.goalAtMs) ? usage.goalAtMs : null,
      has_goal: usage.goalAtMs !== null,
    },
    last_stop: state.lastStop === null ? null : { ...state.lastStop },
    queue: {
      taken,
      current: current === null ? null : { ...current, done: [...current.done] },
      waiting: [...waiting],
    },
    schedule: schedule
      .entries()
      .map(({ key, behavior, relationId, eventId, eventSeq, fireAtTick, delay, seq }) => [
        ...[key, behavior, relationId, eventId],
        ...[eventSeq, fireAtTick, delay, seq],
      ]),
    approvals: [...state.approvals.values()].map((approval) => ({ ...approval })),
    failures: state.failures.map(({ seq, failure }) => [
      seq,
      failure.behavior,
      failure.eventId,
      failure.reason,
      failure.exceptionType,
      failure.message,
      failure.failedEventId,
    ]),
    failure_chains: chains.map(([id, { seq, behaviors }]) => [id, seq, ...behaviors]),
    packs: state.packs,
    setting_overrides: state.settingOverrides,
    recording_seq: state.recordingSeq,
    promotions: [...state.promotions].map(([fork, { forkSeq, ids }]) => [fork, forkSeq, ...ids]),
  };
}

/** The state that was packed. Throws `NoSnapshot` for what is none. */
export function unpackState(value: unknown): RunState {
  const packed = object(isJsonObject(value) ? value : undefined);
  const state = new RunState();
  state.seq = integer(packed['seq']);
  state.eventNumber = integer(packed['event_number']);
  state.frameId = textOrNull(packed['frame_id']);
  state.recordingSeq = integer(packed['recording_seq']);
  const counters = object(packed['counters']);
  for (const kind of ['object', 'relation', 'patch', 'approval'] as const)
    state.counters[kind] = integer(counters[kind]);
  unpackUsage(state, object(packed['usage']));
  unpackQueue(state, object(packed['queue']));
  state.lastStop = packed['last_stop'] === null ? null : unpackStop(object(packed['last_stop']));
  for (const entry of list(packed['schedule'])) unpackScheduled(state, list(entry));
  for (const approval of list(packed['approvals'])) unpackApproval(state, object(approval));
  for (const failure of list(packed['failures'])) unpackFailure(state, list(failure));
  for (const chain of list(packed['failure_chains'])) {
    const [id, seq, ...behaviors] = list(chain);
    state.failureChains.add(text(id), { seq: integer(seq), behaviors: new Set(behaviors.map(text)) });
  }
  for (const pack of list(packed['packs'])) state.packs.push(deepFreeze(object(pack)));
  for (const override of list(packed['setting_overrides']))
    state.settingOverrides.push(deepFreeze(object(override)));
  for (const promotion of list(packed['promotions'])) unpackPromotion(state, list(promotion));
  return state;
}

function unpackPromotion(state: RunState, [fork, forkSeq, ...ids]: readonly JsonValue[]): void {
  const pairs = ids.map(list).map(([from, to]) => [text(from), text(to)] as const);
  state.promotions.set(text(fork), { forkSeq: integer(forkSeq), ids: new Map(pairs) });
}

function unpackUsage({ usage }: RunState, packed: JsonObject): void {
  usage.behaviorCalls = integer(packed['behavior_calls']);
  usage.llmCalls = integer(packed['llm_calls']);
  usage.toolCalls = integer(packed['tool_calls']);
  usage.patches = integer(packed['patches']);
  usage.costUsd = readUsd(text(packed['cost_usd'])) ?? zeroUsd;
  // A goal whose time cannot be read is a goal all the same.
  usage.goalAtMs = packed['has_goal'] === true ? (integerOrNull(packed['goal_at_ms']) ?? Number.NaN) : null;
}

function unpackQueue(state: RunState, packed: JsonObject): void {
  const waiting = list(packed['waiting']);
  const current = packed['current'] === null ? null : object(packed['current']);
  state.queue.restore({
    taken: integer(packed['taken']),
    current:
      current === null
        ? null
        : {
            seq: integer(current['seq']),
            id: text(current['id']),
            firstSeq: integerOrNull(current['firstSeq']),
            done: list(current['done']).map(text),
          },
    waiting: waiting.map((entry) => (typeof entry === 'number' ? entry : strayEntry(entry))),
  });
  state.usage.events = state.queue.takenTick;
}

function strayEntry(entry: JsonValue): readonly [seq: number, id: string] {
  const [seq, id] = list(entry);
  return [integer(seq), text(id)];
}

function unpackStop(packed: JsonObject): NonNullable<RunState['lastStop']> {
  return {
    type: text(packed['type']),
    seq: integer(packed['seq']),
    exhaustedBy: textOrNull(packed['exhaustedBy']),
  };
}

function unpackScheduled(state: RunState, packed: readonly JsonValue[]): void {
  const [key, behavior, relationId, eventId, eventSeq, fireAtTick, delay, seq] = packed;
  if (typeof fireAtTick !== 'number' || typeof delay !== 'number') throw new NoSnapshot('a delay');
  state.schedule.add({
    key: text(key),
    behavior: text(behavior),
    relationId: textOrNull(relationId),
    eventId: text(eventId),
    eventSeq: integer(eventSeq),
    event: null,
    fireAtTick,
    delay,
    seq: integer(seq),
  });
}

function unpackApproval(state: RunState, packed: JsonObject): void {
  const approval: PendingApproval = deepFreeze({
    id: text(packed['id']),
    objectType: text(packed['objectType']),
    data: object(packed['data']),
    reason: text(packed['reason']),
    pack: textOrNull(packed['pack']),
    eventId: text(packed['eventId']),
  });
  state.approvals.set(approval.id, approval);
}

function unpackFailure(state: RunState, packed: readonly JsonValue[]): void {
  const [seq, behavior, eventId, reason, exceptionType, message, failedEventId] = packed;
  const failure: RunFailure = Object.freeze({
    behavior: text(behavior),
    eventId: text(eventId),
    reason: textOrNull(reason),
    exceptionType: text(exceptionType),
    message: text(message),
    failedEventId: text(failedEventId),
  });
  state.failures.push({ seq: integer(seq), failure });
}
