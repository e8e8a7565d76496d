/**
 * Decides what goes with the data of events of a session: the row of a run repeats what was asked, what came of it and how it failed,
 * and loses the part that a redacted event tells of, in the same transaction.
 */
import { checkArguments, mergeObjects } from '../../base/index.ts';
import type { RecordWrite, Redaction, SearchableStore } from '../../log/index.ts';
import { retried } from '../live/change-session.ts';
import type { Execution } from '../model/execution.ts';
import { documentOfExecution } from '../store/documents.ts';
import { type RunLoss, runLosses } from './run-losses.ts';

/** What a redaction dropped. */
export interface RedactedEvents {
  /** Events that had data until then. */
  readonly events: number;
  /** Runs whose rows lost what these events had said, in the order of the events. */
  readonly runs: readonly string[];
}

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
    const losses = await runLosses(store, redaction.logId, redaction.seqs);
    const writes = losses.map((loss) => writeOf(loss, redaction));
    return { events: await store.redact(redaction, writes), runs: losses.map(({ run }) => run.id) };
  });
}

function writeOf({ record, run, parts }: RunLoss, { note }: Redaction): RecordWrite {
  const left: Execution = {
    ...run,
    ...Object.fromEntries(parts.map((part) => [part, null])),
    metadata: mergeObjects(run.metadata, { redacted: { ...note } }),
  };
  const { kind, id, value, fields } = documentOfExecution(left);
  return { kind, id, expectedVersion: record.version, value, fields };
}
