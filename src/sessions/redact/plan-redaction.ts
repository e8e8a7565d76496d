/**
 * Decides what a redaction would drop, before it does: the events that are meant, and what the rows of their runs lose with them. Reads
 * only, and refuses what the redaction itself would refuse.
 */
import { checkArguments, shellWord } from '../../base/index.ts';
import {
  eventNotFound,
  InvalidEventError,
  keepsItsPayloads,
  type LogInfo,
  readTombstone,
  type RedactionNote,
  type SearchableStore,
  type StoredEvent,
} from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { leftEvents, type LeftEvents } from './left-events.ts';
import { type RepeatedPart, runLosses } from './run-losses.ts';

/** Which events of a session: those that are named, and all of these types. */
export interface RedactionChoice {
  readonly eventIds?: readonly string[];
  readonly types?: readonly SessionEventType[];
}

export type { LeftEvents };

/** An event that is meant. */
export interface PlannedEvent {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly timestamp: string;
  readonly runId: string | null;
  /** Who redacted it before, when and why; `null` for one that has its data. */
  readonly redacted: RedactionNote | null;
}

/** A run whose row repeats what the events say, and would lose it. */
export interface PlannedRun {
  readonly runId: string;
  readonly parts: readonly RepeatedPart[];
}

/** What a redaction would drop. */
export interface PlannedRedaction {
  /** In the order of the session. */
  readonly events: readonly PlannedEvent[];
  readonly runs: readonly PlannedRun[];
  /** Events of the same runs that are not meant and may repeat it, by type. */
  readonly left: readonly LeftEvents[];
}

/**
 * What `redactSessionEvents` would drop of a session. Rejects with `SessionNotFoundError` and `EventNotFoundError`; with
 * `InvalidEventError` for the run of a graph, and for an event with data that a fork reads from its parent; and with
 * `InvalidOperationError` for events of a run that has not ended.
 */
export async function planSessionRedaction(
  store: SearchableStore,
  sessionId: string,
  choice: RedactionChoice,
): Promise<PlannedRedaction> {
  checkArguments('planSessionRedaction', {
    store: [store, 'with redact'],
    sessionId: [sessionId, 'text'],
    choice: [choice, 'object'],
  });
  const info = await store.info(sessionId);
  if (info === undefined)
    throw sessionError('session_not_found', `session '${sessionId}' is not there`, {
      details: { session_id: sessionId },
    });
  if (info.kind !== 'session') throw keepsItsPayloads(sessionId);
  const events = [...(await chosen(store, sessionId, choice)).values()].sort(
    (left, right) => left.seq - right.seq,
  );
  const inherited = events.find(({ seq, redacted }) => seq <= (info.parent?.atSeq ?? 0) && redacted === null);
  if (inherited !== undefined) throw ofTheParent(info, inherited);
  const seqs = events.map(({ seq }) => seq);
  const losses = await runLosses(store, sessionId, seqs);
  const runs = losses.map(({ run, parts }) => ({ runId: run.id, parts }));
  return { events, runs, left: await leftEvents(store, sessionId, events, runs) };
}

/** By place: an event that is named and of a type that is named is one event. */
async function chosen(
  store: SearchableStore,
  sessionId: string,
  { eventIds = [], types = [] }: RedactionChoice,
): Promise<ReadonlyMap<number, PlannedEvent>> {
  const found = new Map<number, PlannedEvent>();
  for (const eventId of eventIds) {
    const stored = await store.get(sessionId, eventId);
    if (stored === undefined) throw eventNotFound({ eventId, logId: sessionId, operation: 'redact' });
    found.set(stored.seq, plannedOf(stored));
  }
  if (types.length === 0) return found;
  for await (const page of store.read(sessionId, { types }))
    for (const stored of page) found.set(stored.seq, plannedOf(stored));
  return found;
}

function plannedOf({ id, seq, type, timestamp, runId, payload }: StoredEvent): PlannedEvent {
  return { id, seq, type, timestamp, runId, redacted: readTombstone(payload)?.note ?? null };
}

function ofTheParent({ id, parent }: LogInfo, { id: eventId }: PlannedEvent): Error {
  const parentId = parent?.logId ?? '';
  return new InvalidEventError({
    summary: `event '${eventId}' stands in '${parentId}', which '${id}' was forked from`,
    whatFailed: `redact was to drop the data of event '${eventId}' of '${id}', which reads it from '${parentId}'.`,
    why: 'A fork copies no event: what it shares is dropped where it stands, for everybody who reads it.',
    howToFix: `Redact it there, and it is gone here too: \`runlog redact URL ${shellWord(parentId)} --event ${shellWord(eventId)} --by NAME --reason TEXT\` shows what would go, and with --apply it goes.`,
    context: { session_id: id, event_id: eventId, parent: parentId },
  });
}
