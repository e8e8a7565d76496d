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
const sizes = [64, 32, 16, 8, 4, 2, 1] as const;

/** Reused for every statement: drivers copy the bytes they are given. */
const hashSlots = Array.from({ length: sizes[0] }, () => Buffer.alloc(32));

interface InsertStatement {
  readonly size: number;
  readonly sql: string;
}

/**
 * `OR FAIL`: whoever is refused in the middle undoes the whole transaction. SQLite would undo the statement alone otherwise, and for that
 * keep a copy of every page it changes.
 */
function statementsOf(columns: readonly string[]): readonly InsertStatement[] {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return sizes.map((size) => ({
    size,
    sql: `INSERT OR FAIL INTO events (${columns.join(', ')}) VALUES ${Array.from({ length: size }, () => row).join(', ')}`,
  }));
}

const plainStatements = statementsOf(plainColumns);
const fullStatements = statementsOf(allColumns);

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
  for (const { size, sql } of plain ? plainStatements : fullStatements) {
    while (rows.length - done >= size) {
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
      connection.run(sql, ...values);
    }
  }
  return hasStrayIds;
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
