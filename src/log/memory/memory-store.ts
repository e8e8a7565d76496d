/**
 * Decides how a store that lives in memory keeps the promises of the port: for tests, for runs that nobody needs tomorrow,
 * and as the plain reading of the contract.
 */
import { checkArguments, type CancelSignal, type Sha256 } from '../../base/index.ts';
import { firstPartOf, type LogState, type PartPlan, planCommit, planFork } from '../commit-plan.ts';
import { checkCall } from '../shape/call-forms.ts';
import { checkNewLog, checkShape } from '../shape/commit-shape.ts';
import { concurrentWriter, runExists, runNeeded, runNotFound, storeClosed } from '../errors.ts';
import type { EventRow, StoredEvent } from '../event.ts';
import { genesisHash } from '../hash-line.ts';
import { checkForkPoint, lineageOfFork } from '../lineage.ts';
import { MemoryOwnership } from './memory-ownership.ts';
import { emptyLog, MemoryDatabase, type MemoryLog, MemoryReader, seqOf } from './memory-database.ts';
import type {
  Awaited,
  CommitPart,
  Committed,
  Head,
  Lease,
  LogCopy,
  LogInfo,
  LogKind,
  NewFork,
  NewLog,
  ReadOptions,
  SessionPart,
  StoreCapabilities,
  TailOptions,
  TailPage,
} from '../port.ts';
import type { RecordPage, RecordQuery, RecordWrite, StoredRecord } from '../records/record.ts';
import { withoutFields } from './memory-records.ts';
import { MemoryRows } from './memory-pages.ts';
import { RowIds } from './memory-rows.ts';
import { memorySearch, redactInMemory } from './memory-search.ts';
import { planRecords, refuseThere } from '../records/record-plan.ts';
import type { LogSearch, Redaction, SearchableStore } from '../search/search.ts';
import { follow, type TailBell, Tails } from '../tail.ts';
import { Waiters } from '../waiters.ts';

/** Hash function, clock (milliseconds) and lease of a memory store; two stores over one `database` share what it holds. */
export interface MemoryStoreOptions {
  readonly sha256: Sha256;
  readonly nowMs: () => number;
  /** Share one to open several handles on the same data. */
  readonly database?: MemoryDatabase;
  /** How long a claim lasts without a sign of life. */
  readonly leaseMs?: number;
}

const pageSize = 1000;

/** Opens a handle on a memory database. Closing it frees what it owns; the data lives as long as the database is held. */
export function openMemoryStore(options: MemoryStoreOptions): SearchableStore {
  checkArguments('openMemoryStore', { options: [options, 'with sha256'] });
  return new MemoryStore(options);
}

class MemoryStore implements SearchableStore {
  readonly storeId: string;
  readonly capabilities: StoreCapabilities = { durability: 'memory', shared: false, atomicCommit: true };
  readonly search: LogSearch;
  readonly #db: MemoryDatabase;
  readonly #reader: MemoryReader;
  readonly #sha256: Sha256;
  readonly #ownership: MemoryOwnership;
  readonly #tails = new Tails();
  readonly #waiters = new Waiters();
  #closed = false;

