/**
 * Decides what becomes of the documents of a run that is moved: which of them can be kept, and that those which tell of a session are in
 * the destination what they are in the source, by the hash of their text.
 */
import type { Sha256 } from '../base/index.ts';
import { corruptedPayload, damagedHistory, type LogStore, type StoredRecord } from '../log/index.ts';
import { sessionDocumentKinds } from '../sessions/index.ts';
import type { ChosenRun } from './choose-runs.ts';
import type { SkippedEvent } from './report.ts';
import type { MigrationSource } from './source.ts';

export interface TakenRecords {
  readonly records: readonly StoredRecord[];
  readonly skipped: readonly SkippedEvent[];
}

/** Throws `CorruptedEventPayloadError` at the first row that cannot be kept, unless those are skipped. */
export async function takeRecords(
  source: MigrationSource,
  { run, events, isAncestor }: ChosenRun,
  skipCorrupted: boolean,
): Promise<TakenRecords> {
  const records: StoredRecord[] = [];
  const skipped: SkippedEvent[] = [];
  const all = isAncestor ? await source.recordsUpTo?.(run, events) : await source.records(run);
  for (const found of all ?? []) {
    if (found.ok) records.push(found.record);
    else if (skipCorrupted) skipped.push({ eventId: found.id, why: found.why });
    else
      throw corruptedPayload({
        logId: run.id,
        eventId: found.id,
        text: '',
        cause: new SyntaxError(found.why),
      });
  }
  return { records, skipped };
}

/** One hash for the documents of a session, whatever their order. */
export function documentsDigest(records: readonly StoredRecord[], sha256: Sha256): string {
  const lines = records
    .filter(({ kind }) => sessionDocumentKinds.has(kind))
    .map(({ kind, id, value }) => JSON.stringify([kind, id, sha256(value)]));
  return sha256(lines.sort().join('\n'));
}

/** The documents that the destination has under the names of these. */
export async function storedDocuments(
  destination: LogStore,
  records: readonly StoredRecord[],
): Promise<readonly StoredRecord[]> {
  const found = await Promise.all(records.map(async ({ kind, id }) => destination.record(kind, id)));
  return found.filter((record) => record !== undefined);
}

/** The first document of a session that the destination has otherwise, or not at all; `null` when there is none. */
export async function differingDocument(
  destination: LogStore,
  records: readonly StoredRecord[],
  sha256: Sha256,
): Promise<StoredRecord | null> {
  for (const record of records) {
    if (!sessionDocumentKinds.has(record.kind)) continue;
    const there = await destination.record(record.kind, record.id);
    if (there === undefined || sha256(there.value) !== sha256(record.value)) return record;
  }
  return null;
}

/** Reads the documents back. Throws `DamagedHistoryError` when one is not what was written. */
export async function verifyDocuments(
  destination: LogStore,
  runId: string,
  records: readonly StoredRecord[],
  sha256: Sha256,
): Promise<void> {
  const wrong = await differingDocument(destination, records, sha256);
  if (wrong === null) return;
  throw damagedHistory({
    logId: runId,
    seq: 0,
    what: `The document '${wrong.id}' was read back as something else: it`,
  });
}
