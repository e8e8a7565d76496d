/**
 * Decides what a session is: who works, in which state, with which data beside it; how it is read from a document and written into
 * one; and which state may follow which.
 */
import { checkArguments, type JsonObject } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { checkChosenId } from './chosen-id.ts';
import { Fields } from './fields.ts';
import type { Mint } from './mint.ts';

/** Every state; the last three are ends. */
export const sessionStatuses = ['pending', 'active', 'paused', 'completed', 'failed', 'cancelled'] as const;
/** Where a session stands. */
export type SessionStatus = (typeof sessionStatuses)[number];

/** A session of an agent. A document beside its log; `version` is compared when it is saved. */
export interface Session {
  readonly id: string;
  readonly agentId: string;
  readonly status: SessionStatus;
  /** A label: nothing follows it. */
  readonly parentSessionId: string | null;
  /** Holds `provider`, `provider_sessions` and `correlation_id` when somebody has put them there. */
  readonly metadata: JsonObject;
  readonly context: JsonObject;
  readonly tags: readonly string[];
  /** UTC, to the microsecond, as the other times. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it was marked as deleted. */
  readonly deletedAt: string | null;
  /**
   * The version of the stored row that this was read from. A save with it is refused when the row has moved on since; `null`
   * means "as last read or written through this handle".
   */
  readonly version: number | null;
}

/** A session to be made. */
export interface NewSession {
  readonly agentId: string;
  /** Made when it is left out; any text without control characters that is not blank. */
  readonly id?: string | undefined;
  readonly parentSessionId?: string | null;
  readonly metadata?: JsonObject;
  readonly context?: JsonObject;
  readonly tags?: readonly string[];
}

const next: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  pending: ['active', 'failed', 'cancelled'],
  active: ['paused', 'completed', 'failed', 'cancelled'],
  paused: ['active', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

/** A new session, `pending`. Throws `ValidationError` for an `agentId` that is missing or empty, and for an id that cannot be typed. */
export function newSession(given: NewSession, mint: Mint): Session {
  checkArguments('newSession', { given: [given, 'object'], mint: [mint, 'with now'] });
  const now = mint.now();
  const { agentId, id, parentSessionId, metadata, context, tags } = given;
  checkChosenId('session', id);
  return sessionFromJson({
    id: id ?? mint.id('ses'),
    agent_id: agentId,
    status: 'pending',
    parent_session_id: parentSessionId ?? null,
    metadata: metadata ?? {},
    context: context ?? {},
    tags: tags ?? [],
    created_at: now,
    updated_at: now,
  });
}

/** The session in its next state. The state that it is in already changes nothing. Throws `InvalidTransitionError`. */
export function moveSession(session: Session, status: SessionStatus, mint: Mint): Session {
  checkArguments('moveSession', {
    session: [session, 'with status'],
    status: [status, 'text'],
    mint: [mint, 'with now'],
  });
  checkSessionMove(session.id, session.status, status);
  return session.status === status ? session : { ...session, status, updatedAt: mint.now() };
}

/** Throws `InvalidTransitionError` when a session in one state cannot come into the other. */
export function checkSessionMove(id: string, from: SessionStatus, to: SessionStatus): void {
  if (from === to || next[from].includes(to)) return;
  throw sessionError('invalid_transition', `session '${id}' is ${from} and cannot become ${to}`, {
    details: { session_id: id, from, to, allowed: [...next[from]] },
  });
}

/**
 * Throws `InvalidOperationError` for a session that would bring one back which is marked as deleted, and does not say which version
 * of it was read: a copy from before the mark looks the same.
 */
export function checkBroughtBack(present: Session, next: Session): void {
  if (present.deletedAt === null || next.deletedAt !== null || next.version !== null) return;
  throw sessionError('invalid_operation', `session '${next.id}' is marked as deleted`, {
    details: { session_id: next.id, deleted_at: present.deletedAt },
    why: 'A copy that was made before the mark would bring the session back without anybody wanting it.',
    howToFix: 'To bring it back read it again, and save what was read with `deletedAt` null.',
  });
}

/** True for a session that has ended. */
export function isSessionOver(status: SessionStatus): boolean {
  return next[status].length === 0;
}

/** Reads a stored or exported session. Throws `ValidationError` and `InvalidStatusError`. */
export function sessionFromJson(json: unknown): Session {
  const fields = new Fields('session', json);
  return Object.freeze({
    id: fields.text('id'),
    agentId: fields.text('agent_id'),
    status: readSessionStatus(fields.text('status')),
    parentSessionId: fields.optionalText('parent_session_id'),
    metadata: fields.map('metadata'),
    context: fields.map('context'),
    tags: fields.texts('tags'),
    createdAt: fields.moment('created_at'),
    updatedAt: fields.moment('updated_at'),
    deletedAt: fields.optionalMoment('deleted_at'),
    version: null,
  });
}

/** The stored and exported form. The version of the row is not part of it. */
export function sessionToJson(session: Session): JsonObject {
  return {
    id: session.id,
    agent_id: session.agentId,
    status: session.status,
    parent_session_id: session.parentSessionId,
    metadata: session.metadata,
    context: session.context,
    tags: session.tags,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    deleted_at: session.deletedAt,
  };
}

/** Throws `InvalidStatusError` for a text that is no status. */
export function readSessionStatus(text: string): SessionStatus {
  const status = sessionStatuses.find((known) => known === text);
  if (status !== undefined) return status;
  throw sessionError('invalid_status', `there is no session status '${text}'`, {
    details: { status: text, known: [...sessionStatuses] },
  });
}
