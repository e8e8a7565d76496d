/**
 * The append-only log as the house needs it; knows no database.
 *
 * What every store promises:
 * - order: a log's events have `seq` 1, 2, 3 … in the order of commit, without gaps, also across the segments of a fork;
 * - atomicity: a `commit` is there as a whole or not at all, over all its parts and records (see `atomicCommit`);
 * - durability: a resolved `commit` survives the death of the process (what it survives beyond is in `capabilities`);
 * - bytes: every text is handed out as it was handed in;
 * - fencing: a run is written by the owner of its newest epoch only; whoever slept through a takeover is refused;
 * - after `close()` nothing of the store runs any more, and every method rejects with `StoreClosedError`.
 */
import { checkArguments, type CancelSignal } from '../base/index.ts';
import type { EventRow, StoredEvent } from './event.ts';
import type { RecordWrite, RecordQuery, RecordPage, StoredRecord } from './records/record.ts';

/** A graph run, or a session of agents. */
export type LogKind = 'run' | 'session';

/**
 * What a store promises beyond the port: what its durability survives, whether processes share it, whether a
 * commit over several logs is atomic.
 */
export interface StoreCapabilities {
  /** `memory`: until the handle is closed. `process`: survives `kill -9`. `power`: survives the loss of power as well. */
  readonly durability: 'memory' | 'process' | 'power';
  /** True when another process can open the same data at the same time. */
  readonly shared: boolean;
  /**
   * True when a commit is there as a whole or not at all. A store without this takes one part or one record a commit, and
   * refuses more with `AtomicCommitUnsupportedError`, as it refuses `detach` of a fork and a fork with `events`. Of a part, a failure may leave the
   * first events behind, never a gap; the same commit sent again writes the rest. A run needs this; a session log does not.
   */
  readonly atomicCommit: boolean;
}

/** How far a log is. `hash` is the chain hash at `seq`; an empty log has `seq` 0 and the genesis hash. */
export interface Head {
  readonly logId: string;
  readonly seq: number;
  readonly hash: string;
}

