/**
 * Decides what the rows of runs lose with the data of events: a row repeats what was asked, what came of it and how the run failed, and
 * each type of event tells of one of these.
 */
import type { SearchableStore, StoredRecord } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { type Execution, isExecutionOver } from '../model/execution.ts';
import { executionKind, executionOfRecord, executionRecordId } from '../store/documents.ts';

/** A part of the row of a run that repeats what events say. */
export type RepeatedPart = 'input' | 'output' | 'error';

/** A row and its parts that are there and have to go. */
export interface RunLoss {
  readonly record: StoredRecord;
  readonly run: Execution;
  readonly parts: readonly RepeatedPart[];
}

const toldBy: Readonly<Partial<Record<SessionEventType, RepeatedPart>>> = {
  message_sent: 'input',
  message_received: 'output',
  message_streamed: 'output',
  run_completed: 'output',
  run_failed: 'error',
  run_cancelled: 'error',
  run_timeout: 'error',
  error_occurred: 'error',
};
const partOf = new Map<string, RepeatedPart>(Object.entries(toldBy));

/** In the order of the events. Rejects with `InvalidOperationError` for events of a run that has not ended. */
export async function runLosses(
  store: SearchableStore,
  logId: string,
  seqs: readonly number[],
): Promise<readonly RunLoss[]> {
  const losses: RunLoss[] = [];
  for (const [runId, told] of await toldOf(store, logId, seqs)) {
    const record = await store.record(executionKind, executionRecordId(logId, runId));
    if (record === undefined) continue;
    const run = executionOfRecord(record);
    if (!isExecutionOver(run.status)) throw notOver(run);
    const parts = [...told].filter((part) => run[part] !== null);
    if (parts.length > 0) losses.push({ record, run, parts });
  }
  return losses;
}

/** Which parts of which runs the events tell of, if any; also of events that were redacted before. */
async function toldOf(
  store: SearchableStore,
  logId: string,
  seqs: readonly number[],
): Promise<ReadonlyMap<string, ReadonlySet<RepeatedPart>>> {
  const told = new Map<string, Set<RepeatedPart>>();
  const wanted = new Set(seqs);
  if (wanted.size === 0) return told;
  const first = seqs.reduce((low, seq) => Math.min(low, seq), Infinity);
  const last = seqs.reduce((high, seq) => Math.max(high, seq), 0);
  for await (const page of store.read(logId, { after: Math.max(0, first - 1), before: last + 1 })) {
    for (const { seq, type, runId } of page) {
      if (runId === null || !wanted.has(seq)) continue;
      const parts = told.get(runId) ?? new Set<RepeatedPart>();
      const part = partOf.get(type);
      if (part !== undefined) parts.add(part);
      told.set(runId, parts);
    }
  }
  return told;
}

function notOver({ id, sessionId, status }: Execution): Error {
  return sessionError(
    'invalid_operation',
    `run '${id}' is ${status}, and its events cannot be redacted yet`,
    {
      details: { run_id: id, session_id: sessionId, status },
      why: 'Whoever works on it would write again what was dropped.',
      howToFix: 'Wait for its end, or cancel it, and redact again.',
    },
  );
}
