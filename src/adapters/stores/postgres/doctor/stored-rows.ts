/** Decides how the rows of a PostgreSQL store are looked at as they stand, inside of one transaction. */
import {
  decodeLineage,
  type GroundFault,
  isDamage,
  kindOf,
  type LogFound,
  type Mend,
  type OwnerFound,
  type RowFound,
  type StoredEvent,
  type StoredRecord,
  type StoredRows,
  textOf,
  textOrNull,
  UnreadableCell,
} from '../../../../log/index.ts';
import { countOf, flagOf, hashOf, momentOf, numberOf } from '../cells.ts';
import type { Session } from '../connection.ts';
import type { PostgresRow } from '../driver.ts';
import { decodeEventRow, eventColumns, type EventShape } from '../event-row.ts';

import { isGone, type ProcessIdentity } from '../../../../host/index.ts';
import { findRecord } from '../records/records.ts';
import type { Tables } from '../tables.ts';
import { checkGround } from './ground.ts';

const pageSize = 500;
/** Long payloads make short pages. */
const pageCharacters = 8 * 1024 * 1024;

const logColumns = `log, id, kind, seq, encode(hash, 'hex'), has_stray_ids::int, parent, fork_seq, encode(fork_hash, 'hex'), lineage`;

export interface PostgresRowsParts {
  /** Inside of a transaction that reads. */
  readonly session: Session;
  readonly tables: Tables;
  readonly self: ProcessIdentity;
  readonly mend: (changes: readonly Mend[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

export class PostgresRows implements StoredRows {
  readonly location: string;
  readonly #parts: PostgresRowsParts;
  readonly #session: Session;
  readonly #tables: Tables;

  constructor(parts: PostgresRowsParts) {
    this.location = parts.tables.location;
    this.#parts = parts;
    this.#session = parts.session;
    this.#tables = parts.tables;
  }

  async ground(): Promise<readonly GroundFault[]> {
    return checkGround(this.#session, this.#tables);
  }

  async size(): Promise<{ readonly logs: number; readonly events: number }> {
    const sql = `SELECT count(*), coalesce(sum(seq::numeric - fork_seq), 0)::float8 FROM ${this.#tables.logs}`;
    const [row] = await this.#session.rows(sql);
    return { logs: numberOf(row?.[0]), events: Number(row?.[1]) };
  }

  async logs(after: number): Promise<readonly (RowFound<LogFound> & { readonly number: number })[]> {
    const sql = `SELECT ${logColumns} FROM ${this.#tables.logs} WHERE log > $1 ORDER BY log LIMIT ${pageSize}`;
    const rows = await this.#session.rows(sql, after);
    return rows.map((row) => ({ number: numberOf(row[0]), ...found(row[1], () => decodeLog(row)) }));
  }

  async log(id: string): Promise<LogFound | undefined> {
    const sql = `SELECT ${logColumns} FROM ${this.#tables.logs} WHERE id = $1`;
    const [row] = await this.#session.rows(sql, id);
    const decoded = row === undefined ? undefined : found(id, () => decodeLog(row));
    return decoded?.ok === true ? decoded.row : undefined;
  }

  async events(
    { id, kind, number }: LogFound,
    after: number,
  ): Promise<readonly (RowFound<StoredEvent> & { readonly seq: number })[]> {
    const shape: EventShape = { kind, hashes: true };
    // A window over lengths, so that no page is longer than memory takes.
    const sql = `SELECT ${eventColumns(shape)} FROM (
        SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq) - octet_length(payload) AS before
        FROM (SELECT * FROM ${this.#tables.events} WHERE log = $1 AND seq > $2 ORDER BY seq LIMIT ${pageSize}) AS p
      ) AS e WHERE e.before < ${pageCharacters} ORDER BY e.seq`;
    const rows = await this.#session.rows(sql, number, after);
    return rows.map((row) => ({ seq: numberOf(row[0]), ...foundEvent(id, shape, row) }));
  }

  async hashAt({ number }: LogFound, seq: number): Promise<string | null> {
    const sql = `SELECT encode(hash, 'hex') FROM ${this.#tables.events} WHERE log = $1 AND seq = $2`;
    const [row] = await this.#session.rows(sql, number, seq);
    const decoded = row === undefined ? undefined : found(seq, () => hashOf(row[0]));
    return decoded?.ok === true ? decoded.row : null;
  }

  async strays(): Promise<readonly { readonly number: number; readonly events: number }[]> {
    const { events, logs } = this.#tables;
    const sql = `SELECT e.log, count(*) FROM ${events} AS e
      WHERE NOT EXISTS (SELECT FROM ${logs} AS l WHERE l.log = e.log) GROUP BY e.log ORDER BY e.log LIMIT 100`;
    const rows = await this.#session.rows(sql);
    return rows.map(([number, count]) => ({ number: numberOf(number), events: numberOf(count) }));
  }

  async records(
    after: Pick<StoredRecord, 'kind' | 'id'> | null,
  ): Promise<readonly (RowFound<StoredRecord> & { readonly kind: string; readonly id: string })[]> {
    // Texts of snapshots are megabytes: few at a time.
    const sql = `SELECT kind, id, version, value FROM ${this.#tables.records}
      WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT 4`;
    const rows = await this.#session.rows(sql, after?.kind ?? '', after?.id ?? '');
    return rows.map((row) => ({
      kind: textOf(row[0]),
      id: textOf(row[1]),
      ...found(`${textOf(row[0])} ${textOf(row[1])}`, () => decodeRecord(row)),
    }));
  }

  async record(kind: string, id: string): Promise<StoredRecord | undefined> {
    return findRecord(this.#session, this.#tables, kind, id);
  }

  async owners(): Promise<readonly RowFound<OwnerFound>[]> {
    const { owners, call } = this.#tables;
    const sql = `SELECT owner, host, boot, pid, process_start, lease_ends, ${call('now_ms')}() FROM ${owners}
      ORDER BY owner LIMIT 1000`;
    const rows = await this.#session.rows(sql);
    return rows.map((row) => found(row[0], () => decodeOwner(row, this.#parts.self)));
  }

  async mend(changes: readonly Mend[]): Promise<void> {
    await this.#parts.mend(changes);
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }
}

function found<Row>(key: unknown, decode: () => Row): RowFound<Row> {
  try {
    return { ok: true, row: decode() };
  } catch (error) {
    if (!(error instanceof UnreadableCell || error instanceof SyntaxError)) throw error;
    return { ok: false, key: String(key), problem: error.message };
  }
}

function foundEvent(logId: string, shape: EventShape, row: PostgresRow): RowFound<StoredEvent> {
  try {
    return { ok: true, row: decodeEventRow(logId, shape, row) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { ok: false, key: String(row[0]), problem: error.whatFailed };
  }
}

function decodeLog(row: PostgresRow): LogFound {
  const [log, id, kind, seq, hash, hasStrayIds, parent, forkSeq, forkHash, lineage] = row;
  return {
    number: numberOf(log),
    id: textOf(id),
    kind: kindOf(kind),
    seq: countOf(seq),
    hash: hashOf(hash),
    hasStrayIds: flagOf(hasStrayIds),
    parent: textOrNull(parent),
    forkSeq: countOf(forkSeq),
    forkHash: hashOf(forkHash),
    lineage: decodeLineage(textOf(lineage)),
  };
}

function decodeRecord([kind, id, version, value]: PostgresRow): StoredRecord {
  return { kind: textOf(kind), id: textOf(id), version: numberOf(version), value: textOf(value) };
}

function decodeOwner(row: PostgresRow, self: ProcessIdentity): OwnerFound {
  const [owner, host, boot, pid, processStart, leaseEnds, now] = row;
  const other = {
    host: textOf(host),
    boot: textOf(boot),
    pid: numberOf(pid),
    processStart: textOf(processStart),
  };
  const isLapsed = numberOf(leaseEnds) <= numberOf(now);
  const state = isGone(other, self) ? 'gone' : isLapsed ? 'lapsed' : 'alive';
  return { owner: textOf(owner), host: other.host, pid: other.pid, expiresAt: momentOf(leaseEnds), state };
}
