/** Decides how a row of the table `logs` is read, with the head that belongs to it: what the port calls a log's info, and the number its events are kept under. */
import {
  decodeLineage,
  decodeRow,
  kindOf,
  type LogInfo,
  logInfoOf,
  type LogKind,
  type Owner,
  runNotFound,
  type Segment,
  soundPast,
  textOf,
  textOrNull,
} from '../../../log/index.ts';
import { countOf, hashOf, momentOf, numberOf } from './cells.ts';
import type { SqliteConnection } from './connection.ts';
import type { SqliteRow } from './driver.ts';

export interface LogRow {
  /** The key of the log's events in this file. */
  readonly number: number;
  readonly id: string;
  readonly kind: LogKind;
  readonly seq: number;
  readonly hash: string;
  /** False when the head stands beside the events: the row is where the log ended once. */
  readonly isHeadInRow: boolean;
  readonly epoch: number;
  readonly owner: string | null;
  readonly hasStrayIds: boolean;
  readonly forkSeq: number;
  readonly lineage: readonly Segment[];
}

const stateColumns =
  'l.log, l.id, l.kind, h.seq, h.hash, h.seq = l.seq, l.epoch, l.owner, l.has_stray_ids, l.fork_seq, l.lineage';
const selectLog = `SELECT ${stateColumns} FROM logs AS l JOIN heads AS h ON h.log = l.log WHERE l.id = ?`;

/** Of a log whose tail is lost nothing is written: what its row says is all that is known of it. */
const settleHead = `UPDATE logs SET (seq, hash) = (SELECT h.seq, h.hash FROM heads AS h WHERE h.log = logs.log)
  WHERE log = ? AND id = ? AND (SELECT h.hash FROM heads AS h WHERE h.log = logs.log) <> zeroblob(32)`;

export function findLog(connection: SqliteConnection, logId: string): LogRow | undefined {
  const row = connection.row(selectLog, logId);
  return row === undefined ? undefined : decodeRow(placeOf(connection, logId), () => decodeLog(row));
}

/** Says in the row of a log where it ends, for whoever reads the table without the view. */
export function writeHead(connection: SqliteConnection, { number, id }: Pick<LogRow, 'number' | 'id'>): void {
  connection.run(settleHead, number, id);
}

export function requireLog(connection: SqliteConnection, logId: string, operation: string): LogRow {
  const log = findLog(connection, logId);
  if (log === undefined) throw runNotFound({ logId, operation });
  return log;
}

function decodeLog([
  log,
  id,
  kind,
  seq,
  hash,
  isHeadInRow,
  epoch,
  owner,
  hasStrayIds,
  forkSeq,
  lineage,
]: SqliteRow): LogRow {
  return {
    ...soundPast({
      id: textOf(id),
      seq: countOf(seq),
      forkSeq: countOf(forkSeq),
      lineage: decodeLineage(textOf(lineage)),
    }),
    number: numberOf(log),
    kind: kindOf(kind),
    hash: hashOf(hash),
    isHeadInRow: isHeadInRow === 1,
    epoch: countOf(epoch),
    owner: textOrNull(owner),
    hasStrayIds: hasStrayIds !== 0,
  };
}

export interface LogFilter {
  readonly kind?: LogKind;
  readonly afterNumber: number;
  readonly limit: number;
}

const infoColumns = `l.log, l.id, l.kind, h.seq, h.hash, l.epoch, l.fork_seq, l.lineage, l.label, l.created_at, l.parent,
  o.owner, o.host, o.pid, o.started_at, o.lease_ends`;
const infoTables = 'logs AS l JOIN heads AS h ON h.log = l.log LEFT JOIN owners AS o ON o.owner = l.owner';

export function readInfo(connection: SqliteConnection, logId: string): LogInfo | undefined {
  const row = connection.row(`SELECT ${infoColumns} FROM ${infoTables} WHERE l.id = ?`, logId);
  return row === undefined ? undefined : decodeRow(placeOf(connection, logId), () => decodeInfo(row));
}

export function listInfos(connection: SqliteConnection, filter: LogFilter): readonly LogInfo[] {
  const ofKind = filter.kind === undefined ? '' : 'AND l.kind = ?';
  const sql = `SELECT ${infoColumns} FROM ${infoTables} WHERE l.log > ? ${ofKind} ORDER BY l.log LIMIT ?`;
  const kinds = filter.kind === undefined ? [] : [filter.kind];
  const rows = connection.rows(sql, filter.afterNumber, ...kinds, filter.limit);
  return rows.map((row) => decodeRow(placeOf(connection, String(row[1])), () => decodeInfo(row)));
}

function decodeInfo(row: SqliteRow): LogInfo {
  const [, logId, kind, seq, hash, epoch, forkSeq, lineage, label, createdAt, parent, owner] = row;
  return logInfoOf({
    id: textOf(logId),
    kind: kindOf(kind),
    label: textOrNull(label),
    createdAt: textOf(createdAt),
    seq: countOf(seq),
    hash: hashOf(hash),
    epoch: countOf(epoch),
    parent: textOrNull(parent),
    forkSeq: countOf(forkSeq),
    lineage: textOf(lineage),
    owner: owner === null ? null : decodeOwner(row.slice(11)),
  });
}

function decodeOwner([owner, host, pid, startedAt, leaseEnds]: SqliteRow): Owner {
  return {
    owner: textOf(owner),
    host: textOf(host),
    pid: numberOf(pid),
    startedAt: textOf(startedAt),
    expiresAt: momentOf(leaseEnds),
  };
}

function placeOf({ location }: SqliteConnection, logId: string): { location: string; row: string } {
  return { location, row: `run '${logId}'` };
}
