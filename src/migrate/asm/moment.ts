/** Decides how a moment of agent_session_manager is read: what it writes without a zone is UTC. */
import { readTimestamp } from '../../sessions/index.ts';

/** The text that sessions have of it; `null` when it cannot be read. */
export function momentOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return readTimestamp(value) ?? readTimestamp(`${value}Z`);
}
