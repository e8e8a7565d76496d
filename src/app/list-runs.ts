/** Decides what a list of runs says about each: a glance at its first goal and its last event, without reading what is between. */
import type { JsonValue } from '../base/index.ts';
import {
  CorruptedEventPayloadError,
  DamagedHistoryError,
  decodeEvent,
  type LogEvent,
  type LogInfo,
  type LogStore,
  type ReadOptions,
  RunNotFoundError,
} from '../log/index.ts';
import { sessionKind, sessionOfRecord, sessionRecordId } from '../sessions/index.ts';
import type { RunEntry, RunOutcome } from '../view/index.ts';
import { logsOf } from './choose-run.ts';
import { openStore } from './open-store.ts';
import { runHolder } from './run-holder.ts';

/** The runs and sessions of a store, oldest first. A damaged one is listed as that, and does not end the list. */
export async function* listRuns(url: string): AsyncGenerator<RunEntry> {
  const store = await openStore(url, { mode: 'read' });
  try {
    yield* entriesOf(store);
  } finally {
    await store.close();
  }
}

/** Those that somebody removes meanwhile are left out. */
export async function* entriesOf(store: LogStore): AsyncGenerator<RunEntry> {
  for await (const info of logsOf(store)) {
    const entry = await entryIfThere(store, info);
    if (entry !== null) yield entry;
  }
}

async function entryIfThere(store: LogStore, info: LogInfo): Promise<RunEntry | null> {
  try {
    return await entryOf(store, info);
  } catch (error) {
    if (error instanceof RunNotFoundError && (await store.info(info.id)) === undefined) return null;
    throw error;
  }
}

/** What a list says about one log. */
export async function entryOf(store: LogStore, info: LogInfo): Promise<RunEntry> {
  const holder = runHolder(info, Date.now());
  try {
    if (info.kind === 'session') return await sessionEntryOf(store, info);
    const goal = await firstEvent(store, info.id, { types: ['goal.created'], limit: 1 });
    const last = await firstEvent(store, info.id, { reverse: true, limit: 1 });
    const outcome = holder === null ? outcomeOf(last) : 'running';
    const fork = await forkOf(store, info);
    return { info, outcome, goal: textOrNull(goal?.payload['goal']), holder, ...fork };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { info, outcome: 'damaged', goal: null, holder, forkEvent: null, isRecording: false };
  }
}

/** What the row of a session says, where there is one. */
async function sessionEntryOf(store: LogStore, info: LogInfo): Promise<RunEntry> {
  const record = await store.record(sessionKind, sessionRecordId(info.id));
  const session = record === undefined ? null : sessionOfRecord(record);
  const goal = session === null ? null : `session of ${session.agentId}`;
  return {
    info,
    outcome: session?.status ?? 'unnamed',
    goal,
    holder: null,
    forkEvent: null,
    isRecording: false,
  };
}

/** What a fork says about itself: where it was made, and whether it asks afresh. */
export async function forkOf(
  store: LogStore,
  { id, parent }: LogInfo,
): Promise<Pick<RunEntry, 'forkEvent' | 'isRecording'>> {
  if (parent === null) return { forkEvent: null, isRecording: false };
  const { atSeq: after } = parent;
  const recording = await firstEvent(store, id, { after, types: ['runtime.recording'], limit: 1 });
  const shared = await firstEvent(store, id, { before: after + 1, reverse: true, limit: 1 });
  return { forkEvent: shared?.id ?? null, isRecording: recording !== null };
}

function outcomeOf(last: LogEvent | null): RunOutcome {
  if (last === null) return 'empty';
  if (last.type === 'runtime.idle') return 'idle';
  return last.type === 'runtime.budget_exhausted' ? 'exhausted' : 'stopped';
}

async function firstEvent(store: LogStore, runId: string, options: ReadOptions): Promise<LogEvent | null> {
  for await (const [stored] of store.read(runId, options)) {
    if (stored !== undefined) return decodeEvent(stored, runId);
  }
  return null;
}

function isDamage(error: unknown): boolean {
  return [CorruptedEventPayloadError, DamagedHistoryError].some((damage) => error instanceof damage);
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
