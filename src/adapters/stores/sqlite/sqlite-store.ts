/** Decides what a store of the port is on SQLite: which call is a write of the queue, which reads at once, and how all of it ends. */
import type { CancelSignal, Sha256 } from '../../../base/index.ts';
import {
  type Awaited,
  checkCall,
  checkNewLog,
  checkShape,
  type CommitPart,
  type Committed,
  firstPartOf,
  follow,
  type Head,
  type Lease,
  type LogCopy,
  type LogInfo,
  type LogKind,
  type LogSearch,
  type NewFork,
  type NewLog,
  type ReadOptions,
  type RecordPage,
  type RecordQuery,
  type RecordWrite,
  type Redaction,
  type SearchableStore,
  type SessionPart,
  type StoreCapabilities,
  storeClosed,
  type StoredEvent,
  type StoredRecord,
  storeUnavailable,
  type TailBell,
  type TailOptions,
  type TailPage,
  Tails,
} from '../../../log/index.ts';
import { whenFree } from './busy-wait.ts';
import { checkCommit } from './commit.ts';
import type { SqliteConnection } from './connection.ts';
import { emptyWal, walEmptied, type WalState } from './dropping/empty-wal.ts';
import { copyLog } from './whole-log/copy-log.ts';
import type { FileIdentity } from './file-identity.ts';
import { findEvent } from './find-event.ts';
import { countRecords, findRecords, listRecordsBelow } from './records/find-records.ts';
import { checkCreate } from './create.ts';
import { checkDetach, checkFork } from './fork.ts';
import { listInfos, readInfo, requireLog } from './log-row.ts';
import type { Ownership } from './ownership.ts';
import { readPageNow, readPages } from './read-pages.ts';
import { appendNext, type CommitPlace, type CommitRequest, writeHeads } from './remembered-logs.ts';
import { Lookout } from './following/lookout.ts';
import { isSameAt, lastPosition, readTail } from './following/read-tail.ts';
import { checkRedact } from './dropping/redact.ts';
import { findRecord, findRecordBefore, listRecords } from './records/records.ts';
import { sqliteSearch } from './search/search.ts';
import { checkRemove } from './whole-log/remove.ts';
import { Growth } from './following/growth.ts';
import { type Turn, type Write, WriteQueue } from './write-queue.ts';

export interface SqliteStoreParts {
  readonly connection: SqliteConnection;
  readonly storeId: string;
  readonly capabilities: StoreCapabilities;
  readonly ownership: Ownership;
  readonly sha256: Sha256;
  readonly isReadOnly: boolean;
  readonly busyTimeoutMs: number;
  readonly warn: (message: string) => void;
  /** `null` when the handle was passed in: then it is its owner's to look after, and to close. */
  readonly file: FileIdentity | null;
}

export class SqliteStore implements SearchableStore {
  readonly storeId: string;
  readonly capabilities: StoreCapabilities;
  readonly search: LogSearch;
  readonly #connection: SqliteConnection;
  readonly #parts: SqliteStoreParts;
  readonly #ownership: Ownership;
  readonly #queue: WriteQueue;
  readonly #place: CommitPlace;
  readonly #tails = new Tails();
  readonly #growth: Growth;
  #timer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;

  constructor(parts: SqliteStoreParts) {
    this.storeId = parts.storeId;
    this.capabilities = parts.capabilities;
    this.#parts = parts;
    this.#connection = parts.connection;
    this.#place = { connection: parts.connection, sha256: parts.sha256, known: new Map() };
    this.#ownership = parts.ownership;
    this.search = sqliteSearch(parts.connection, (operation, step) => this.#read(operation, step));
    this.#growth = new Growth(parts.connection, (step) => this.#read('grown', step));
    const onUndone = (): void => this.#ownership.forget();
    this.#queue = new WriteQueue(parts.connection, parts.busyTimeoutMs, { onUndone });
  }

  async create(log: NewLog): Promise<LogInfo> {
    this.#checkOpen('create', log);
    checkNewLog(log);
    return this.#write('create', () => checkCreate(this.#connection, log));
  }

  async fork(fork: NewFork): Promise<LogInfo> {
    this.#checkOpen('fork', fork);
    checkNewLog(fork);
    checkShape([firstPartOf(fork)]);
    const { sha256 } = this.#parts;
    const info = await this.#write('fork', () => checkFork(this.#connection, fork, sha256));
    this.#tails.ring();
    return info;
  }

  async detach(logId: string): Promise<LogInfo> {
    checkCall('detach', logId);
    return this.#write('detach', () => checkDetach(this.#connection, logId));
  }

  async info(logId: string): Promise<LogInfo | undefined> {
    checkCall('info', logId);
    return this.#read('info', () => readInfo(this.#connection, logId));
  }

  async head(logId: string): Promise<Head> {
    checkCall('head', logId);
    const { id, seq, hash } = await this.#read('head', () => requireLog(this.#connection, logId, 'head'));
    return { logId: id, seq, hash };
  }

  async logs(filter: { kind?: LogKind; after?: string; limit?: number } = {}): Promise<readonly LogInfo[]> {
    checkCall('logs', filter);
    const { kind, after, limit = 100 } = filter;
    return this.#read('logs', () => {
      const afterNumber = after === undefined ? 0 : requireLog(this.#connection, after, 'logs').number;
      return listInfos(this.#connection, { ...(kind === undefined ? {} : { kind }), afterNumber, limit });
    });
  }

  commit(parts: readonly CommitPart[], records: readonly RecordWrite[] = []): Promise<readonly Head[]> {
    return this.#commit('commit', parts, records, headsOf);
  }

  commitSessions(
    parts: readonly SessionPart[],
    records: readonly RecordWrite[] = [],
  ): Promise<readonly Committed[]> {
    return this.#commit('commitSessions', parts, records, (committed) => committed);
  }

  async #commit<T>(
    operation: string,
    parts: readonly SessionPart[],
    records: readonly RecordWrite[],
    answerOf: (committed: readonly Committed[]) => T,
  ): Promise<T> {
    this.#checkOpen(operation);
    checkShape(parts, records);
    const request = { parts, records };
    const write = this.#checkedWrite(operation, (turn) => this.#checkCommit(request, turn));
    const committed = this.#queue.tryNow(write) ?? (await this.#queue.add(write, countOf(parts)));
    this.#tails.ring();
    this.#growth.tell(parts, committed);
    return answerOf(committed);
  }

