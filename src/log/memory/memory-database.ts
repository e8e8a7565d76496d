/**
 * Decides how the memory store keeps logs, and how a log is read through its lineage. Chain hashes are computed when
 * somebody asks for one, because most runs in memory are never verified.
 */
import type { Sha256 } from '../../base/index.ts';
import { damagedHistory } from '../errors.ts';
import type { EventRow, StoredEvent } from '../event.ts';
import { chainHash, genesisHash } from '../hash-line.ts';
import { stretchesOf } from '../lineage.ts';
import { MemoryRows } from './memory-pages.ts';
import { RowIds, storedRow } from './memory-rows.ts';
import { MemoryRecords } from './memory-records.ts';
import type { Head, LogInfo, NewLog, Owner, ReadOptions, Segment, SessionPart, TailEvent } from '../port.ts';
import { compareIds } from '../records/record-plan.ts';
import type { StorePage, Tails } from '../tail.ts';
import type { Waiters } from '../waiters.ts';

/** What two handles on the same memory share. */
export class MemoryDatabase {
  readonly logs = new Map<string, MemoryLog>();
  readonly records = new MemoryRecords();
  readonly owners = new Map<string, Owner>();
  /** Stretches of logs in the order in which they were appended. */
  appended: Appended[] = [];
  /** Those of every open handle: what one appends is news for all. */
  readonly tails = new Set<Tails>();
  readonly waiters = new Set<Waiters>();
  readonly storeId: string;
  #handles = 0;

  constructor(storeId = 'memory') {
    this.storeId = storeId;
  }

  /** Remembers one log and its records; the function that it returns brings them back as they are now. */
  checkpoint(logId: string): () => void {
    const log = this.logs.get(logId);
    const saved =
      log === undefined
        ? null
        : { ...log, rows: log.rows.copy(), hashes: [...log.hashes], ids: log.ids.copy() };
    const records = this.records.below(null, `${logId}/`);
    const appended = [...this.appended];
    return () => {
      if (saved === null) this.logs.delete(logId);
      else this.logs.set(logId, saved);
      this.appended = appended;
      for (const { kind, id } of this.records.below(null, `${logId}/`)) this.records.remove(kind, id);
      for (const record of records) this.records.write({ fields: {}, ...record });
    };
  }

  /** Removes a log and its records. Its stretches become empty ones, so that the places behind them stay what they are. */
  forget(logId: string): void {
    this.logs.delete(logId);
    this.appended = this.appended.map((stretch) =>
      stretch.logId === logId ? { ...stretch, to: stretch.after } : stretch,
    );
    // The records of a log `a/b` stand below the prefix of `a`, and stay.
    const nested = [...this.logs.keys()].filter((id) => id.startsWith(`${logId}/`));
    for (const { kind, id } of this.records.below(null, `${logId}/`)) {
      if (!nested.some((other) => id.startsWith(`${other}/`))) this.records.remove(kind, id);
    }
  }

  /** The logs that parts name and that are not there, as they are born. */
  logsToMake(parts: readonly SessionPart[]): ReadonlyMap<string, MemoryLog> {
    const made = new Map<string, MemoryLog>();
    for (const { logId, log } of parts) {
      if (log !== undefined && !this.logs.has(logId)) made.set(logId, emptyLog({ ...log }));
    }
    return made;
  }

  tellNews(): void {
    for (const tails of this.tails) tails.ring();
  }

  /** A name that no other handle on this memory has, closed ones included. */
  nameHandle(): string {
    this.#handles += 1;
    return `memory-${this.#handles}`;
  }
}

/** Places after `after` up to and including `to`. */
export interface Appended {
  readonly logId: string;
  readonly after: number;
  readonly to: number;
}

export interface MemoryLog {
  readonly log: NewLog;
  parent: { readonly logId: string; readonly atSeq: number } | null;
  lineage: readonly Segment[];
  /** Own events only; the first has the place after the lineage. */
  rows: MemoryRows;
  hashes: string[];
  ids: RowIds;
  base: { readonly seq: number; readonly hash: string };
  mayHoldStrayIds: boolean;
  epoch: number;
  owner: string | null;
}

export function emptyLog(log: NewLog): MemoryLog {
  return {
    log,
    parent: null,
    lineage: [],
    rows: new MemoryRows(0),
    hashes: [],
    ids: new RowIds(),
    base: { seq: 0, hash: genesisHash },
    mayHoldStrayIds: false,
    epoch: 0,
    owner: null,
  };
}

/** The place of the last event. */
export function seqOf(log: MemoryLog): number {
  return log.base.seq + log.rows.length;
}

/** Reads one log of a database. */
export class MemoryReader {
  readonly #logs: ReadonlyMap<string, MemoryLog>;
  readonly #sha256: Sha256;

  constructor(logs: ReadonlyMap<string, MemoryLog>, sha256: Sha256) {
    this.#logs = logs;
    this.#sha256 = sha256;
  }

