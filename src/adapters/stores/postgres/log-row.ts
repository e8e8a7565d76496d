/** Decides how a row of the table `logs` is read: what the port calls a log's info, and the number its events are kept under. */
import {
  decodeLineage,
  decodeRow,
  type Head,
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
import { countOf, flagOf, hashOf, momentOf, numberOf } from './cells.ts';
import type { Session } from './connection.ts';
import type { PostgresRow } from './driver.ts';
import type { Tables } from './tables.ts';

export interface LogRow {
  /** The key of the log's events in this store. */
  readonly number: number;
  readonly id: string;
  readonly kind: LogKind;
  readonly seq: number;
  readonly hash: string;
  readonly epoch: number;
  readonly owner: string | null;
  readonly hasStrayIds: boolean;
  readonly forkSeq: number;
  readonly lineage: readonly Segment[];
}

const stateColumns = `l.log, l.id, l.kind, l.seq, encode(l.hash, 'hex'), l.epoch, l.owner, l.has_stray_ids::int, l.fork_seq,
  l.lineage`;

export async function findLogs(
  session: Session,
  { logs, location }: Tables,
  logIds: readonly string[],
): Promise<ReadonlyMap<string, LogRow>> {
  const sql = `SELECT ${stateColumns} FROM ${logs} AS l WHERE l.id = ANY ($1::text[])`;
  const rows = await session.rows(sql, logIds);
  return new Map(
    rows.map((row) => {
      const log = decodeRow(placeOf(location, String(row[1])), () => decodeLog(row));
      return [log.id, log];
    }),
  );
}

export async function requireLog(
  session: Session,
  tables: Tables,
  logId: string,
  operation: string,
): Promise<LogRow> {
  const log = (await findLogs(session, tables, [logId])).get(logId);
  if (log === undefined) throw runNotFound({ logId, operation });
  return log;
}

export function headOf({ id, seq, hash }: LogRow): Head {
  return { logId: id, seq, hash };
}

function decodeLog(row: PostgresRow): LogRow {
  const [log, id, kind, seq, hash, epoch, owner, hasStrayIds, forkSeq, lineage] = row;
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
    epoch: countOf(epoch),
    owner: textOrNull(owner),
    hasStrayIds: flagOf(hasStrayIds),
  };
}

export interface LogFilter {
  readonly kind?: LogKind;
  readonly afterNumber: number;
  readonly limit: number;
}

const infoColumns = `l.log, l.id, l.kind, l.seq, encode(l.hash, 'hex'), l.epoch, l.fork_seq, l.lineage, l.label, l.created_at,
  l.parent, o.owner, o.host, o.pid, o.started_at, o.lease_ends`;

function selectInfo({ logs, owners }: Tables): string {
  return `SELECT ${infoColumns} FROM ${logs} AS l LEFT JOIN ${owners} AS o ON o.owner = l.owner`;
}

export async function readInfo(
  session: Session,
  tables: Tables,
  logId: string,
): Promise<LogInfo | undefined> {
  const [row] = await session.rows(`${selectInfo(tables)} WHERE l.id = $1`, logId);
  return row === undefined ? undefined : decodeRow(placeOf(tables.location, logId), () => decodeInfo(row));
}

export async function listInfos(
  session: Session,
  tables: Tables,
  filter: LogFilter,
): Promise<readonly LogInfo[]> {
  const sql = `${selectInfo(tables)} WHERE l.log > $1 AND ($2::text IS NULL OR l.kind = $2) ORDER BY l.log LIMIT $3`;
  const rows = await session.rows(sql, filter.afterNumber, filter.kind ?? null, filter.limit);
  return rows.map((row) => decodeRow(placeOf(tables.location, String(row[1])), () => decodeInfo(row)));
}

function decodeInfo(row: PostgresRow): LogInfo {
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

function decodeOwner([owner, host, pid, startedAt, leaseEnds]: PostgresRow): Owner {
  return {
    owner: textOf(owner),
    host: textOf(host),
    pid: numberOf(pid),
    startedAt: momentOf(startedAt),
    expiresAt: momentOf(leaseEnds),
  };
}

function placeOf(location: string, logId: string): { location: string; row: string } {
  return { location, row: `run '${logId}'` };
}
