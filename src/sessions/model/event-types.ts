/** Decides which types of events a session has, and which kind of thing each tells of. */
import { sessionError } from '../errors/session-error.ts';

/** All types of events of sessions, by what they are about. */
export const sessionEventKinds = {
  session: [
    'session_created',
    'session_started',
    'session_paused',
    'session_resumed',
    'session_completed',
    'session_failed',
    'session_cancelled',
  ],
  run: ['run_started', 'run_completed', 'run_failed', 'run_cancelled', 'run_timeout'],
  message: ['message_sent', 'message_received', 'message_streamed'],
  tool: ['tool_call_started', 'tool_call_completed', 'tool_call_failed'],
  error: ['error_occurred', 'error_recovered'],
  usage: ['token_usage_updated', 'turn_completed'],
  workspace: ['workspace_snapshot_taken', 'workspace_diff_computed'],
  policy: ['policy_violation'],
  approval: ['tool_approval_requested', 'tool_approval_granted', 'tool_approval_denied'],
} as const;

/** What events are about. */
export type SessionEventKind = keyof typeof sessionEventKinds;
/** All types of events that a session's log may have. */
export type SessionEventType = (typeof sessionEventKinds)[SessionEventKind][number];

/** All 28 types, in the order of their kinds. */
export const sessionEventTypes: readonly SessionEventType[] = Object.values(sessionEventKinds).flat();

const known: ReadonlySet<string> = new Set(sessionEventTypes);

/** Tells a type of event that a session's log may have. */
export function isSessionEventType(text: unknown): text is SessionEventType {
  return typeof text === 'string' && known.has(text);
}

/** Throws `InvalidEventTypeError` for a text that is no type. */
export function readSessionEventType(text: string): SessionEventType {
  if (isSessionEventType(text)) return text;
  throw sessionError('invalid_event_type', `there is no event type '${text}'`, { details: { type: text } });
}
