/** Decides what a store of the port is on PostgreSQL: which call is one statement, which a transaction, and how all of it ends. */
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
  type TailBell,
  type TailOptions,
  type TailPage,
  Tails,
} from '../../../log/index.ts';
import { AppendGroups } from './commit/append-groups.ts';
import { appendPlain, asPlain, KnownHeads, plainTypes } from './commit/append-plain.ts';
import { commitWhole } from './commit/commit-whole.ts';
import type { PostgresConnection, Session } from './connection.ts';
import { inTurnOf, pagesInside } from './copy-room.ts';
import { openedForReading } from './errors.ts';
import { findEvents } from './find-events.ts';
import { createLog } from './create.ts';
import { detachLog, forkLog } from './fork.ts';
import { countRecords, findRecords, listRecordsBelow } from './records/find-records.ts';
import { Growth } from './following/growth.ts';
import { headOf, listInfos, readInfo, requireLog } from './log-row.ts';
import { News, type NewsLine } from './news.ts';
import type { Ownership } from './ownership.ts';
import { readPages } from './read-pages.ts';
import { lastPlace, readTail } from './following/read-tail.ts';
import { tailPause } from './following/tail-pause.ts';
import { findRecord, findRecordBefore, listRecords } from './records/records.ts';
import { redactEvents } from './redact.ts';
import { postgresSearch } from './search/search.ts';
import { quoteName, type Tables } from './tables.ts';
import { type CopyContext, copyPages, logsOfCopy, withItsErrors } from './whole-log/copy-in.ts';
import { removeLog } from './whole-log/remove.ts';
import { WriteOrder } from './write-order.ts';

export interface PostgresStoreParts {
  readonly connection: PostgresConnection;
  readonly tables: Tables;
  readonly storeId: string;
  readonly capabilities: StoreCapabilities;
  readonly ownership: Ownership;
  readonly sha256: Sha256;
  readonly isReadOnly: boolean;
  readonly syncCommit: 'on' | 'off';
  /** Ends what was opened for this handle: nothing when the pool was passed in. */
  readonly end: () => Promise<void>;
  /** Makes a connection beside the pool; null where there is only a pool. */
  readonly newLine: (() => NewsLine) | null;
}

export class PostgresStore implements SearchableStore {
  readonly storeId: string;
  readonly capabilities: StoreCapabilities;
  readonly search: LogSearch;
  readonly #parts: PostgresStoreParts;
  readonly #connection: PostgresConnection;
  readonly #tables: Tables;
  readonly #ownership: Ownership;
  readonly #order = new WriteOrder();
  readonly #groups: AppendGroups;
  readonly #known = new KnownHeads();
  readonly #tails = new Tails();
  readonly #news: News | null;
  readonly #growth: Growth;
  #timer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;