  constructor(options: MemoryStoreOptions) {
    this.#db = options.database ?? new MemoryDatabase();
    this.#reader = new MemoryReader(this.#db.logs, options.sha256);
    this.storeId = this.#db.storeId;
    this.search = memorySearch(this.#db, options.sha256, (operation) => this.#checkOpen(operation));
    this.#sha256 = options.sha256;
    const { nowMs, leaseMs = 30_000 } = options;
    this.#ownership = new MemoryOwnership(this.#db, { nowMs, leaseMs });
    this.#db.tails.add(this.#tails);
    this.#db.waiters.add(this.#waiters);
  }

  async create(log: NewLog): Promise<LogInfo> {
    this.#checkOpen('create', log);
    return this.#create(log);
  }

  #create(log: NewLog): LogInfo {
    checkNewLog(log);
    if (this.#db.logs.has(log.id)) throw runExists({ logId: log.id });
    const made = emptyLog({ id: log.id, kind: log.kind, label: log.label, createdAt: log.createdAt });
    this.#db.logs.set(log.id, made);
    return this.#infoOf(made);
  }

  async fork(fork: NewFork): Promise<LogInfo> {
    this.#checkOpen('fork', fork);
    return this.#fork(fork);
  }

  #fork(fork: NewFork): LogInfo {
    checkNewLog(fork);
    checkShape([firstPartOf(fork)]);
    const parent = this.#logOf(fork.parent, 'fork');
    if (this.#db.logs.has(fork.id)) throw runExists({ logId: fork.id });
    checkForkPoint(fork, seqOf(parent));
    const { id, label, createdAt } = fork;
    const child = emptyLog({ id, kind: parent.log.kind, label, createdAt });
    child.parent = { logId: fork.parent, atSeq: fork.atSeq };
    child.lineage = lineageOfFork({ id: fork.parent, lineage: parent.lineage }, fork.atSeq);
    child.base = { seq: fork.atSeq, hash: this.#reader.hashAt(parent, fork.atSeq) };
    child.rows = new MemoryRows(fork.atSeq);
    child.mayHoldStrayIds = parent.mayHoldStrayIds;
    const plan = planFork(fork, this.#stateOf(child), this.#sha256);
    this.#db.logs.set(id, child);
    this.#writePart(plan);
    this.#db.tellNews();
    return this.#infoOf(child);
  }

  async detach(logId: string): Promise<LogInfo> {
    this.#checkOpen('detach', logId);
    const log = this.#logOf(logId, 'detach');
    log.rows = this.#reader.wholeRows(log);
    log.hashes = [];
    log.base = { seq: 0, hash: genesisHash };
    log.ids = RowIds.of(log.rows);
    log.lineage = [];
    log.parent = null;
    return this.#infoOf(log);
  }

  async info(logId: string): Promise<LogInfo | undefined> {
    this.#checkOpen('info', logId);
    const log = this.#db.logs.get(logId);
    return log === undefined ? undefined : this.#infoOf(log);
  }

  async head(logId: string): Promise<Head> {
    this.#checkOpen('head', logId);
    return this.#reader.headOf(this.#logOf(logId, 'head'));
  }

  async logs(filter: { kind?: LogKind; after?: string; limit?: number } = {}): Promise<readonly LogInfo[]> {
    this.#checkOpen('logs', filter);
    const all = [...this.#db.logs.values()];
    const after = filter.after === undefined ? -1 : all.indexOf(this.#logOf(filter.after, 'logs'));
    const wanted = all
      .slice(after + 1)
      .filter((log) => filter.kind === undefined || log.log.kind === filter.kind);
    return wanted.slice(0, filter.limit ?? 100).map((log) => this.#infoOf(log));
  }

  async commit(parts: readonly CommitPart[], records: readonly RecordWrite[] = []): Promise<readonly Head[]> {
    this.#checkOpen('commit');
    return this.#commit(parts, records).map(({ head }) => head);
  }

  async commitSessions(
    parts: readonly SessionPart[],
    records: readonly RecordWrite[] = [],
  ): Promise<readonly Committed[]> {
    this.#checkOpen('commitSessions');
    return this.#commit(parts, records);
  }

  #commit(parts: readonly SessionPart[], records: readonly RecordWrite[]): readonly Committed[] {
    checkShape(parts, records);
    const made = this.#db.logsToMake(parts);
    const logOf = (logId: string): MemoryLog => made.get(logId) ?? this.#logOf(logId, 'commit');
    const plan = planCommit(parts, (logId) => this.#stateOf(logOf(logId)), this.#sha256);
    const storedOf = (kind: string, id: string): StoredRecord | undefined => this.#db.records.get(kind, id);
    const writes = plan.isRepeat ? [] : planRecords(records, storedOf);
    for (const [logId, log] of made) this.#db.logs.set(logId, log);
    for (const part of plan.parts) this.#writePart(part);
    for (const write of writes) this.#db.records.write(write);
    this.#ownership.touch();
    this.#db.tellNews();
    return plan.parts.map(({ logId, headSeq, rows }) => ({
      head: this.#reader.headAt(this.#logOf(logId, 'commit'), headSeq),
      appended: rows.length,
    }));
  }

  async copyIn(copy: LogCopy): Promise<Head> {
    this.#checkOpen('copyIn', copy);
    checkNewLog(copy.log);
    const pages: (readonly EventRow[])[] = [];
    for await (const page of copy.pages) {
      checkShape([{ logId: copy.log.id, expected: 'any', epoch: null, events: page }]);
      pages.push(page);
    }
    this.#checkOpen('copyIn');
    // From here on nothing waits, so nobody sees a part of it.
    const undo = this.#db.checkpoint(copy.log.id);
    try {
      return this.#copyPages(copy, pages);
    } catch (error) {
      undo();
      throw error;
    }
  }

  #copyPages(copy: LogCopy, pages: readonly (readonly EventRow[])[]): Head {
    const { log, parent, epoch, replaces } = copy;
    if (replaces !== null) this.#remove(replaces);
    if (!this.#db.logs.has(log.id)) {
      const { id, label, createdAt } = log;
      if (parent === null) this.#create(log);
      else this.#fork({ parent: parent.logId, atSeq: parent.atSeq, id, label, createdAt });
    }
    let expected = copy.after;
    for (const events of pages) {
      this.#commit([{ logId: log.id, expected, epoch, events }], []);
      expected += events.length;
    }
    const head = this.#reader.headOf(this.#logOf(log.id, 'copyIn'));
    this.#commit([{ logId: log.id, expected, epoch, events: [] }], copy.records(head));
    return head;
  }

  async remove(head: Head, unless?: Pick<StoredRecord, 'kind' | 'id'>): Promise<void> {
    this.#checkOpen('remove', head, unless);
    if (unless !== undefined) refuseThere(unless, this.#db.records.get(unless.kind, unless.id));
    this.#remove(head);
  }

  #remove(head: Head): void {
    const log = this.#logOf(head.logId, 'remove');
    const found = this.#reader.headOf(log);
    if (found.seq !== head.seq || found.hash !== head.hash)
      throw concurrentWriter({ what: 'run', id: head.logId, expected: head.seq, actual: found.seq });
    this.#ownership.refuseOwned(log);
    const isReader = ({ lineage }: MemoryLog): boolean => lineage.some(({ logId }) => logId === head.logId);
    const forks = [...this.#db.logs.values()].filter(isReader);
    if (forks.length > 0) throw runNeeded({ logId: head.logId, forks: forks.map((fork) => fork.log.id) });
    this.#db.forget(head.logId);
  }

  #writePart(part: PartPlan): void {
    const log = this.#logOf(part.logId, 'commit');
    if (part.rows.length === 0) return;
    this.#db.appended.push({ logId: part.logId, after: seqOf(log), to: part.headSeq });
    for (const waiters of this.#db.waiters) waiters.tell(part.logId, part.rows, part.headSeq);
    let seq = seqOf(log);
    for (const row of part.rows) {
      log.rows.push(row);
      seq += 1;
      if (!part.areCanonical) log.mayHoldStrayIds = log.ids.add(row.id, seq) || log.mayHoldStrayIds;
    }
  }

  async *read(logId: string, options: ReadOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    this.#checkOpen('read', logId, options);
    const log = this.#logOf(logId, 'read');
    for (const page of this.#reader.pages(log, options, pageSize)) {
      yield page;
      this.#checkOpen('read');
    }
  }

  async get(logId: string, eventId: string): Promise<StoredEvent | undefined> {
    this.#checkOpen('get', logId, eventId);
    return this.#reader.find(this.#logOf(logId, 'get'), eventId);
  }

  tail(options: TailOptions = {}): AsyncIterable<TailPage> {
    return this.#tails.start((bell) => this.#follow(options, bell));
  }

  async *#follow(options: TailOptions, bell: TailBell): AsyncGenerator<TailPage> {
    this.#checkOpen('tail', options);
    yield* follow({
      store: this,
      options,
      bell,
      pause: () => bell.wait(),
      startOf: async (from) => (from === 'end' ? `${this.#db.appended.length}.0` : '0.0'),
      readAfter: async (place) => this.#reader.readAppended(this.#db.appended, place, pageSize),
    });
  }

  async record(kind: string, id: string): Promise<StoredRecord | undefined> {
    this.#checkOpen('record', kind, id);
    return this.#db.records.bare(kind, id);
  }

  async records(kind: string, prefix: string): Promise<readonly StoredRecord[]> {
    this.#checkOpen('records', kind, prefix);
    return this.#db.records.below(kind, prefix).map(withoutFields);
  }

  async recordsBelow(prefix: string): Promise<readonly StoredRecord[]> {
    this.#checkOpen('recordsBelow', prefix);
    return this.#db.records.below(null, prefix);
  }

  async findRecords(query: RecordQuery, page: RecordPage): Promise<readonly StoredRecord[]> {
    this.#checkOpen('findRecords', query, page);
    return this.#db.records.page(query, page);
  }

  async countRecords(query: RecordQuery): Promise<number> {
    this.#checkOpen('countRecords', query);
    return this.#db.records.count(query);
  }

  async redact(redaction: Redaction, records: readonly RecordWrite[] = []): Promise<number> {
    this.#checkOpen('redact', redaction, records);
    return redactInMemory(this.#db, redaction, records, this.#sha256);
  }

  async grown(awaited: Awaited, signal: CancelSignal): Promise<void> {
    this.#checkOpen('grown', awaited, signal);
    const log = this.#db.logs.get(awaited.logId);
    if (log === undefined || seqOf(log) <= awaited.after) await this.#waiters.wait(awaited, signal);
  }

  async acquire(logId: string): Promise<Lease> {
    this.#checkOpen('acquire', logId);
    return this.#ownership.acquire(this.#logOf(logId, 'acquire'));
  }

  async renew(): Promise<void> {
    this.#checkOpen('renew');
    this.#ownership.touch();
  }

  async release(lease: Lease): Promise<void> {
    this.#checkOpen('release', lease);
    this.#ownership.release(this.#logOf(lease.logId, 'release'), lease);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#db.tails.delete(this.#tails);
    this.#tails.end();
    this.#db.waiters.delete(this.#waiters);
    this.#waiters.end();
    this.#ownership.resign();
  }

  #checkOpen(operation: string, ...given: readonly unknown[]): void {
    if (this.#closed) throw storeClosed({ operation });
    if (given.length > 0) checkCall(operation, ...given);
  }

  #logOf(logId: string, operation: string): MemoryLog {
    const log = this.#db.logs.get(logId);
    if (log === undefined) throw runNotFound({ logId, operation });
    return log;
  }

  #stateOf(log: MemoryLog): LogState {
    const { epoch, mayHoldStrayIds } = log;
    const find = (eventId: string): StoredEvent | undefined => this.#reader.find(log, eventId);
    return { seq: seqOf(log), epoch, kind: log.log.kind, mayHoldStrayIds, find };
  }

  #infoOf(log: MemoryLog): LogInfo {
    return this.#reader.infoOf(log, this.#ownership.ownerOf(log));
  }
}
