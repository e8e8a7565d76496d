/**
 * Decides what goes with the data of events of a session: the row of a run repeats what was asked, what came of it and how it failed,
 * and loses the part that a redacted event tells of, in the same transaction.
 */
import { checkArguments, mergeObjects } from '../../base/index.ts';
import type { RecordWrite, Redaction, SearchableStore } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { retried } from '../live/change-session.ts';
import type { SessionEventType } from '../model/event-types.ts';
import { type Execution, isExecutionOver } from '../model/execution.ts';
import {
  documentOfExecution,
  executionKind,
  executionOfRecord,
  executionRecordId,
} from '../store/documents.ts';

/** What a redaction dropped. */
export interface RedactedEvents {
  /** Events that had data until then. */
  readonly events: number;
  /** Runs whose rows lost what these events had said, in the order of the events. */
  readonly runs: readonly string[];
}

type Told = 'input' | 'output' | 'error';

const toldBy: Readonly<Partial<Record<SessionEventType, Told>>> = {
  message_sent: 'input',
  message_received: 'output',
  message_streamed: 'output',
  run_completed: 'output',
  run_failed: 'error',
  run_cancelled: 'error',
  run_timeout: 'error',
  error_occurred: 'error',
};

/**
 * Drops the data of events of a session, and with it what the rows of their runs repeat: `input` with a `message_sent`, `output` with
 * what the agent said, `error` with how the run failed. The row says so in `metadata.redacted`. All in one transaction; the same again
 * changes nothing. Rejects with `InvalidOperationError` for events of a run that has not ended, with `RunNotFoundError`, and with
 * `InvalidEventError` for the run of a graph.
 */
export async function redactSessionEvents(
  store: SearchableStore,
  redaction: Redaction,
): Promise<RedactedEvents> {
  checkArguments('redactSessionEvents', {
    store: [store, 'with redact'],
    redaction: [redaction, 'with seqs'],
  });
  return retried(async () => {
    const told = await toldOf(store, redaction);
    const writes: RecordWrite[] = [];
    const runs: string[] = [];
    for (const [runId, parts] of told) {
      const write = await writeOf(store, redaction, runId, parts);
      if (write === null) continue;
      writes.push(write);
      runs.push(runId);
    }
    return { events: await store.redact(redaction, writes), runs };
  });
}

/** Which parts of which runs the events tell of; also of events that were redacted before. */
async function toldOf(
  store: SearchableStore,
  { logId, seqs }: Redaction,
): Promise<ReadonlyMap<string, ReadonlySet<Told>>> {
  const told = new Map<string, Set<Told>>();
  const wanted = new Set(seqs);
  if (wanted.size === 0) return told;
  const first = seqs.reduce((low, seq) => Math.min(low, seq), Infinity);
  const last = seqs.reduce((high, seq) => Math.max(high, seq), 0);
  for await (const page of store.read(logId, { after: Math.max(0, first - 1), before: last + 1 })) {
    for (const { seq, type, runId } of page) {
      const part = new Map<string, Told>(Object.entries(toldBy)).get(type);
      if (part === undefined || runId === null || !wanted.has(seq)) continue;
      told.set(runId, (told.get(runId) ?? new Set<Told>()).add(part));
    }
  }
  return told;
}

async function writeOf(
  store: SearchableStore,
  { logId, note }: Redaction,
  runId: string,
  parts: ReadonlySet<Told>,
): Promise<RecordWrite | null> {
  const record = await store.record(executionKind, executionRecordId(logId, runId));
  if (record === undefined) return null;
  const run = executionOfRecord(record);
  if (!isExecutionOver(run.status)) throw notOver(run);
  const gone = [...parts].filter((part) => run[part] !== null);
  if (gone.length === 0) return null;
  const left: Execution = {
    ...run,
    ...Object.fromEntries(gone.map((part) => [part, null])),
    metadata: mergeObjects(run.metadata, { redacted: { ...note } }),
  };
  const { kind, id, value, fields } = documentOfExecution(left);
  return { kind, id, expectedVersion: record.version, value, fields };
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