  constructor(parts: PostgresStoreParts) {
    this.storeId = parts.storeId;
    this.capabilities = parts.capabilities;
    this.#parts = parts;
    this.#connection = parts.connection;
    this.#tables = parts.tables;
    this.#ownership = parts.ownership;
    this.search = postgresSearch(parts, (operation) => this.#checkOpen(operation));
    this.#groups = new AppendGroups(parts.connection, parts.tables, plainTypes);
    const channel = `runlog ${parts.storeId}`;
    const onNews = (): void => {
      this.#tails.ring();
      this.#growth.look();
    };
    this.#news = parts.newLine === null ? null : new News(channel, parts.newLine, onNews);
    this.#growth = new Growth(parts.connection, parts.tables, this.#news);
  }

  async create(log: NewLog): Promise<LogInfo> {
    this.#checkOpen('create', log);
    checkNewLog(log);
    return this.#write('create', [log.id], (session) => createLog(session, this.#tables, log));
  }

  async fork(fork: NewFork): Promise<LogInfo> {
    this.#checkOpen('fork', fork);
    checkNewLog(fork);
    checkShape([firstPartOf(fork)]);
    const { sha256 } = this.#parts;
    const info = await this.#write('fork', [fork.parent, fork.id], (session) =>
      forkLog(session, this.#tables, fork, sha256),
    );
    this.#tellNews();
    return info;
  }

  async detach(logId: string): Promise<LogInfo> {
    checkCall('detach', logId);
    return this.#write('detach', [logId], (session) => detachLog(session, this.#tables, logId));
  }

  async info(logId: string): Promise<LogInfo | undefined> {
    this.#checkOpen('info', logId);
    return readInfo(this.#connection, this.#tables, logId);
  }

  async head(logId: string): Promise<Head> {
    this.#checkOpen('head', logId);
    return headOf(await requireLog(this.#connection, this.#tables, logId, 'head'));
  }

  async logs(filter: { kind?: LogKind; after?: string; limit?: number } = {}): Promise<readonly LogInfo[]> {
    this.#checkOpen('logs', filter);
    const { kind, after, limit = 100 } = filter;
    const log = after === undefined ? null : await requireLog(this.#connection, this.#tables, after, 'logs');
    return listInfos(this.#connection, this.#tables, {
      ...(kind === undefined ? {} : { kind }),
      afterNumber: log?.number ?? 0,
      limit,
    });
  }

  async commit(parts: readonly CommitPart[], records: readonly RecordWrite[] = []): Promise<readonly Head[]> {
    const committed = await this.#commitInOrder('commit', parts, records);
    return committed.map(({ head }) => head);
  }

  async commitSessions(
    parts: readonly SessionPart[],
    records: readonly RecordWrite[] = [],
  ): Promise<readonly Committed[]> {
    return this.#commitInOrder('commitSessions', parts, records);
  }

  async #commitInOrder(
    operation: string,
    parts: readonly SessionPart[],
    records: readonly RecordWrite[],
  ): Promise<readonly Committed[]> {
    this.#checkWritable(operation);
    checkShape(parts, records);
    if (parts.length === 0 && records.length === 0) return [];
    const keys = [...parts.map(({ logId }) => logId), ...records.map(({ kind, id }) => `${kind}\0${id}`)];
    const committed = await this.#order.after(keys, () => this.#commit(parts, records));
    this.#tellNews();
    this.#growth.tell(parts, committed);
    return committed;
  }

  /** Its transaction is done once: pages that were asked for do not come again. */
  async copyIn(copy: LogCopy): Promise<Head> {
    this.#checkWritable('copyIn');
    checkCall('copyIn', copy);
    checkNewLog(copy.log);
    const { sha256, newLine } = this.#parts;
    // A pool that was passed in may be of another driver.
    const context = { sha256, ownership: this.#ownership, sendsBinary: newLine !== null };
    const logIds = logsOfCopy(copy);
    const head = await this.#order.after(logIds, () => {
      for (const logId of logIds) this.#known.forget(logId);
      return withItsErrors(copy.pages, (pages) => this.#copyInTurn({ ...copy, pages }, context));
    });
    this.#tellNews();
    return head;
  }

  #copyInTurn(copy: LogCopy, context: CopyContext): Promise<Head> {
    const { pool } = this.#connection;
    const inside = { ...copy, pages: pagesInside(pool, copy.pages) };
    return inTurnOf(pool, () =>
      this.#transaction((session) => copyPages(session, this.#tables, inside, context), 'once'),
    );
  }

  async remove(head: Head, unless?: Pick<StoredRecord, 'kind' | 'id'>): Promise<void> {
    checkCall('remove', head, unless);
    await this.#write('remove', [head.logId], (session) =>
      removeLog(session, this.#tables, head, this.#ownership, unless),
    );
    this.#known.forget(head.logId);
  }

  async *read(logId: string, options: ReadOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    const check = (): void => this.#checkOpen('read');
    check();
    checkCall('read', logId, options);
    const log = await requireLog(this.#connection, this.#tables, logId, 'read');
    yield* readPages(this.#connection, this.#tables, log, options, check);
  }

  async get(logId: string, eventId: string): Promise<StoredEvent | undefined> {
    this.#checkOpen('get', logId, eventId);
    const log = await requireLog(this.#connection, this.#tables, logId, 'get');
    return (await findEvents(this.#connection, this.#tables, log, [eventId])).get(eventId);
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
      pause: tailPause(this.#tails, this.#news, bell),
      startOf: async (from) => (from === 'end' ? lastPlace(this.#connection) : '0.0.0'),
      readAfter: async (place) => {
        this.#checkOpen('tail');
        return readTail(this.#connection, this.#tables, place);
      },
    });
  }

  async record(kind: string, id: string): Promise<StoredRecord | undefined> {
    this.#checkOpen('record', kind, id);
    return findRecord(this.#connection, this.#tables, kind, id);
  }

  async records(kind: string, prefix: string): Promise<readonly StoredRecord[]> {
    this.#checkOpen('records', kind, prefix);
    return listRecords(this.#connection, this.#tables, kind, prefix);
  }

  async recordBefore(kind: string, id: string): Promise<StoredRecord | undefined> {
    this.#checkOpen('recordBefore', kind, id);
    return findRecordBefore(this.#connection, this.#tables, kind, id);
  }

  async recordsBelow(prefix: string): Promise<readonly StoredRecord[]> {
    this.#checkOpen('recordsBelow', prefix);
    return listRecordsBelow(this.#connection, this.#tables, prefix);
  }

  async findRecords(query: RecordQuery, page: RecordPage): Promise<readonly StoredRecord[]> {
    this.#checkOpen('findRecords', query, page);
    return findRecords(this.#connection, this.#tables, query, page);
  }

  async countRecords(query: RecordQuery): Promise<number> {
    this.#checkOpen('countRecords', query);
    return countRecords(this.#connection, this.#tables, query);
  }

  async redact(redaction: Redaction, records: readonly RecordWrite[] = []): Promise<number> {
    checkCall('redact', redaction, records);
    checkShape([], records);
    return this.#write('redact', [redaction.logId], (session) =>
      redactEvents(session, this.#tables, redaction, records, this.#parts.sha256),
    );
  }

  async grown(awaited: Awaited, signal: CancelSignal): Promise<void> {
    this.#checkOpen('grown', awaited, signal);
    await this.#growth.wait(awaited, signal);
  }

  async acquire(logId: string): Promise<Lease> {
    checkCall('acquire', logId);
    const lease = await this.#write('acquire', [logId], (session) => this.#ownership.acquire(session, logId));
    this.#ownership.noteHeld(logId, true);
    this.#startTimer();
    return lease;
  }

  async renew(): Promise<void> {
    this.#checkWritable('renew');
    if (this.#ownership.holder !== null)
      await this.#order.after(['\0owner'], () => this.#ownership.register(this.#connection));
  }

  async release(lease: Lease): Promise<void> {
    checkCall('release', lease);
    await this.#write('release', [lease.logId], (session) => this.#ownership.release(session, lease));
    this.#ownership.noteHeld(lease.logId, false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#tails.end();
    await this.#growth.end();
    try {
      await this.#order.drain();
      await this.#news?.end();
      if (this.#ownership.holder !== null) await this.#ownership.resign(this.#connection);
    } finally {
      await this.#parts.end();
    }
  }

  async #commit(
    parts: readonly SessionPart[],
    records: readonly RecordWrite[],
  ): Promise<readonly Committed[]> {
    const { sha256, syncCommit } = this.#parts;
    const { holder, leaseMs } = this.#ownership;
    const plain = asPlain(parts, records);
    if (plain !== null) {
      const writer = { sha256, known: this.#known, holder, leaseMs, syncCommit };
      const answer = await appendPlain(this.#groups, plain, writer);
      if (answer !== null) {
        if (!answer.isRegistered) await this.#ownership.register(this.#connection);
        return [{ head: answer.head, appended: plain.part.events.length }];
      }
    }
    for (const { logId } of parts) this.#known.forget(logId);
    const committed = await this.#transaction((session) =>
      commitWhole(session, this.#tables, { parts, records }, sha256),
    );
    for (const { head } of committed) this.#known.remember(head);
    return committed;
  }

  #tellNews(): void {
    this.#tails.ring();
    this.#news?.tell();
  }

  #checkOpen(operation: string, ...given: readonly unknown[]): void {
    if (this.#closing !== null) throw storeClosed({ operation });
    if (given.length > 0) checkCall(operation, ...given);
  }

  #checkWritable(operation: string): void {
    this.#checkOpen(operation);
    if (this.#parts.isReadOnly) throw openedForReading(this.#connection.location, operation);
  }

  async #write<T>(
    operation: string,
    keys: readonly string[],
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    this.#checkWritable(operation);
    return this.#order.after(keys, () => this.#transaction(work));
  }

  async #transaction<T>(work: (session: Session) => Promise<T>, times?: 'once'): Promise<T> {
    const { syncCommit } = this.#parts;
    const path = `SET LOCAL search_path TO ${quoteName(this.#tables.schema)}`;
    const first = `${path}; SELECT ${this.#tables.call('begin_write')}('${syncCommit}')`;
    const inside = async (session: Session): Promise<T> => {
      const result = await work(session);
      await this.#ownership.touch(session);
      return result;
    };
    return this.#connection.transaction(inside, { first, ...(times === undefined ? {} : { times }) });
  }

  /** Keeps what is owned while nothing is written; the process may end in spite of it. */
  #startTimer(): void {
    if (this.#timer !== null || this.#closing !== null) return;
    const beat = (): void => {
      if (this.#ownership.holder === null || this.#closing !== null) return;
      // A beat that fails is followed by another before the lease ends; after that the epoch protects the run.
      this.renew().catch(() => undefined);
    };
    this.#timer = setInterval(beat, this.#ownership.renewEveryMs).unref();
  }
}
