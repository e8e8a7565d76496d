/**
 * Decides which events keep their data whatever a policy says: those that tell how a session and its runs began and ended, what failed,
 * and what was said, because a transcript is read from it.
 */
import type { SessionEventType } from '../model/event-types.ts';

const kept: ReadonlySet<string> = new Set<SessionEventType>([
  'session_created',
  'run_started',
  'run_completed',
  'run_failed',
  'run_cancelled',
  'run_timeout',
  'error_occurred',
  'message_sent',
  'message_received',
]);

export function isKept(type: string): boolean {
  return kept.has(type);
}
