/** Decides how the state of one session goes on: what a save or an append makes of it, with the refusals of every session store. */
import { canonicalJson, jsonEqual } from '../../base/index.ts';
import { ConcurrentWriterError, DuplicateEventError, firstForms } from '../../log/index.ts';
import {
  checkExecutionMove,
  type Execution,
  executionFromJson,
  executionToJson,
} from '../model/execution.ts';
import { checkSessionMove, type Session, sessionFromJson, sessionToJson } from '../model/session.ts';
import { type SessionEvent, sessionEventToJson } from '../model/session-event.ts';
import { storedEventOf, takeEvent } from '../store/event-row.ts';
import type { SessionState } from './primitives.ts';

export const noState: SessionState = Object.freeze({ session: null, runs: [], events: [] });

/** Throws `ConcurrentWriterError` and `InvalidTransitionError`. */
export function withSession(state: SessionState, session: Session): SessionState {
  const known = sessionFromJson(sessionToJson(session));
  const { session: present } = state;
  if (present !== null && canonicalJson(sessionToJson(present)) === canonicalJson(sessionToJson(known)))
    return state;
  checkVersion('session', session, present);
  if (present !== null) checkSessionMove(known.id, present.status, known.status);
  return { ...state, session: { ...known, version: (present?.version ?? 0) + 1 } };
}

/** Throws `ConcurrentWriterError` and `InvalidTransitionError`. */
export function withRun(state: SessionState, run: Execution): SessionState {
  const known = executionFromJson(executionToJson(run));
  const present = state.runs.find(({ id }) => id === known.id) ?? null;
  if (present !== null && canonicalJson(executionToJson(present)) === canonicalJson(executionToJson(known)))
    return state;
  checkVersion('execution', run, present);
  if (present !== null) checkExecutionMove(known.id, present.status, known.status);
  const next = { ...known, version: (present?.version ?? 0) + 1 };
  const others = state.runs.filter(({ id }) => id !== known.id);
  return { ...state, runs: [...others, next] };
}

export interface Appended {
  readonly state: SessionState;
  /** As they are stored, in the order in which they were handed in. */
  readonly stored: readonly SessionEvent[];
}

/** Throws `DuplicateEventError`, and `ValidationError` for what is no event. */
export function withEvents(state: SessionState, events: readonly SessionEvent[]): Appended {
  const byId = new Map(state.events.map((event) => [event.id, event]));
  const all = [...state.events];
  const stored = events.map((event) => {
    const next = storedEventOf(takeEvent(event), all.length + 1, firstForms);
    const present = byId.get(next.id);
    if (present === undefined) {
      all.push(next);
      byId.set(next.id, next);
      return next;
    }
    if (!jsonEqual(contentOf(present), contentOf(next))) throw takenId(next);
    return present;
  });
  return { state: { ...state, events: all }, stored };
}

function contentOf(event: SessionEvent) {
  return sessionEventToJson({ ...event, sequenceNumber: null });
}

/** One handle reads and writes, so what it has read last is what is there. */
function checkVersion(
  what: string,
  given: { readonly id: string; readonly version: number | null },
  present: { readonly version: number | null } | null,
): void {
  const actual = present?.version ?? 0;
  if (given.version === null || given.version === actual) return;
  throw new ConcurrentWriterError({
    summary: `${what} '${given.id}' is at ${actual}, expected ${given.version}`,
    whatFailed: `A write expected ${what} '${given.id}' at ${given.version} and found it at ${actual}.`,
    why: 'Whoever decides by an old state would overwrite what somebody else has written since.',
    howToFix: 'Read the present state, decide again, write again.',
    context: { what, id: given.id, expected: given.version, actual },
  });
}

function takenId({ id, sessionId }: SessionEvent): Error {
  return new DuplicateEventError({
    summary: `event id '${id}' is taken in session '${sessionId}'`,
    whatFailed: `An event '${id}' was appended whose content differs from the stored one.`,
    why: 'Same id and other content would make the audit trail say two things; same content would have been accepted as done.',
    howToFix: 'Give the event an id of its own, or read the stored event and decide again.',
    context: { event_id: id, session_id: sessionId },
  });
}
