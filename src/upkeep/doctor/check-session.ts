/** Decides whether the rows of a session tell the end that its events tell. */
import { isStructuredError } from '../../base/index.ts';
import type { LogFound, StoredEvent, StoredRecord, StoredRows } from '../../log/index.ts';
import {
  executionKind,
  executionOfRecord,
  executionRecordId,
  sessionKind,
  sessionOfRecord,
  sessionRecordId,
} from '../../sessions/index.ts';
import type { Findings } from './finding.ts';
import { finding } from './finding-texts.ts';

/** The states that fit the last event about an end. */
const runEnds: ReadonlyMap<string, readonly string[]> = new Map([
  ['run_completed', ['completed']],
  ['run_failed', ['failed', 'timeout']],
  ['run_cancelled', ['cancelled']],
  ['run_timeout', ['timeout']],
]);
const sessionEnds: ReadonlyMap<string, readonly string[]> = new Map([
  ['session_completed', ['completed']],
  ['session_failed', ['failed']],
  ['session_cancelled', ['cancelled']],
]);
/** After these a session goes on, whatever was told before. */
const sessionStarts: ReadonlySet<string> = new Set(['session_started', 'session_resumed']);

/** Hears the events of a session, and keeps the last end of it and of each of its runs. */
export class SessionEnds {
  #session: string | null = null;
  readonly #runs = new Map<string, string>();

  take({ type, runId }: StoredEvent): void {
    if (sessionEnds.has(type)) this.#session = type;
    else if (sessionStarts.has(type)) this.#session = null;
    else if (runId !== null && runEnds.has(type)) this.#runs.set(runId, type);
    else if (runId !== null && type === 'run_started') this.#runs.delete(runId);
  }

  async check({ id }: LogFound, rows: StoredRows, findings: Findings): Promise<void> {
    const compare = async (
      kind: string,
      recordId: string,
      type: string,
      states: readonly string[],
    ): Promise<void> => {
      const record = await rows.record(kind, recordId);
      if (record === undefined) return;
      const status = statusOf(record);
      if (status !== null && states.includes(status)) return;
      const says = status === null ? 'cannot be read' : `says '${status}'`;
      const what = `The ${kind} '${recordId}' ${says}, and its last event about an end is '${type}'.`;
      findings.add(finding('row-differs', { where: `session '${id}'`, what, logId: id }));
    };
    if (this.#session !== null)
      await compare(sessionKind, sessionRecordId(id), this.#session, sessionEnds.get(this.#session) ?? []);
    for (const [runId, type] of this.#runs)
      await compare(executionKind, executionRecordId(id, runId), type, runEnds.get(type) ?? []);
  }
}

function statusOf(record: StoredRecord): string | null {
  try {
    return (record.kind === sessionKind ? sessionOfRecord(record) : executionOfRecord(record)).status;
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    return null;
  }
}
