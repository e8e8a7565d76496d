/**
 * Decides which events of the runs of a redaction are left and may repeat what goes: those that hold what was said, done or failed. The
 * end of a run is one of them while its row keeps an answer, which goes with it.
 */
import { readTombstone, type SearchableStore } from '../../log/index.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { executionKind, executionOfRecord, executionRecordId } from '../store/documents.ts';

/** Events of one type that keep their data. */
export interface LeftEvents {
  readonly type: string;
  readonly events: number;
}

const mayRepeat: readonly SessionEventType[] = [
  'message_sent',
  'message_received',
  'message_streamed',
  'tool_call_started',
  'tool_call_completed',
  'tool_call_failed',
  'tool_approval_requested',
  'policy_violation',
  'error_occurred',
  'run_failed',
  'run_completed',
  'workspace_snapshot_taken',
  'workspace_diff_computed',
];

/** Ordered by type. `chosen` are the events that go, `losing` the rows of runs and what they lose. */
export async function leftEvents(
  store: SearchableStore,
  sessionId: string,
  chosen: readonly { readonly seq: number; readonly runId: string | null }[],
  losing: readonly { readonly runId: string; readonly parts: readonly string[] }[],
): Promise<readonly LeftEvents[]> {
  const going = new Set(chosen.map(({ seq }) => seq));
  const runs = new Set(chosen.flatMap(({ runId }) => (runId === null ? [] : [runId])));
  if (runs.size === 0) return [];
  const losesAnswer = new Set(
    losing.flatMap(({ runId, parts }) => (parts.includes('output') ? [runId] : [])),
  );
  const found = new Map<string, number>();
  for await (const page of store.read(sessionId, { types: mayRepeat })) {
    for (const { seq, type, runId, payload } of page) {
      if (runId === null || !runs.has(runId) || going.has(seq)) continue;
      if (type === 'run_completed') {
        if (losesAnswer.has(runId) || !(await hasAnswer(store, sessionId, runId))) continue;
      } else if (readTombstone(payload) !== null) continue;
      found.set(type, (found.get(type) ?? 0) + 1);
    }
  }
  return [...found]
    .map(([type, events]) => ({ type, events }))
    .toSorted((left, right) => (left.type < right.type ? -1 : 1));
}

async function hasAnswer(store: SearchableStore, sessionId: string, runId: string): Promise<boolean> {
  const record = await store.record(executionKind, executionRecordId(sessionId, runId));
  return record !== undefined && executionOfRecord(record).output !== null;
}
