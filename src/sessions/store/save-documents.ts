/**
 * Decides when the row of a session or a run may be written: when it stands where its writer saw it, and its status can follow the
 * stored one. What changes nothing is not written.
 */
import type { RecordWrite, SessionLogStore, StoredRecord } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { checkExecutionMove } from '../model/execution.ts';
import { checkBroughtBack, checkSessionMove } from '../model/session.ts';
import {
  type Document,
  executionKind,
  executionOfRecord,
  hint,
  sessionKind,
  sessionOfRecord,
} from './documents.ts';
import type { KnownVersions } from './known-versions.ts';

export interface DueWrite {
  readonly document: Document;
  /** `null` when the row is stored as it is to be. */
  readonly write: RecordWrite | null;
  /** The version that the row has when it is written. */
  readonly version: number;
}

/** Throws `InvalidTransitionError`, `InvalidOperationError` and `SessionMismatchError`; a row that has moved on is refused by the store. */
export async function planDocument(
  store: SessionLogStore,
  known: KnownVersions,
  document: Document,
): Promise<DueWrite> {
  const { kind, id, value, fields } = document;
  const present = await store.record(kind, id);
  if (present?.value === value) return { document, write: null, version: present.version };
  const expectedVersion = document.version ?? known.of(id);
  if (present !== undefined && present.version === expectedVersion) checkMove(present, document);
  if (present === undefined && kind === executionKind) await refuseTaken(store, document);
  return { document, write: { kind, id, expectedVersion, value, fields }, version: expectedVersion + 1 };
}

function checkMove(present: StoredRecord, document: Document): void {
  const next = { ...present, value: document.value };
  if (document.kind === sessionKind) {
    const session = sessionOfRecord(next);
    const stored = sessionOfRecord(present);
    checkBroughtBack(stored, { ...session, version: document.version });
    checkSessionMove(session.id, stored.status, session.status);
  } else {
    const { id, status } = executionOfRecord(next);
    checkExecutionMove(id, executionOfRecord(present).status, status);
  }
}

/** A run is asked for by its id alone, so no two sessions may have one of the same id. */
async function refuseTaken(store: SessionLogStore, { id, value }: Document): Promise<void> {
  const run = executionOfRecord({ kind: executionKind, id, version: 0, value });
  const other = await findExecution(store, run.id);
  if (other === undefined || other.id === id) return;
  const owner = executionOfRecord(other).sessionId;
  throw sessionError('session_mismatch', `run '${run.id}' belongs to session '${owner}'`, {
    details: { run_id: run.id, session_id: run.sessionId, belongs_to: owner },
  });
}

export async function findExecution(
  store: SessionLogStore,
  runId: string,
): Promise<StoredRecord | undefined> {
  const where = [{ field: 'run', oneOf: [hint(runId)] }];
  const found = await store.findRecords({ kind: executionKind, where, orderBy: 'run' }, { limit: 10 });
  return found.find((record) => executionOfRecord(record).id === runId);
}
