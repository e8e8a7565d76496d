/**
 * Decides how a store that can append one event at a time becomes a store of the port: one append after another, in order,
 * each safe to ask for again. It does not pretend to be atomic: it says so, and refuses what has to be whole.
 */
import { checkArguments, type Sha256 } from '../base/index.ts';
import { planCommit } from './commit-plan.ts';
import { checkShape } from './shape/commit-shape.ts';
import { atomicCommitUnsupported, runNotFound, storeClosed } from './errors.ts';
import type { EventRow, StoredEvent } from './event.ts';
import { sameLine } from './hash-line.ts';
import type {
  CommitPart,
  Head,
  Lease,
  LogInfo,
  LogStore,
  NewFork,
  NewLog,
  ReadOptions,
  StoreCapabilities,
  TailOptions,
  TailPage,
} from './port.ts';
import type { RecordWrite, StoredRecord } from './records/record.ts';

/** One event for one log. */
export interface SinglePart {
  readonly logId: string;
  readonly expected: number | 'any';
  readonly epoch: number | null;
  readonly event: EventRow;
}

/** What somebody has to bring whose database takes one write at a time. Everything else is as the port says. */
export interface SingleAppendStore extends Omit<LogStore, 'capabilities' | 'commit' | 'detach'> {
  readonly capabilities: Omit<StoreCapabilities, 'atomicCommit'>;
  /** Stores one event behind the others, or refuses it as `commit` would; both at once, for all handles. */
  appendOne(part: SinglePart): Promise<Head>;
  /** Writes one document, or refuses it as `commit` would. */
  writeRecord(write: RecordWrite): Promise<void>;
}

/** What the store that appends one event at a time needs. */
export interface LoopAppendOptions {
  readonly sha256: Sha256;
}

/** Makes a store of the port out of one that appends single events. Closing it closes the store it was made of. */
export function openLoopAppendStore(inner: SingleAppendStore, options: LoopAppendOptions): LogStore {
  checkArguments('openLoopAppendStore', {
    inner: [inner, 'with appendOne'],
    options: [options, 'with sha256'],
  });
  return new LoopAppendStore(inner, options.sha256);
}

class LoopAppendStore implements LogStore {
  readonly storeId: string;
  readonly capabilities: StoreCapabilities;
  readonly #inner: SingleAppendStore;
  readonly #sha256: Sha256;
  /** The write that was asked for last: the next one waits for it, so that writes are done in the order of the calls. */
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(inner: SingleAppendStore, sha256: Sha256) {
    this.#inner = inner;
    this.#sha256 = sha256;
    this.storeId = inner.storeId;
    this.capabilities = { ...inner.capabilities, atomicCommit: false };
  }

  async create(log: NewLog): Promise<LogInfo> {
    return this.#write('create', () => this.#inner.create(log));
  }

  async fork(fork: NewFork): Promise<LogInfo> {
    this.#checkOpen('fork');
    if ((fork.events ?? []).length > 0)
      throw atomicCommitUnsupported({ logId: fork.id, what: 'a fork with its first events' });
    return this.#write('fork', () => this.#inner.fork(fork));
  }

