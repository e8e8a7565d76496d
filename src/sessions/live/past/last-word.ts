/** Decides what the last thing is that the log has of a conversation in a run: what was said or done as a whole, and no piece of it. */
import type { SessionEvent } from '../../model/session-event.ts';
import type { SessionStore } from '../../store/port.ts';

const words = [
  'message_sent',
  'message_received',
  'tool_call_started',
  'tool_call_completed',
  'tool_call_failed',
] as const;
const pageSize = 1_000;

/** Reads the run; `null` when nothing was said in it. */
export async function lastWord(
  store: SessionStore,
  sessionId: string,
  runId: string,
): Promise<SessionEvent | null> {
  let last: SessionEvent | null = null;
  for (let after = 0; ;) {
    const page = await store.getEvents(sessionId, { runId, after, limit: pageSize });
    last = page.findLast(({ type }) => words.some((word) => word === type)) ?? last;
    const end = page.at(-1)?.sequenceNumber ?? null;
    if (page.length < pageSize || end === null) return last;
    after = end;
  }
}
