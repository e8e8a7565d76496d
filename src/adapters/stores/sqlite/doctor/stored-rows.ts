/** Decides how the rows of a SQLite store are looked at as they stand: in one reading transaction, so that writers do not disturb. */
import { setImmediate as nextTurn } from 'node:timers/promises';
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
import { countOf, hashOf, momentOf, numberOf } from '../cells.ts';
import type { SqliteConnection } from '../connection.ts';
import type { SqliteRow } from '../driver.ts';
import { decodeEventRow, eventColumns, type EventShape } from '../event-row.ts';

import { isGone, type ProcessIdentity } from '../../../../host/index.ts';
import { findRecord } from '../records/records.ts';
import { provideHeads } from '../layout/heads.ts';
import { lostEventsOf } from './lost-events.ts';
import { checkGround, type Layout } from './ground.ts';

const pageSize = 500;
/** Long payloads make short pages. */
const pageCharacters = 8 * 1024 * 1024;

const logColumns =
  'l.log, l.id, l.kind, h.seq, h.hash, l.has_stray_ids, l.parent, l.fork_seq, l.fork_hash, l.lineage';

export interface SqliteRowsParts {
  /** A connection of its own, inside of a transaction that reads. */
  readonly connection: SqliteConnection;
  /** What was found out about the -wal file before SQLite opened it. */
  readonly lostTail: string | null;
  readonly layout: Layout;
  readonly self: ProcessIdentity;
  readonly nowMs: number;
  readonly mend: (changes: readonly Mend[]) => Promise<void>;
}

export class SqliteRows implements StoredRows {
  readonly location: string;
  readonly #connection: SqliteConnection;
  readonly #parts: SqliteRowsParts;
  /** Behind a broken index rows are missed that are there. */
  #hasIndexes = true;

  constructor(parts: SqliteRowsParts) {
    this.location = parts.connection.location;
    this.#connection = parts.connection;
    this.#parts = parts;
  }

  async ground(): Promise<readonly GroundFault[]> {
    let faults = checkGround(this.#connection, this.#parts.layout);
    if (this.#hasIndexes && faults.some(({ kind }) => kind === 'index')) {
      this.#hasIndexes = false;
      provideHeads(this.#connection, { ...this.#parts.layout, hasIndexes: false });
      faults = [...lostEventsOf(this.#connection), ...faults];
    }
    const { lostTail } = this.#parts;
    return lostTail === null ? faults : [{ kind: 'lost-tail', what: lostTail }, ...faults];
  }

  async size(): Promise<{ readonly logs: number; readonly events: number }> {
    const [logs, events] =
      this.#connection.row(
        'SELECT count(*), total(h.seq - l.fork_seq) FROM logs AS l JOIN heads AS h ON h.log = l.log',
      ) ?? [];
    return { logs: numberOf(logs), events: numberOf(events) };
  }

  async logs(after: number): Promise<readonly (RowFound<LogFound> & { readonly number: number })[]> {
    const sql = `SELECT ${logColumns} FROM logs AS l JOIN heads AS h ON h.log = l.log WHERE l.log > ? ORDER BY l.log LIMIT ${pageSize}`;
    return this.#connection
      .rows(sql, after)
      .map((row) => ({ number: numberOf(row[0]), ...found(row[1], () => decodeLog(row)) }));
  }

  async log(id: string): Promise<LogFound | undefined> {
    const row = this.#connection.row(
      `SELECT ${logColumns} FROM ${this.#table('logs', 'l')} JOIN heads AS h ON h.log = l.log WHERE l.id = ?`,
      id,
    );
    const decoded = row === undefined ? undefined : found(id, () => decodeLog(row));
    return decoded?.ok === true ? decoded.row : undefined;
  }

  async events(
    { id, kind, number }: LogFound,
    after: number,
  ): Promise<readonly (RowFound<StoredEvent> & { readonly seq: number })[]> {
    // Reading never waits: without a turn for others nobody could interrupt it.
    await nextTurn();
    const where = `FROM ${this.#table('events')} WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?`;
    let characters = 0;
    let fitting = 0;
    for (const [length] of this.#connection.rows(
      `SELECT length(payload) ${where}`,
      number,
      after,
      pageSize,
    )) {
      fitting += 1;
      characters += numberOf(length);
      if (characters >= pageCharacters) break;
    }
    const shape: EventShape = { kind, hashes: true };
    const rows = this.#connection.rows(`SELECT ${eventColumns(shape)} ${where}`, number, after, fitting);
    return rows.map((row) => ({ seq: numberOf(row[0]), ...foundEvent(id, shape, row) }));
  }

  async hashAt({ number }: LogFound, seq: number): Promise<string | null> {
    const row = this.#connection.row(
      `SELECT hash FROM ${this.#table('events')} WHERE log = ? AND seq = ?`,
      number,
      seq,
    );
    const decoded = row === undefined ? undefined : found(seq, () => hashOf(row[0]));
    return decoded?.ok === true ? decoded.row : null;
  }

