/** Decides how what a manager itself has to tell becomes an event: built and freed of secrets as those of agents, and stored by its caller. */
import type { JsonObject } from '../../base/index.ts';
import { sessionErrorToJson } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { EventContext } from '../pipeline/raw-event.ts';
import type { Parts } from './parts.ts';

/** What the events of one session, or of one run in it, have in common. */
export function contextOf(session: Session, runId: string | null, provider: string | null): EventContext {
  const correlationId = session.metadata['correlation_id'];
  return {
    sessionId: session.id,
    runId,
    provider,
    correlationId: typeof correlationId === 'string' && correlationId !== '' ? correlationId : null,
  };
}

export function tellOf(
  parts: Parts,
  session: Session,
  runId: string | null,
  type: SessionEventType,
  data: JsonObject = {},
): SessionEvent {
  return parts.builder.build({ type, data }, contextOf(session, runId, parts.agent.name)).event;
}

/** How a failure is told in `run_failed`, `session_failed` and their like. */
export function failureData(error: unknown): JsonObject {
  const { code, message, ...more } = sessionErrorToJson(error);
  return { error_code: code, error_message: message, ...more };
}
