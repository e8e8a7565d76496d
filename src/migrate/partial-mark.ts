/** Decides how a run says that it came from elsewhere, and what of it could not be kept: a document beside its log. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../base/index.ts';
import { commitLimits, damagedStore, type Head, type LogStore, type RecordWrite } from '../log/index.ts';
import type { SkippedEvent } from './report.ts';

const kind = 'migration';

export interface MigrationMark {
  readonly source: string;
  readonly format: string;
  /** Where the run stood when it had come. */
  readonly seq: number;
  readonly hash: string;
  readonly skipped: readonly SkippedEvent[];
  readonly digest: string | null;
  /** Of the documents of a session, as they came; `null` in marks that do not tell. */
  readonly documents: string | null;
}

export function markWrite(runId: string, mark: MigrationMark): RecordWrite {
  const { source, format, seq, hash, skipped, digest, documents } = mark;
  const value: JsonObject = {
    source,
    format,
    seq,
    hash,
    skipped: skipped.map(({ eventId, why }) => ({ event_id: eventId, why })),
    source_digest: digest,
    documents_digest: documents,
  };
  return { kind, id: markId(runId), expectedVersion: 'any', value: JSON.stringify(value) };
}

/** `null` for a run that was made here, or that came from a store of our own. Rejects with `DamagedHistoryError`. */
export async function readMark(store: LogStore, head: Head): Promise<MigrationMark | null> {
  const stored = canBeMarked(head.logId) ? await store.record(kind, markId(head.logId)) : undefined;
  const value = stored === undefined ? null : valueOf(stored.value, head.logId);
  if (!isJsonObject(value)) return null;
  const { source, format, seq, hash, skipped, source_digest: digest, documents_digest: documents } = value;
  if (typeof seq !== 'number' || typeof hash !== 'string') return null;
  return {
    source: textOf(source),
    format: textOf(format),
    seq,
    hash,
    skipped:
      skipped !== undefined && isJsonArray(skipped)
        ? skipped
            .filter(isJsonObject)
            .map((entry) => ({ eventId: textOf(entry['event_id']), why: textOf(entry['why']) }))
        : [],
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

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function canBeMarked(runId: string): boolean {
  return markId(runId).length <= commitLimits.idCharacters;
}

function markId(runId: string): string {
  return `${runId}/source`;
}
