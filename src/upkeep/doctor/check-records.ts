/** Decides whether the documents beside the logs can be used: they are JSON, belong to a run that is there, and snapshots are what was written. */
import { isJsonArray, isJsonObject, type Sha256 } from '../../base/index.ts';
import {
  compareIds,
  damagedHistory,
  genesisHash,
  type LogFound,
  type StoredRecord,
  type StoredRows,
  withoutCredentials,
} from '../../log/index.ts';
import { openingKind, snapshotKinds, snapshotOfRecord, snapshotPartId } from '../../runtime/index.ts';
import { sessionDocumentKinds } from '../../sessions/index.ts';
import { pinKind } from '../retention/pins.ts';
import type { Findings } from './finding.ts';
import { finding, placeOf } from './finding-texts.ts';

export interface RecordContext {
  readonly rows: StoredRows;
  readonly findings: Findings;
  readonly sha256: Sha256;
}

/** The kind of documents that tell where a run was brought from. */
const markKind = 'migration';

/** Kinds whose documents stand below the id of a run, and go with it. */
const kindsOfRuns = new Set([
  openingKind,
  markKind,
  pinKind,
  snapshotKinds.head,
  snapshotKinds.part,
  ...sessionDocumentKinds,
]);

export async function checkRecords(context: RecordContext, onPage: () => void): Promise<void> {
  const { rows, findings } = context;
  for (let after: Pick<StoredRecord, 'kind' | 'id'> | null = null; ;) {
    const page: Awaited<ReturnType<StoredRows['records']>> = await rows.records(after);
    const last = page.at(-1);
    if (last === undefined) return;
    for (const found of page) {
      if (found.ok) await checkRecord(found.row, context);
      else
        findings.add(
          finding('document-unreadable', {
            where: `document ${found.key}`,
            what: `It cannot be read: ${found.problem}.`,
          }),
        );
    }
    // In a broken file the next page may begin where the last one did, for ever.
    if (after !== null && (compareIds(last.kind, after.kind) || compareIds(last.id, after.id)) <= 0)
      throw damagedHistory({ logId: last.id, seq: 0, what: 'The rows of documents are not in order' });
    after = { kind: last.kind, id: last.id };
    onPage();
  }
}

async function checkRecord(record: StoredRecord, context: RecordContext): Promise<void> {
  const { rows, findings } = context;
  const { kind, id, value } = record;
  const isSnapshot = kind === snapshotKinds.head || kind === snapshotKinds.part;
  const where = `document '${id}' of kind '${kind}'`;
  const log = kindsOfRuns.has(kind) ? await logOf(id, rows) : null;
  const mend = isSnapshot ? ({ kind: 'drop-record', record } as const) : null;
  if (log === undefined) {
    const what = 'It belongs to a run that is not there.';
    findings.add(finding(isSnapshot ? 'snapshot-broken' : 'document-orphaned', { where, what }), mend);
    return;
  }
  const problem =
    kind === snapshotKinds.head && log !== null
      ? await headProblem(record, log, context)
      : kind === snapshotKinds.part
        ? await partProblem(record, rows)
        : null;
  if (problem !== null) findings.add(finding('snapshot-broken', { where, what: problem }), mend);
  if (problem !== null || isSnapshot) return;
  const document = parsed(value);
  if (document === undefined)
    findings.add(finding('document-unreadable', { where, what: 'Its value is not JSON.' }));
  else if (kind === markKind && log !== null) noteLeftOut(log.id, document, findings);
}

/** What a migration left out is no damage: it was asked for, and is said as long as it is missing. */
function noteLeftOut(logId: string, mark: unknown, findings: Findings): void {
  if (!isJsonObject(mark)) return;
  const { source, skipped } = mark;
  if (skipped === undefined || !isJsonArray(skipped) || skipped.length === 0) return;
  const from = typeof source === 'string' ? withoutCredentials(source) : 'elsewhere';
  const what = `It is incomplete: ${skipped.length} left out when it was brought from ${from}.`;
  findings.add(finding('run-incomplete', { where: placeOf(logId), what, logId }));
}

/** `undefined` when no run is there. Ids may hold slashes: the longest id that fits is meant. */
async function logOf(recordId: string, rows: StoredRows): Promise<LogFound | undefined> {
  for (let end = recordId.lastIndexOf('/'); end > 0; end = recordId.lastIndexOf('/', end - 1)) {
    const log = await rows.log(recordId.slice(0, end));
    if (log !== undefined) return log;
  }
  return undefined;
}

/** One of another version, or one that is still being written, is passed over by whoever loads the run. */
async function headProblem(
  { id, value }: StoredRecord,
  log: LogFound,
  { rows, sha256 }: RecordContext,
): Promise<string | null> {
  const head = snapshotOfRecord(log.id, id, value);
  if (head === 'another-version') return null;
  if (head === null) return 'It cannot be read.';
  if (!head.isComplete) return null;
  const hash = await hashAt(log, head.seq, rows);
  if (hash !== head.hash) return `It was made of other events than those up to place ${head.seq}.`;
  for (const [index, expected] of head.parts.entries()) {
    const part = await rows.record(snapshotKinds.part, snapshotPartId(head, index));
    if (part === undefined) return `Part ${index + 1} of ${head.parts.length} is missing.`;
    if (sha256(part.value) !== expected)
      return `Part ${index + 1} of ${head.parts.length} is not what was written.`;
  }
  return null;
}

async function partProblem({ id }: StoredRecord, rows: StoredRows): Promise<string | null> {
  const headId = id.slice(0, id.lastIndexOf('/'));
  const head = await rows.record(snapshotKinds.head, headId);
  return head === undefined ? 'It is a part of a snapshot that is not there.' : null;
}

async function hashAt(log: LogFound, seq: number, rows: StoredRows): Promise<string | null> {
  if (seq === 0) return genesisHash;
  if (seq === log.forkSeq) return log.forkHash;
  if (seq > log.forkSeq) return rows.hashAt(log, seq);
  const holder = log.lineage.find(({ toSeq }) => seq <= toSeq);
  const past = holder === undefined ? undefined : await rows.log(holder.logId);
  return past === undefined ? null : rows.hashAt(past, seq);
}

/** `undefined` for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Why it is none does not matter to whoever restores it.
    return undefined;
  }
}