  find(log: MemoryLog, eventId: string): StoredEvent | undefined {
    // Asked for every new event of a session, and few logs are forks.
    if (log.lineage.length === 0 && log.ids.placeOf(eventId) === null) return undefined;
    for (const stretch of stretchesOf({ id: log.log.id, lineage: log.lineage })) {
      const holder = this.#logs.get(stretch.logId);
      const seq = holder?.ids.placeOf(eventId) ?? null;
      if (holder === undefined || seq === null || seq <= stretch.after || seq > stretch.to) continue;
      const row = holder.rows.at(seq - holder.base.seq - 1);
      if (row?.id === eventId) return storedRow(row, seq, this.hashAt(log, seq));
    }
    return undefined;
  }

  rowAt(log: MemoryLog, seq: number): EventRow {
    const holder = this.#holderOf(log, seq);
    const row = holder?.rows.at(seq - holder.base.seq - 1);
    if (row === undefined) throw damagedHistory({ logId: log.log.id, seq, what: 'An event is missing' });
    return row;
  }

  /** All events of a log, the inherited ones too. */
  wholeRows(log: MemoryLog): MemoryRows {
    const rows = new MemoryRows(0);
    for (let seq = 1; seq <= seqOf(log); seq += 1) rows.push(this.rowAt(log, seq));
    return rows;
  }

  hashAt(log: MemoryLog, seq: number): string {
    if (seq === log.base.seq) return log.base.hash;
    const holder = this.#holderOf(log, seq);
    if (holder === undefined) throw damagedHistory({ logId: log.log.id, seq, what: 'An event is missing' });
    if (holder !== log) return this.hashAt(holder, seq);
    for (let index = log.hashes.length; index < seq - log.base.seq; index += 1) {
      const previous = log.hashes[index - 1] ?? log.base.hash;
      log.hashes.push(chainHash(previous, this.rowAt(log, log.base.seq + index + 1), this.#sha256));
    }
    return log.hashes[seq - log.base.seq - 1] ?? log.base.hash;
  }

  /** Pages of a log as it is now. */
  *pages(log: MemoryLog, options: ReadOptions, pageSize: number): Generator<readonly StoredEvent[]> {
    const types = options.types === undefined ? null : new Set(options.types);
    const last = Math.min(seqOf(log), (options.before ?? Number.POSITIVE_INFINITY) - 1);
    const first = Math.max(0, options.after ?? 0) + 1;
    const { runId, since } = options;
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    let page: StoredEvent[] = [];
    for (let step = 0; step <= last - first && left > 0; step += 1) {
      const seq = options.reverse === true ? last - step : first + step;
      const row = this.rowAt(log, seq);
      if (types !== null && !types.has(row.type)) continue;
      if (runId !== undefined && row.runId !== runId) continue;
      if (since !== undefined && compareIds(row.timestamp, since) < 0) continue;
      page.push(storedRow(row, seq, options.hashes === true ? this.hashAt(log, seq) : null));
      left -= 1;
      if (page.length === pageSize) {
        yield page;
        page = [];
      }
    }
    if (page.length > 0) yield page;
  }

  /** What was appended behind a place of the whole memory, at most so many events. A place is a stretch and how far in it. */
  readAppended(appended: readonly Appended[], place: string, limit: number): StorePage | null {
    const [first = 0, done = 0] = place.split('.').map(Number);
    const events: TailEvent[] = [];
    let index = first;
    let offset = done;
    for (; index < appended.length && events.length < limit; index += 1, offset = 0) {
      const stretch = appended[index];
      const log = this.#logs.get(stretch?.logId ?? '');
      if (stretch === undefined || log === undefined) continue;
      const to = Math.min(stretch.to, stretch.after + offset + limit - events.length);
      for (let seq = stretch.after + offset + 1; seq <= to; seq += 1) {
        const event = storedRow(this.rowAt(log, seq), seq, this.hashAt(log, seq));
        events.push({ logId: stretch.logId, event });
      }
      if (to < stretch.to) return { events, place: `${index}.${to - stretch.after}` };
    }
    return events.length === 0 ? null : { events, place: `${index}.0` };
  }

  /** The head as it was at a place; the hash waits until it is asked for. */
  headAt(log: MemoryLog, seq: number): Head {
    const hashAt = (): string => this.hashAt(log, seq);
    return {
      logId: log.log.id,
      seq,
      get hash() {
        return hashAt();
      },
    };
  }

  headOf(log: MemoryLog): Head {
    return this.headAt(log, seqOf(log));
  }

  infoOf(log: MemoryLog, owner: Owner | null): LogInfo {
    const { parent, lineage, epoch } = log;
    return { ...log.log, head: this.headAt(log, seqOf(log)), parent, lineage, epoch, owner };
  }

  #holderOf(log: MemoryLog, seq: number): MemoryLog | undefined {
    if (seq > log.base.seq) return log;
    const segment = log.lineage.find(({ toSeq }) => seq <= toSeq);
    return segment === undefined ? undefined : this.#logs.get(segment.logId);
  }
}
