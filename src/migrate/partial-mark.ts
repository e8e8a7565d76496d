/** Decides how a run says that it came from elsewhere, and what of it could not be kept: a document beside its log. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../base/index.ts';
import { commitLimits, damagedStore, type Head, type LogStore, type RecordWrite } from '../log/index.ts';
import type { SkippedEvent } from './report.ts';
import type { InexactNumber } from './source.ts';

const kind = 'migration';

export interface MigrationMark {
  readonly source: string;
  readonly format: string;
  /** Where the run stood when it had come. */
  readonly seq: number;
  readonly hash: string;
  readonly skipped: readonly SkippedEvent[];
  /** Numbers of its rows, digit by digit, that its documents could not hold. */
  readonly inexact: readonly InexactNumber[];
  readonly digest: string | null;
  /** Of the documents of a session, as they came; `null` in marks that do not tell. */
  readonly documents: string | null;
}

export function markWrite(runId: string, mark: MigrationMark): RecordWrite {
  const { source, format, seq, hash, skipped, inexact, digest, documents } = mark;
  const value: JsonObject = {
    source,
    format,
    seq,
    hash,
    skipped: skipped.map(({ eventId, why }) => ({ event_id: eventId, why })),
    source_digest: digest,
    documents_digest: documents,
    ...(inexact.length === 0
      ? {}
      : {
          inexact_numbers: inexact.map(({ row, column, number, readAs }) => ({
            row,
            column,
            number,
            read_as: readAs,
          })),
        }),
  };
  return { kind, id: markId(runId), expectedVersion: 'any', value: JSON.stringify(value) };
}

/** `null` for a run that was made here, or that came from a store of our own. Rejects with `DamagedHistoryError`. */
export async function readMark(store: LogStore, head: Head): Promise<MigrationMark | null> {
  const stored = canBeMarked(head.logId) ? await store.record(kind, markId(head.logId)) : undefined;
  const value = stored === undefined ? null : valueOf(stored.value, head.logId);
  if (!isJsonObject(value)) return null;
  const { source, format, seq, hash, source_digest: digest, documents_digest: documents } = value;
  if (typeof seq !== 'number' || typeof hash !== 'string') return null;
  return {
    source: textOf(source),
    format: textOf(format),
    seq,
    hash,
    skipped: objectsOf(value['skipped']).map((entry) => ({
      eventId: textOf(entry['event_id']),
      why: textOf(entry['why']),
    })),
    inexact: objectsOf(value['inexact_numbers']).map((entry) => ({
      row: textOf(entry['row']),
      column: textOf(entry['column']),
      number: textOf(entry['number']),
      readAs: textOf(entry['read_as']),
    })),
    digest: typeof digest === 'string' ? digest : null,
    documents: typeof documents === 'string' ? documents : null,
  };
}

/** What a run lacks stands there: a mark that cannot be read is not taken for one that is not there. */
function valueOf(text: string, runId: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damagedStore({
      location: runId,
      whatFailed: `What is kept about where run '${runId}' came from is no JSON.`,
      howToFix: 'Look at the store, `runlog doctor URL`, and restore it from a backup.',
      cause,
    });
  }
}

function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return value !== undefined && isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function canBeMarked(runId: string): boolean {
  return markId(runId).length <= commitLimits.idCharacters;
}

function markId(runId: string): string {
  return `${runId}/source`;
}