  #checkCommit(request: CommitRequest, { isAgain, isLone }: Turn): () => readonly Committed[] {
    // What is appended at once is written without a check before it, so its refusal has to undo the transaction as well.
    if (isAgain || !isLone) return checkCommit(this.#place, request, isAgain ? 'places' : 'all');
    return () => appendNext(this.#place, request) ?? checkCommit(this.#place, request, 'all')();
  }

  async copyIn(copy: LogCopy): Promise<Head> {
    this.#checkOpen('copyIn', copy);
    this.#checkWritable('copyIn');
    checkNewLog(copy.log);
    const place = { ...this.#parts, known: this.#place.known, from: this.#fileBehind(copy) };
    const head = await this.#queue.alone(() => copyLog(this.#connection, copy, place));
    this.#tails.ring();
    this.#growth.tellHead(head);
    return head;
  }

  /** The other file that the pages are read from. */
  #fileBehind({ origin }: LogCopy): string | null {
    const isFile = origin?.store instanceof SqliteStore && origin.store.#parts.file !== null;
    const from = isFile ? origin.store.#connection.location : ':memory:';
    return from === ':memory:' || this.#parts.file === null ? null : from;
  }

  async remove(head: Head, unless?: Pick<StoredRecord, 'kind' | 'id'>): Promise<void> {
    checkCall('remove', head, unless);
    await this.#write('remove', () => checkRemove(this.#connection, head, this.#ownership, unless));
    await this.#emptyWal();
  }

  async *read(logId: string, options: ReadOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    checkCall('read', logId, options);
    const log = await this.#read('read', () => requireLog(this.#connection, logId, 'read'));
    yield* readPages(this.#connection, log, options, (step) => this.#read('read', step));
  }

  readNow(logId: string, options: ReadOptions): readonly StoredEvent[] {
    this.#checkOpen('readNow', logId, options);
    return readPageNow(this.#connection, requireLog(this.#connection, logId, 'readNow'), options);
  }

  async get(logId: string, eventId: string): Promise<StoredEvent | undefined> {
    checkCall('get', logId, eventId);
    const find = (): StoredEvent | undefined =>
      findEvent(this.#connection, requireLog(this.#connection, logId, 'get'), eventId);
    return this.#read('get', find);
  }

  tail(options: TailOptions = {}): AsyncIterable<TailPage> {
    return this.#tails.start((bell) => this.#follow(options, bell));
  }

  async *#follow(options: TailOptions, bell: TailBell): AsyncGenerator<TailPage> {
    this.#checkOpen('tail', options);
    // Nobody would ever commit to a file that was replaced: who waits looks at that as well.
    const checkFile = (): void => this.#parts.file?.check();
    const lookout = new Lookout(this.#connection, checkFile, (step) => this.#read('tail', step));
    yield* follow({
      store: this,
      options,
      bell,
      pause: async () => {
        checkFile();
        await lookout.wait(bell);
      },
      startOf: (from) => this.#read('tail', () => (from === 'end' ? lastPosition(this.#connection) : '0')),
      readAfter: (place) => this.#read('tail', () => readTail(this.#connection, place)),
      isSame: (place, hash) => this.#read('tail', () => isSameAt(this.#connection, place, hash)),
    });
  }

  async record(kind: string, id: string): Promise<StoredRecord | undefined> {
    checkCall('record', kind, id);
    return this.#read('record', () => findRecord(this.#connection, kind, id));
  }

  async records(kind: string, prefix: string): Promise<readonly StoredRecord[]> {
    checkCall('records', kind, prefix);
    return this.#read('records', () => listRecords(this.#connection, kind, prefix));
  }

  async recordBefore(kind: string, id: string): Promise<StoredRecord | undefined> {
    checkCall('recordBefore', kind, id);
    return this.#read('recordBefore', () => findRecordBefore(this.#connection, kind, id));
  }

  async recordsBelow(prefix: string): Promise<readonly StoredRecord[]> {
    checkCall('recordsBelow', prefix);
    return this.#read('recordsBelow', () => listRecordsBelow(this.#connection, prefix));
  }

  async findRecords(query: RecordQuery, page: RecordPage): Promise<readonly StoredRecord[]> {
    checkCall('findRecords', query, page);
    return this.#read('findRecords', () => findRecords(this.#connection, query, page));
  }

  async countRecords(query: RecordQuery): Promise<number> {
    checkCall('countRecords', query);
    return this.#read('countRecords', () => countRecords(this.#connection, query));
  }

  async redact(redaction: Redaction, records: readonly RecordWrite[] = []): Promise<number> {
    checkCall('redact', redaction, records);
    checkShape([], records);
    const dropped = await this.#write('redact', () =>
      checkRedact(this.#connection, redaction, records, this.#parts.sha256),
    );
    await this.#emptyWal();
    return dropped;
  }

  /** Between two writes, because a transaction that is open would keep it from happening. */
  #emptyWal(): Promise<void> {
    // Closing empties it, unless somebody else has the store open.
    const attempt = (): Promise<WalState> =>
      this.#queue.alone(async () => (this.#closing === null ? walEmptied(this.#connection) : 'empty'));
    return emptyWal(attempt, this.#connection.location, this.#parts.warn);
  }

  async grown(awaited: Awaited, signal: CancelSignal): Promise<void> {
    this.#checkOpen('grown', awaited, signal);
    await this.#growth.wait(awaited, signal);
  }

  async acquire(logId: string): Promise<Lease> {
    checkCall('acquire', logId);
    const lease = await this.#write('acquire', () => this.#ownership.checkAcquire(logId));
    this.#startTimer();
    return lease;
  }

  async renew(): Promise<void> {
    return this.#write('renew', () => () => writeHeads(this.#place));
  }

  async release(lease: Lease): Promise<void> {
    checkCall('release', lease);
    return this.#write('release', () => this.#ownership.checkRelease(lease));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#tails.end();
    this.#growth.end();
    if (this.#timer !== null) clearInterval(this.#timer);
    try {
      await this.#queue.drain();
      if (this.#ownership.isRegistered) this.#parts.file?.checkNow();
      if (this.#ownership.isRegistered) await this.#queue.add(() => () => this.#resign());
      await this.#queue.drain();
    } finally {
      if (this.#parts.file !== null) this.#connection.close();
    }
  }

  #resign(): void {
    writeHeads(this.#place);
    this.#ownership.resign();
  }

  #checkOpen(operation: string, ...given: readonly unknown[]): void {
    if (this.#closing !== null) throw storeClosed({ operation });
    if (given.length > 0) checkCall(operation, ...given);
  }

  async #read<T>(operation: string, step: () => T): Promise<T> {
    if (this.#queue.isHeld) await this.#queue.whenNotHeld();
    const attempt = (): T => {
      this.#checkOpen(operation);
      return step();
    };
    return whenFree(attempt, this.#parts.busyTimeoutMs);
  }

  /** Throws, rather than rejects, what is refused before it is queued: its callers are asynchronous already. */
  #write<T>(operation: string, write: Write<T>): Promise<T> {
    return this.#queue.add(this.#checkedWrite(operation, write));
  }

  #checkedWrite<T>(operation: string, write: Write<T>): Write<T> {
    this.#checkOpen(operation);
    this.#checkWritable(operation);
    return (turn) => {
      this.#parts.file?.check();
      this.#ownership.checkCompany();
      const perform = write(turn);
      return () => {
        const done = perform();
        this.#ownership.touch();
        return done;
      };
    };
  }

  #checkWritable(operation: string): void {
    if (this.#parts.isReadOnly) throw openedForReading(this.#connection.location, operation);
  }

  /** Keeps what is owned while nothing is written; the process may end in spite of it. */
  #startTimer(): void {
    if (this.#timer !== null || this.#closing !== null) return;
    const beat = (): void => {
      if (!this.#ownership.isHolding || this.#closing !== null) return;
      // A beat that fails is followed by another before the lease ends; after that the epoch protects the run.
      this.renew().catch(() => undefined);
    };
    this.#timer = setInterval(beat, this.#ownership.renewEveryMs).unref();
  }
}

function countOf(parts: readonly SessionPart[]): number {
  return parts.reduce((sum, part) => sum + part.events.length, 0);
}

function headsOf(committed: readonly Committed[]): readonly Head[] {
  return committed.map(({ head }) => head);
}

function openedForReading(location: string, operation: string): Error {
  return storeUnavailable({
    location,
    reason: 'read-only',
    whatFailed: `${operation} writes, and the store was opened with mode 'read'.`,
    howToFix: "Open the store with mode 'write'.",
  });
}