  /** A log of its own is left as it is; copying the past of a fork has to be whole, and is refused. */
  async detach(logId: string): Promise<LogInfo> {
    return this.#write('detach', async () => {
      const info = await this.#infoOf(logId, 'detach');
      if (info.parent !== null)
        throw atomicCommitUnsupported({ logId, what: 'a copy of the past of a fork' });
      return info;
    });
  }

  async info(logId: string): Promise<LogInfo | undefined> {
    return this.#read('info', () => this.#inner.info(logId));
  }

  async head(logId: string): Promise<Head> {
    return this.#read('head', () => this.#inner.head(logId));
  }

  async logs(filter?: Parameters<LogStore['logs']>[0]): Promise<readonly LogInfo[]> {
    return this.#read('logs', () => this.#inner.logs(filter));
  }

  async commit(parts: readonly CommitPart[], records: readonly RecordWrite[] = []): Promise<readonly Head[]> {
    this.#checkOpen('commit');
    checkShape(parts, records);
    const [part] = parts;
    const [record] = records;
    if (parts.length + records.length > 1) {
      throw atomicCommitUnsupported({
        logId: part?.logId ?? record?.id ?? '',
        what: 'a commit of several parts',
      });
    }
    return this.#write('commit', async () => {
      if (record !== undefined) await this.#inner.writeRecord(record);
      return part === undefined ? [] : [await this.#append(part)];
    });
  }

  read(logId: string, options?: ReadOptions): AsyncIterable<readonly StoredEvent[]> {
    return this.#pages(logId, options);
  }

  async get(logId: string, eventId: string): Promise<StoredEvent | undefined> {
    return this.#read('get', () => this.#inner.get(logId, eventId));
  }

  tail(options?: TailOptions): AsyncIterable<TailPage> {
    return this.#inner.tail(options);
  }

  async record(kind: string, id: string): Promise<StoredRecord | undefined> {
    return this.#read('record', () => this.#inner.record(kind, id));
  }

  async records(kind: string, prefix: string): Promise<readonly StoredRecord[]> {
    return this.#read('records', () => this.#inner.records(kind, prefix));
  }

  async acquire(logId: string): Promise<Lease> {
    return this.#write('acquire', () => this.#inner.acquire(logId));
  }

  async renew(): Promise<void> {
    return this.#write('renew', () => this.#inner.renew());
  }

  async release(lease: Lease): Promise<void> {
    return this.#write('release', () => this.#inner.release(lease));
  }

  async close(): Promise<void> {
    this.#closing ??= this.#last.then(() => this.#inner.close());
    return this.#closing;
  }

  async *#pages(logId: string, options?: ReadOptions): AsyncIterable<readonly StoredEvent[]> {
    this.#checkOpen('read');
    await this.#last;
    for await (const page of this.#inner.read(logId, options)) {
      yield page;
      this.#checkOpen('read');
    }
  }

  /** Everything is checked before the first event is written, so that a refusal changes nothing. */
  async #append(part: CommitPart): Promise<Head> {
    const { logId, epoch } = part;
    const info = await this.#infoOf(logId, 'commit');
    const stored = new Map<string, StoredEvent>();
    for (const { id } of part.events) {
      const found = await this.#inner.get(logId, id);
      if (found !== undefined) stored.set(id, found);
    }
    const left = this.#withoutWrittenPrefix(part, stored, info.head.seq);
    const { seq } = info.head;
    const state = { seq, epoch: info.epoch, kind: info.kind, mayHoldStrayIds: true };
    const find = (eventId: string): StoredEvent | undefined => stored.get(eventId);
    const plan = planCommit([left], () => ({ ...state, find }), this.#sha256);
    let head = info.head;
    for (const event of plan.parts[0]?.rows ?? []) {
      const expected = part.expected === 'any' ? 'any' : head.seq;
      head = await this.#inner.appendOne({ logId, expected, epoch, event });
    }
    return head;
  }

  /** What an earlier attempt has left to do that was stopped between two events. */
  #withoutWrittenPrefix(
    part: CommitPart,
    stored: ReadonlyMap<string, StoredEvent>,
    headSeq: number,
  ): CommitPart {
    const { expected, events } = part;
    if (expected === 'any' || expected >= headSeq || headSeq >= expected + events.length) return part;
    const isWritten = (event: EventRow, index: number): boolean => {
      const found = stored.get(event.id);
      return found?.seq === expected + index + 1 && sameLine(event, found, this.#sha256);
    };
    const written = headSeq - expected;
    if (!events.slice(0, written).every(isWritten)) return part;
    return { ...part, expected: headSeq, events: events.slice(written) };
  }

  async #infoOf(logId: string, operation: string): Promise<LogInfo> {
    const info = await this.#inner.info(logId);
    if (info === undefined) throw runNotFound({ logId, operation });
    return info;
  }

  async #read<Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer> {
    this.#checkOpen(operation);
    await this.#last;
    return work();
  }

  async #write<Answer>(operation: string, work: () => Promise<Answer>): Promise<Answer> {
    this.#checkOpen(operation);
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #checkOpen(operation: string): void {
    if (this.#closing !== null) throw storeClosed({ operation });
  }
}