/** A log to be made; `createdAt` is ISO text. */
export interface NewLog {
  readonly id: string;
  readonly kind: LogKind;
  readonly label: string | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/** A fork to be made: parent, the last event that it inherits, its own id. Its first events may come along. */
export interface NewFork {
  readonly parent: string;
  /** The last place that the fork shares with its parent, 0 for none. */
  readonly atSeq: number;
  readonly id: string;
  readonly label: string | null;
  readonly createdAt: string;
  /** The fork's first own events: written together with it, or neither is. */
  readonly events?: readonly EventRow[];
}

/** A stretch of another log that a fork reads as its own: places up to and including `toSeq`. */
export interface Segment {
  readonly logId: string;
  readonly toSeq: number;
}

/** The process that may append to a run, until `expiresAt`. */
export interface Owner {
  /** Names one open store handle. */
  readonly owner: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly expiresAt: string;
}

/** All that is known of a log without reading its events: kind, head, parent, lineage, epoch, owner. */
export interface LogInfo extends NewLog {
  readonly head: Head;
  /** Direct parent and the last shared place; `null` for a log of its own (also after `detach`). */
  readonly parent: { readonly logId: string; readonly atSeq: number } | null;
  /** Flattened at birth: whose events stand before the fork's own, oldest first. */
  readonly lineage: readonly Segment[];
  /** Number of times that ownership was taken. */
  readonly epoch: number;
  readonly owner: Owner | null;
}

/** The right to append to a run, until somebody takes a later epoch. */
export interface Lease {
  readonly logId: string;
  readonly epoch: number;
}

/** Events for one log: appended behind `expected`, or behind whatever is last (`'any'`), by the owner of `epoch`. */
export interface CommitPart {
  readonly logId: string;
  /** The head that the writer has seen; `'any'` takes the next places, whatever they are. */
  readonly expected: number | 'any';
  /** The epoch that the writer owns. `null` is for session logs, and for runs that nobody ever owned. */
  readonly epoch: number | null;
  readonly events: readonly EventRow[];
}

/** Which events of a log: `after` and `before` exclude their number; `limit` is a page. */
export interface ReadOptions {
  /** First place is the one after this; 0 by default. */
  readonly after?: number;
  /** Last place is the one before this; no bound by default. */
  readonly before?: number;
  readonly limit?: number;
  /** Only events of these types; `seq` keeps its gaps. */
  readonly types?: readonly string[];
  /** Only events of this run of a session. */
  readonly runId?: string;
  /** Only events whose timestamp is this text or stands behind it: for logs whose timestamps are all written alike. */
  readonly since?: string;
  /** Newest first. */
  readonly reverse?: boolean;
  /** Fill `hash`. Costs time; only verification and forks need it. */
  readonly hashes?: boolean;
  /**
   * For whoever looks at no more than place, id, type, payload, actor, version and hash: what else is told of an event of a run may
   * be left out (`null`, and an empty `timestamp`). A store that knows nothing of it hands out all.
   */
  readonly bare?: boolean;
  /**
   * Types of the events that the reader does not look into. Of these a store may hand out place, id, type, frame and version alone: the
   * rest is `null`, and `timestamp` and `payload` are empty texts. Not together with a filter or `reverse`.
   */
  readonly passedOver?: readonly string[];
  /** Payloads of the events that are passed over are wanted all the same. */
  readonly withPayloads?: boolean;
}

/** A log, or the rest of one, that comes from elsewhere. */
export interface LogCopy {
  readonly log: NewLog;
  /** Makes a new log a fork: a pointer to a log of this store. */
  readonly parent: { readonly logId: string; readonly atSeq: number } | null;
  /** Place behind which the pages begin: the fork point, or 0, for a log that is not there; its head for one that is. */
  readonly after: number;
  /** The epoch that the writer owns, for a log that is there and was owned; `null` otherwise. */
  readonly epoch: number | null;
  /** A log that is there and has exactly this head is removed first; `null` when nothing is to be replaced. */
  readonly replaces: Head | null;
  /** Events in order; each page as large as a commit may be. */
  readonly pages: AsyncIterable<readonly EventRow[]>;
  /** Asked for when the pages have ended, with the head that the store has computed; what it throws undoes everything. */
  readonly records: (head: Head) => readonly RecordWrite[];
  /** What the pages are read from: a store that knows it may take its rows up to a place itself, and leave the pages. */
  readonly origin?: {
    readonly store: LogStore;
    readonly upTo: number;
    /** Told how far it came, and waited for; what it rejects with ends the copy. */
    readonly onPage: (seq: number) => Promise<void>;
    /** Told before `records` is asked: so many rows and bytes of payload came, and both chains were computed from their rows. */
    readonly onTaken: (events: number, bytes: number) => void;
  };
}

/** One log or the whole store, from a cursor, from the beginning, or from the end. */
export interface TailOptions {
  /** Only this log; the whole store without it. */
  readonly logId?: string;
  /** The cursor of a page: goes on behind it. */
  readonly after?: string;
  /** Where to begin without a cursor; the beginning by default. */
  readonly from?: 'beginning' | 'end';
}

/** An event as it was appended to a log, with its chain hash. */
export interface TailEvent {
  readonly logId: string;
  readonly event: StoredEvent;
}

/** Events that came, and the cursor behind the last: opaque, and good in this store alone. */
export interface TailPage {
  /** At least one; each log's events in its order. */
  readonly events: readonly TailEvent[];
  /** Says where this page ends: a text to be stored with what was made of the page. */
  readonly cursor: string;
}

/** At most this many events, and this many characters of payload, in one commit. */
export const commitLimits = {
  events: 10_000,
  characters: 64 * 1024 * 1024,
  idCharacters: 256,
  labelCharacters: 1024,
} as const;

/**
 * The port of stores: an ordered, durable log for each run, appended to by one fenced writer. The kit proves the
 * promises.
 */
export interface LogStore {
  /** Names this store's data, made when the store was created. */
  readonly storeId: string;
  readonly capabilities: StoreCapabilities;

