/**
 * Decides under which records a snapshot is kept: a small one that says what it is, found by run and place without reading
 * what it holds, and parts of a few megabytes with the texts. It counts when the small one says that all parts are there.
 */
import { commitLimits, type LogStore, type RecordWrite } from '../../log/index.ts';
import { integer, list, NoSnapshot, object, text } from './read-json.ts';

const headKind = 'snapshot';
const partKind = 'snapshot-part';

/** The kinds of the records that snapshots are kept under. */
export const snapshotKinds = { head: headKind, part: partKind } as const;

/**
 * What the texts of a snapshot mean. A snapshot of another version is not used: raise it with every change of `RunState`, of
 * `project`, or of how either is written down.
 */
export const projectionVersion = 1;

export interface SnapshotHead {
  /** The run that it was written in: the one that is loaded, or one that it was forked from. */
  readonly logId: string;
  readonly seq: number;
  /** Chain hash of the log at that place. */
  readonly hash: string;
  /** SHA-256 of each text, in order. */
  readonly parts: readonly string[];
  readonly isComplete: boolean;
}

/** Snapshots of a run itself, oldest first. `others` are ids of what is of another version, or cannot be read. */
export async function snapshotsOf(
  store: LogStore,
  logId: string,
): Promise<{ readonly heads: readonly SnapshotHead[]; readonly others: readonly string[] }> {
  const records = await store.records(headKind, `${logId}/`);
  const heads: SnapshotHead[] = [];
  const others: string[] = [];
  for (const { id, value } of records) {
    // The run `a/b` has records below the prefix of the run `a`.
    if (id.length !== headId(logId, 0).length) continue;
    const head = snapshotOfRecord(logId, id, value);
    if (head === null || head === 'another-version') others.push(id);
    else heads.push(head);
  }
  return { heads, others };
}

/** False for a run whose id leaves no room for more: it goes on without snapshots. */
export function canHoldSnapshots(logId: string): boolean {
  return partId(logId, 0, 0).length <= commitLimits.idCharacters;
}

export async function isThere(store: LogStore, { logId, seq }: SnapshotHead): Promise<boolean> {
  return (await store.record(headKind, headId(logId, seq))) !== undefined;
}

/** The text of a part. Throws `NoSnapshot` when it is not there. */
export async function readPart(store: LogStore, head: SnapshotHead, index: number): Promise<string> {
  const part = await store.record(partKind, partId(head.logId, head.seq, index));
  if (part === undefined) throw new NoSnapshot(`part ${index + 1} of ${head.parts.length} is missing`);
  return part.value;
}

export function headWrite(head: SnapshotHead): RecordWrite {
  const { logId, seq, hash, parts, isComplete } = head;
  const value = { version: projectionVersion, seq, hash, is_complete: isComplete, parts };
  return { ...write(headKind, headId(logId, seq)), value: JSON.stringify(value) };
}

export function partWrite({ logId, seq }: SnapshotHead, index: number, value: string): RecordWrite {
  return { ...write(partKind, partId(logId, seq, index)), value };
}

/** Removes a snapshot; with `fromPart` only its parts from that one on. */
export function removal(head: SnapshotHead, fromPart = 0): readonly RecordWrite[] {
  const { logId, seq, parts } = head;
  const removed = parts
    .slice(fromPart)
    .map((_, index) => write(partKind, partId(logId, seq, fromPart + index)));
  return fromPart > 0 ? removed : [write(headKind, headId(logId, seq)), ...removed];
}

/** Removes what nobody can say how many parts it has. */
export async function removalOfUnknown(store: LogStore, id: string): Promise<readonly RecordWrite[]> {
  const removed = [write(headKind, id)];
  for (let index = 0; ; index += 1) {
    const part = `${id}/${String(index).padStart(5, '0')}`;
    if ((await store.record(partKind, part)) === undefined) return removed;
    removed.push(write(partKind, part));
  }
}

/** What a record of a run says about a snapshot; `null` when it cannot be read. */
export function snapshotOfRecord(
  logId: string,
  id: string,
  value: string,
): SnapshotHead | 'another-version' | null {
  const head = readHead(logId, value);
  if (head === 'another-version') return head;
  return head?.seq === Number(id.slice(logId.length + 1)) ? head : null;
}

/** The id of a part of a snapshot. */
export function snapshotPartId({ logId, seq }: SnapshotHead, index: number): string {
  return partId(logId, seq, index);
}

function readHead(logId: string, value: string): SnapshotHead | 'another-version' | null {
  try {
    const parsed: unknown = JSON.parse(value);
    const head = object(parsed === null || typeof parsed !== 'object' ? undefined : { ...parsed });
    if (head['version'] !== projectionVersion) return 'another-version';
    return {
      logId,
      seq: integer(head['seq']),
      hash: text(head['hash']),
      parts: list(head['parts']).map(text),
      isComplete: head['is_complete'] === true,
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof NoSnapshot) return null;
    throw error;
  }
}

function write(kind: string, id: string): RecordWrite {
  return { kind, id, expectedVersion: 'any', value: null };
}

function headId(logId: string, seq: number): string {
  return `${logId}/${String(seq).padStart(12, '0')}`;
}

function partId(logId: string, seq: number, index: number): string {
  return `${headId(logId, seq)}/${String(index).padStart(5, '0')}`;
}
