/**
 * Decides which of the things that an agent tells are its own to tell: not the life of a session, not what a policy found, not a
 * person's word on an approval. Such an event is kept with all that it says, as trouble that the agent told.
 */
import { isJsonObject } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { AgentEvent } from './port.ts';
import { sessionEventKinds, type SessionEventType } from '../model/event-types.ts';
import { isTaking } from '../live/past/heard-facts.ts';

const { session, policy, approval } = sessionEventKinds;
const notForAgents: ReadonlySet<SessionEventType> = new Set([...session, ...policy, ...approval]);

/**
 * The event as it is believed: under the name of another type where its own is for the manager alone to write. Throws `ValidationError`
 * for what is no event.
 */
export function toldByAgent(event: AgentEvent): AgentEvent {
  if (!isJsonObject(event))
    throw sessionError('validation_error', 'an event of an agent must be a map with `type` and `data`');
  const { type, data } = event;
  // Data that is no map is refused by the intake.
  if (!isJsonObject(data) || !(notForAgents.has(type) || isTaking({ type, data }))) return event;
  const why = `the agent told '${type}', which is not an agent's to tell`;
  return {
    ...event,
    type: 'error_occurred',
    data: { error_code: 'invalid_event_type', error_message: why, ...data, original_type: type },
  };
}
