/**
 * Decides how events are written: the chain is continued, and many rows go into one statement, because each statement has a
 * cost of its own.
 */
import { isEventIdAt, type Sha256 } from '../../../base/index.ts';
import { chainHash, type EventRow, isStray, type LogKind, type PartPlan } from '../../../log/index.ts';
import type { SqliteConnection } from './connection.ts';
import type { SqliteValue } from './driver.ts';

const plainColumns = [
  'log',
  'seq',
  'id',
  'type',
  'payload',
  'actor',
  'caused_by',
  'frame_id',
  'timestamp',
  'subject',
  'hash',
];
const allColumns = [...plainColumns, 'run_id', 'provider', 'correlation_id', 'schema_version', 'metadata'];
const largest = 64;

/** A commit of so few events, which most are, is one statement. */
const few = 16;

/** How many of the rows that are left go into one statement. */
function sizeOf(left: number): number {
  if (left >= largest) return largest;
  return left >= 2 * few ? 2 * few : Math.min(left, few);
}

/** Reused for every statement: drivers copy the bytes they are given. */
const hashSlots = Array.from({ length: largest }, () => Buffer.alloc(32));

/**
 * `OR FAIL`: whoever is refused in the middle undoes the whole transaction. SQLite would undo the statement alone otherwise, and for that
 * keep a copy of every page it changes.
 */
function statementsOf(columns: readonly string[]): (size: number) => string {
  const row = `(${columns.map(() => '?').join(', ')})`;
  const known = new Map<number, string>();
  return (size) => {
    let sql = known.get(size);
    if (sql === undefined) {
      const rows = Array.from({ length: size }, () => row).join(', ');
      sql = `INSERT OR FAIL INTO events (${columns.join(', ')}) VALUES ${rows}`;
      known.set(size, sql);
    }
    return sql;
  };
}

const plainStatement = statementsOf(plainColumns);
const fullStatement = statementsOf(allColumns);

/** Events under canonical ids, the last of them marked as the head. Each value that is bound costs as much as a comparison. */
function markedSql(size: number): string {
  const values = boundColumns.map(() => '?').join(', ');
  const rows = Array.from({ length: size }, (_, index) => `(${values}, ${index === size - 1 ? 1 : 0})`);
  return `INSERT OR FAIL INTO events (${boundColumns.join(', ')}, is_head) VALUES ${rows.join(', ')}`;
}

const boundColumns = plainColumns.filter((name) => name !== 'id');
const markedStatements = Array.from({ length: few + 1 }, (_, size) => markedSql(size));

/** Events of a run mostly have nothing in the last columns: leaving them out is faster, and the same to a reader. */
function isPlain(kind: LogKind, rows: readonly EventRow[]): boolean {
  return kind === 'run' && rows.every(({ schemaVersion }) => schemaVersion === null);
}

/** The chain hash after each row, for rows that follow on `previous`. */
export function chainHashes(previous: string, rows: readonly EventRow[], sha256: Sha256): readonly string[] {
  let hash = previous;
  return rows.map((row) => (hash = chainHash(hash, row, sha256)));
}

/** Writes the rows of a part behind its log's head. Returns whether one of them stands under another place's id. */
export function insertEvents(
  connection: SqliteConnection,
  target: { readonly number: number; readonly kind: LogKind },
  plan: PartPlan,
  hashes: readonly string[],
): boolean {
  const { rows, areCanonical } = plan;
  const start = plan.headSeq - rows.length;
  let hasStrayIds = false;
  let done = 0;
  const plain = isPlain(target.kind, rows);
  while (done < rows.length) {
    const size = sizeOf(rows.length - done);
    const values: SqliteValue[] = [];
    for (let index = 0; index < size; index += 1) {
      const row = rows[done];
      const hash = hashes[done];
      const slot = hashSlots[index];
      if (row === undefined || hash === undefined || slot === undefined) break;
      done += 1;
      const seq = start + done;
      slot.write(hash, 'hex');
      hasStrayIds ||= !areCanonical && isStray(row.id, seq);
      const id = areCanonical || isEventIdAt(row.id, seq) ? null : row.id;
      pushRow(values, row, { log: target.number, seq, id, hash: slot, plain });
    }
    connection.run((plain ? plainStatement : fullStatement)(size), ...values);
  }
  return hasStrayIds;
}

/** True for events of a run that one statement takes. */
export function areFewAndPlain(kind: LogKind, events: readonly EventRow[]): boolean {
  return events.length <= few && isPlain(kind, events);
}

/**
 * Writes events for which `areFewAndPlain` holds behind the head of `log`, each under the canonical id of its place, and marks the last
 * one as the head. Returns its hash.
 */
export function insertNext(
  connection: SqliteConnection,
  log: { readonly number: number; readonly seq: number; readonly hash: string },
  events: readonly EventRow[],
  sha256: Sha256,
): string {
  const { number } = log;
  let { seq, hash } = log;
  const values: SqliteValue[] = [];
  for (const event of events) {
    hash = chainHash(hash, event, sha256);
    const slot = hashSlots[seq - log.seq] ?? Buffer.alloc(32);
    seq += 1;
    slot.write(hash, 'hex');
    const { type, payload, actor, causedBy, frameId, timestamp, subject } = event;
    values.push(number, seq, type, payload, actor, causedBy, frameId, timestamp, subject, slot);
  }
  connection.run(markedStatements[events.length] ?? markedSql(events.length), ...values);
  return hash;
}

interface Placed {
  readonly log: number;
  readonly seq: number;
  readonly id: string | null;
  readonly hash: Uint8Array;
  readonly plain: boolean;
}

function pushRow(values: SqliteValue[], row: EventRow, { log, seq, id, hash, plain }: Placed): void {
  const { type, payload, actor, causedBy, frameId, timestamp, subject } = row;
  values.push(log, seq, id, type, payload, actor, causedBy, frameId, timestamp, subject, hash);
  if (plain) return;
  values.push(row.runId, row.provider, row.correlationId, row.schemaVersion, row.metadata);
}
