/**
 * Decides how a run comes from another file of this layout: SQLite copies the rows, and what is done here is the proof. The chain is
 * computed from the rows as they were written, and each link has to be the one that came along from the other file: a byte that
 * was wrong there, or went wrong on the way, breaks it. Whatever is not ordinary is left to the copy page by page, which knows what
 * to say about it.
 */
import type { Sha256 } from '../../../../base/index.ts';
import { type Head, type LogCopy, payloadHashOf } from '../../../../log/index.ts';
import { numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import type { SqliteRow } from '../driver.ts';
import { findLog, requireLog } from '../log-row.ts';
import { type CopyContext, makeLog, writeRecordsOf } from './copy-in.ts';

/** A store whose rows may be taken. */
type Origin = NonNullable<LogCopy['origin']>;

/** The name under which the other file is attached. */
export const sourceName = 'copied_from';

/** Attaching a file costs about as much as copying so many events page by page. */
const fewestEvents = 1000;

const columns = `seq, id, type, subject, actor, caused_by, frame_id, timestamp, hash, run_id, provider, correlation_id,
  schema_version, metadata, payload`;

/** A copy that is refused in the middle is undone as a whole: `OR FAIL` spares the journal that undoes one statement. */
const insertRows = `INSERT OR FAIL INTO main.events (log, ${columns})
  SELECT ?, ${columns} FROM ${sourceName}.events WHERE log = ? AND seq > ? AND seq <= ? ORDER BY seq`;

/** Session columns are the business of sessions, and ids that look canonical at another place are looked up one by one. */
const isOrdinary = `coalesce(run_id, provider, correlation_id, schema_version, metadata) IS NULL
  AND (id IS NULL OR (? AND id NOT GLOB 'evt_[0-9]*')) AND (subject IS NULL OR length(subject) BETWEEN 1 AND 256)`;

/** The beginning of the line of an event, as JavaScript writes it but for texts that need an escape. */
const lineStart = `json_array(1, coalesce(id, 'evt_' || iif(seq < 1000, format('%03d', seq), seq)), type, actor, caused_by, frame_id,
  timestamp)`;

const selectProof = `SELECT ${lineStart}, payload, lower(hex(hash)), ${isOrdinary}
  FROM main.events WHERE log = ? AND seq > ? AND seq <= ? ORDER BY seq`;

const lineEnd = ',null,null,null,null,null,"';

/** No text in a line so short is longer than a name may be. */
const lineCharacters = 256;

/** One page at a time is in memory. */
const pageSize = { first: 50, most: 500, characters: 8 * 1024 * 1024 } as const;

/** True for a copy that may be done here: of a whole run, or of all that a fork has of its own. */
export function mayTakeRows({ log, parent, after, epoch }: LogCopy, origin: Origin): boolean {
  const isWhole = epoch === null && after === (parent?.atSeq ?? 0);
  return log.kind === 'run' && isWhole && origin.upTo - after >= fewestEvents;
}

/**
 * `null` when something is not ordinary, an error of SQLite included: whoever reads the pages finds it again, and has the words for
 * it. Its caller undoes the transaction that it began, then and when this throws.
 */
export async function takeRows(
  connection: SqliteConnection,
  copy: LogCopy,
  origin: Origin,
  context: CopyContext,
): Promise<Head | null> {
  if (copy.replaces === null && findLog(connection, copy.log.id) !== undefined) return null;
  makeLog(connection, copy, context);
  const pair = pairOf(connection, copy);
  if (pair === null) return null;
  const chain: Chain = { hash: pair.hash, bytes: 0 };
  let size: number = pageSize.first;
  for (let seq = copy.after; seq < origin.upTo;) {
    const to = Math.min(seq + size, origin.upTo);
    const bytes = takePage(connection, pair, { after: seq, to }, chain, context.sha256);
    if (bytes === null) return null;
    size = nextSize(to - seq, bytes);
    seq = to;
    await origin.onPage(seq);
  }
  connection.run(moveHead, origin.upTo, Buffer.from(chain.hash, 'hex'), pair.to);
  origin.onTaken(origin.upTo - copy.after, chain.bytes);
  return writeRecordsOf(connection, copy, origin.upTo, context);
}

/** The numbers of the run in the two files. */
interface Pair {
  readonly from: number;
  readonly to: number;
  /** The chain hash that the run goes on from. */
  readonly hash: string;
  /** A fork may not have an id of its own that it inherits: such ids are looked up one by one. */
  readonly mayHaveIds: 0 | 1;
}

const selectSource = `SELECT log FROM ${sourceName}.logs WHERE id = ? AND kind = 'run' AND has_stray_ids = 0
  AND (SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = 'events')
    IS (SELECT sql FROM ${sourceName}.sqlite_schema WHERE type = 'table' AND name = 'events')
  AND NOT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events')
  AND NOT EXISTS (SELECT 1 FROM temp.sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events')`;
const moveHead = 'UPDATE main.logs SET seq = ?, hash = ? WHERE log = ?';

/** `null` when the other file keeps its rows otherwise, when a trigger may change what no hash holds, or when the run needs a second look. */
function pairOf(connection: SqliteConnection, { log, parent }: LogCopy): Pair | null {
  const { number, hash } = requireLog(connection, log.id, 'copyIn');
  const row = attempt(() => connection.row(selectSource, log.id));
  if (row === null || row === undefined) return null;
  return { from: numberOf(row[0]), to: number, hash, mayHaveIds: parent === null ? 1 : 0 };
}

/** The bytes of the payloads of the page; `null` when it is not ordinary. */
function takePage(
  connection: SqliteConnection,
  { from, to: number, mayHaveIds }: Pair,
  { after, to }: { readonly after: number; readonly to: number },
  chain: Chain,
  sha256: Sha256,
): number | null {
  const before = chain.bytes;
  const rows = attempt(() =>
    connection.run(insertRows, number, from, after, to) === to - after
      ? connection.rows(selectProof, mayHaveIds, number, after, to)
      : null,
  );
  const isProved = rows?.length === to - after && rows.every((row) => goesOn(chain, row, sha256));
  return isProved ? chain.bytes - before : null;
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    // The pages are read instead, and the same thing is found there.
    return null;
  }
}

interface Chain {
  hash: string;
  bytes: number;
}

/** Adds a row to the chain; false when it is not ordinary, or when its stored hash is not the one that belongs to it. */
function goesOn(chain: Chain, [line, payload, hash, isPlainRow]: SqliteRow, sha256: Sha256): boolean {
  if (isPlainRow !== 1 || typeof line !== 'string' || typeof payload !== 'string') return false;
  const isPlain = line.length <= lineCharacters && !line.includes('\\') && !line.includes('""');
  if (!isPlain || payload.includes('\0')) return false;
  chain.hash = sha256(`${chain.hash}${line.slice(0, -1)}${lineEnd}${payloadHashOf(payload, sha256)}"]`);
  chain.bytes += Buffer.byteLength(payload);
  return chain.hash === hash;
}

function nextSize(events: number, bytes: number): number {
  return Math.max(1, Math.min(pageSize.most, Math.floor((pageSize.characters * events) / (bytes + 1))));
}