  /** Rejects with `RunExistsError` when the id is taken. */
  create(log: NewLog): Promise<LogInfo>;

  /**
   * Makes a fork: a row that points to its parent, no event is copied. Rejects with `RunNotFoundError`, `RunExistsError`,
   * `InvalidRuntimeConfiguration` when `atSeq` is beyond the parent's head, and with what `commit` says to its events.
   */
  fork(fork: NewFork): Promise<LogInfo>;

  /**
   * Copies the inherited prefix into the fork, in one transaction; its head hash stays. A log of its own is left as it is. Of records it
   * knows nothing: `takeOpenings` gives the fork those of who drove its parents.
   */
  detach(logId: string): Promise<LogInfo>;

  info(logId: string): Promise<LogInfo | undefined>;

  /** Rejects with `RunNotFoundError`. */
  head(logId: string): Promise<Head>;

  /**
   * Logs in the order in which they were made, at most `limit` (100 by default), from behind the one called `after`.
   * Rejects with `RunNotFoundError` when there is no log of that id.
   */
  logs(filter?: {
    readonly kind?: LogKind;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<readonly LogInfo[]>;

  /**
   * Appends events and writes records, all or nothing; resolves after the commit with the new head of each part. Checked
   * in this order, for each part:
   * 1. every event is stored already, with the same line, at the places asked for: success with the present head, also
   *    with a stale epoch or place. A lost acknowledgement is safe to retry;
   * 2. an id is stored with another line: `DuplicateEventError`;
   * 3. the epoch is not the newest: `FencedError`;
   * 4. the head is not the expected one: `ConcurrentWriterError`.
   * A part without events only guards: its epoch and its place are checked, nothing is written. Two parts of one log are
   * checked and written one after the other.
   * A record whose version is not the expected one: `ConcurrentWriterError`, unless the very same write was done before.
   * When all events of a commit are stored already, its guards and records are not looked at again: they were part of what
   * was done, and may have moved on since.
   */
  commit(parts: readonly CommitPart[], records?: readonly RecordWrite[]): Promise<readonly Head[]>;

  /**
   * Pages of events in order, across fork segments, up to the head as it is when the first page is asked for, also when the log is
   * detached and its parents are removed meanwhile. No transaction is held while the caller works on a page. Rejects with `RunNotFoundError`, and with `DamagedHistoryError`
   * when a place is missing or a row cannot be read.
   */
  read(logId: string, options?: ReadOptions): AsyncIterable<readonly StoredEvent[]>;

  /**
   * The first page of what `read` gives, on the spot. Only where the rows are at hand in this process: a store that has to wait for
   * somebody has no such method. Throws what `read` rejects with.
   */
  readNow?(logId: string, options: ReadOptions): readonly StoredEvent[];

  /** One event by id, an inherited one included. Its `hash` is filled. */
  get(logId: string, eventId: string): Promise<StoredEvent | undefined>;

  /**
   * Every event that was ever appended, and then each new one soon after its commit, without an end: over one log, or over the
   * whole store with each log in its order. Nothing is skipped and nothing comes twice, also when it goes on from a cursor in
   * another process. Events that a fork inherits or takes over are its parent's, and are not news. Ends when its iterator is
   * closed or the store is. Rejects with `InvalidCursorError`, `RunNotFoundError`.
   */
  tail(options?: TailOptions): AsyncIterable<TailPage>;

  record(kind: string, id: string): Promise<StoredRecord | undefined>;

  /** Records of a kind whose id starts with `prefix`, by id in the order of code points. */
  records(kind: string, prefix: string): Promise<readonly StoredRecord[]>;

  /** The last record of a kind whose id comes before this one in the order of code points. Without it, all of `records` are asked for. */
  recordBefore?(kind: string, id: string): Promise<StoredRecord | undefined>;

  /**
   * Takes ownership of a run: the epoch grows by one. Rejects with `RunOwnedError` while a living owner holds it, this
   * same handle included. An owner lives until its lease ends by the store's clock, or until the store can tell that its
   * process is gone.
   */
  acquire(logId: string): Promise<Lease>;

  /**
   * Prolongs everything that this handle owns, by one write. Stores do it by themselves while they are open, and with
   * commits. A lapsed lease that nobody took comes back to life.
   */
  renew(): Promise<void>;

  /** Gives ownership back. The epoch stays, so that a late write is still refused. */
  release(lease: Lease): Promise<void>;

  /** Waits for what is under way, releases everything owned, and ends. Safe to call twice. */
  close(): Promise<void>;
}

/** A store that whole logs can be moved into and out of, as the stores of this package are. */
export interface WholeLogStore extends LogStore {
  /**
   * Writes a whole log, or the rest of one, all or nothing, however long it is: nobody sees a part of it, and when its pages
   * end with an error nothing of it is there. Memory is bounded by a page. Other writers wait meanwhile. Rejects like
   * `create`, `fork` and `commit`, with what the pages reject with, and with `RunNeededError` when a fork needs what is to be
   * replaced.
   */
  copyIn(copy: LogCopy): Promise<Head>;

  /**
   * Removes a log with its events, and every record whose id begins with its id and a slash, unless it is of another log. Rejects with
   * `ConcurrentWriterError` when its head is another one or the document `unless` is there, with `RunOwnedError` while somebody
   * holds it, and with `RunNeededError` while a fork reads its events.
   */
  remove(head: Head, unless?: Pick<StoredRecord, 'kind' | 'id'>): Promise<void>;

  /** Records of every kind whose id starts with `prefix`, with their fields: by kind, then by id in the order of code points. */
  recordsBelow(prefix: string): Promise<readonly StoredRecord[]>;
}

/** What of a log somebody waits for. */
export interface Awaited {
  readonly logId: string;
  /** Places above this one. */
  readonly after: number;
  readonly types?: readonly string[];
  readonly runId?: string;
}

/** A part that makes its log, in the same commit, when it is not there. */
export interface SessionPart extends CommitPart {
  readonly log?: NewLog;
}

/** The head of a part, and how many of its events were new. When all were, they have the last places, in their order. */
export interface Committed {
  readonly head: Head;
  readonly appended: number;
}

/** A store that sessions can be kept in, as the stores of this package are. */
export interface SessionLogStore extends WholeLogStore {
  /** As `commit`, for parts that may make their logs; says what was new. */
  commitSessions(
    parts: readonly SessionPart[],
    records?: readonly RecordWrite[],
  ): Promise<readonly Committed[]>;

  /** At most `limit` documents that fit, behind the first `offset`. */
  findRecords(query: RecordQuery, page: RecordPage): Promise<readonly StoredRecord[]>;

  /** How many documents fit, wherever the query begins. */
  countRecords(query: RecordQuery): Promise<number>;

  /**
   * Resolves soon after something that may fit was appended, by whatever handle, and also when the signal is aborted or the store
   * is closed: whoever asked reads again. The log need not be there yet. A writer that appends nothing that fits pays a comparison.
   */
  grown(awaited: Awaited, signal: CancelSignal): Promise<void>;
}

/** True for a store that can do more than the port asks for: keep sessions. */
export function isSessionLogStore(store: LogStore): store is SessionLogStore {
  return ['commitSessions', 'findRecords', 'countRecords', 'grown', 'remove'].every(
    (name) => typeof Reflect.get(store, name) === 'function',
  );
}

/** Commits one part: the form that most writers need. */
export async function append(store: LogStore, part: CommitPart): Promise<Head> {
  checkArguments('append', { store: [store, 'with commit'], part: [part, 'object'] });
  const [head] = await store.commit([part]);
  return head ?? store.head(part.logId);
}