  async strays(): Promise<readonly { readonly number: number; readonly events: number }[]> {
    // The log 0 is nobody's: its row keeps a position that was given.
    const sql = `SELECT log, count(*) FROM ${this.#table('events')} WHERE log <> 0 AND log NOT IN (SELECT log FROM logs) GROUP BY log LIMIT 100`;
    return this.#connection
      .rows(sql)
      .map(([number, events]) => ({ number: numberOf(number), events: numberOf(events) }));
  }

  async records(
    after: Pick<StoredRecord, 'kind' | 'id'> | null,
  ): Promise<readonly (RowFound<StoredRecord> & { readonly kind: string; readonly id: string })[]> {
    // Texts of snapshots are megabytes: few at a time.
    const sql = `SELECT kind, id, version, value FROM ${this.#table('records')} WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT 4`;
    return this.#connection.rows(sql, after?.kind ?? '', after?.id ?? '').map((row) => ({
      kind: textOf(row[0]),
      id: textOf(row[1]),
      ...found(`${textOf(row[0])} ${textOf(row[1])}`, () => decodeRecord(row)),
    }));
  }

  async record(kind: string, id: string): Promise<StoredRecord | undefined> {
    return findRecord(this.#connection, kind, id);
  }

  async owners(): Promise<readonly RowFound<OwnerFound>[]> {
    const sql =
      'SELECT owner, host, boot, pid, process_start, lease_ends FROM owners ORDER BY owner LIMIT 1000';
    return this.#connection.rows(sql).map((row) => found(row[0], () => this.#decodeOwner(row)));
  }

  async mend(changes: readonly Mend[]): Promise<void> {
    // A file that is not in WAL mode cannot be written while somebody reads it.
    this.#connection.rollback();
    await this.#parts.mend(changes);
  }

  async close(): Promise<void> {
    this.#connection.rollback();
    this.#connection.close();
  }

  #table(name: 'logs' | 'events' | 'records', alias: string = name): string {
    return this.#hasIndexes ? `${name} AS ${alias}` : `${name} AS ${alias} NOT INDEXED`;
  }

  #decodeOwner([owner, host, boot, pid, processStart, leaseEnds]: SqliteRow): OwnerFound {
    const { self, nowMs } = this.#parts;
    const other = {
      host: textOf(host),
      boot: textOf(boot),
      pid: numberOf(pid),
      processStart: textOf(processStart),
    };
    const isLapsed = numberOf(leaseEnds) <= nowMs;
    const state = isGone(other, self) ? 'gone' : isLapsed ? 'lapsed' : 'alive';
    return { owner: textOf(owner), host: other.host, pid: other.pid, expiresAt: momentOf(leaseEnds), state };
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

function foundEvent(logId: string, shape: EventShape, row: SqliteRow): RowFound<StoredEvent> {
  try {
    return { ok: true, row: decodeEventRow(logId, shape, row) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { ok: false, key: String(row[0]), problem: error.whatFailed };
  }
}

function decodeLog(row: SqliteRow): LogFound {
  const [log, id, kind, seq, hash, hasStrayIds, parent, forkSeq, forkHash, lineage] = row;
  return {
    number: numberOf(log),
    id: textOf(id),
    kind: kindOf(kind),
    seq: countOf(seq),
    hash: hashOf(hash),
    hasStrayIds: hasStrayIds !== 0,
    parent: textOrNull(parent),
    forkSeq: countOf(forkSeq),
    forkHash: hashOf(forkHash),
    lineage: decodeLineage(textOf(lineage)),
  };
}

function decodeRecord([kind, id, version, value]: SqliteRow): StoredRecord {
  return { kind: textOf(kind), id: textOf(id), version: numberOf(version), value: textOf(value) };
}
