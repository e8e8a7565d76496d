/**
 * Makers of stores that keep every promise inside of one process and break one when it is killed. Each is a memory store whose calls
 * are lines of a file; all handles of a process share what is in its memory.
 */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from 'runlog';
import type { StoreMaker } from 'runlog/conformance';
import {
  type CommitPart,
  type LogStore,
  MemoryDatabase,
  type NewFork,
  type NewLog,
  openMemoryStore,
  type RecordWrite,
} from 'runlog/log';

export type Mistake =
  /** Acknowledges what it writes a moment later. */
  | 'acknowledges before it writes'
  /** A batch is as many lines as it has events. */
  | 'writes a batch event by event'
  /** Takes a lock that only a close in good order gives back. */
  | 'leaves its lock behind';

type Line =
  | { readonly call: 'create'; readonly log: NewLog }
  | { readonly call: 'fork'; readonly fork: NewFork }
  | { readonly call: 'detach' | 'acquire'; readonly logId: string }
  | {
      readonly call: 'commit';
      readonly parts: readonly CommitPart[];
      readonly records: readonly RecordWrite[];
    };

const leaseMs = 1000;

/** What one process has of a folder. */
class Journal {
  readonly database: MemoryDatabase;
  readonly loaded: Promise<void>;
  handles = 0;
  readonly #path: string;
  readonly #lock: string | null;
  readonly #mistake: Mistake;
  #late: string[] = [];

  constructor(folder: string, mistake: Mistake) {
    this.#path = join(folder, 'journal');
    this.#mistake = mistake;
    this.#lock = mistake === 'leaves its lock behind' ? join(folder, 'lock') : null;
    if (this.#lock !== null) writeFileSync(this.#lock, String(process.pid), { flag: 'wx' });
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '';
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    const [storeId = randomUUID(), ...calls] = lines;
    if (lines.length === 0) writeFileSync(this.#path, `${storeId}\n`);
    this.database = new MemoryDatabase(storeId);
    this.loaded = replay(this.database, calls);
  }

  write(line: Line): void {
    const lines = this.#mistake === 'writes a batch event by event' ? eventByEvent(line) : [line];
    for (const each of lines) {
      // A disk takes its time for each line. The largest batches of the other cases are spared it.
      const ends = performance.now() + (lines.length < 1000 ? 0.03 : 0);
      while (performance.now() < ends);
      this.#append(`${JSON.stringify(each)}\n`);
    }
  }

  close(): void {
    this.#flush();
    if (this.#lock !== null) unlinkSync(this.#lock);
  }

  #append(text: string): void {
    if (this.#mistake !== 'acknowledges before it writes') return appendFileSync(this.#path, text);
    this.#late.push(text);
    setTimeout(() => this.#flush(), 20);
  }

  #flush(): void {
    if (this.#late.length > 0) appendFileSync(this.#path, this.#late.splice(0).join(''));
  }
}

/** Documents go with the first. */
function eventByEvent(line: Line): readonly Line[] {
  if (line.call !== 'commit') return [line];
  const { parts, records } = line;
  const single = parts.flatMap((part) =>
    part.events.map((event, index) => {
      const expected = part.expected === 'any' ? part.expected : part.expected + index;
      return { ...part, expected, events: [event] };
    }),
  );
  return single.length === 0
    ? [line]
    : single.map((part, index) => ({ ...line, parts: [part], records: index === 0 ? records : [] }));
}

async function replay(database: MemoryDatabase, lines: readonly string[]): Promise<void> {
  const store = openMemoryStore({ sha256, database, nowMs: () => 0 });
  for (const text of lines) {
    const line = JSON.parse(text) as Line;
    if (line.call === 'create') await store.create(line.log);
    else if (line.call === 'fork') await store.fork(line.fork);
    else if (line.call === 'detach') await store.detach(line.logId);
    else if (line.call === 'commit') await store.commit(line.parts, line.records);
    else await store.release(await store.acquire(line.logId));
  }
  await store.close();
}

const journals = new Map<string, Journal>();

async function openJournal(folder: string, mistake: Mistake, nowMs: () => number): Promise<LogStore> {
  const journal = journals.get(folder) ?? new Journal(folder, mistake);
  journals.set(folder, journal);
  journal.handles += 1;
  await journal.loaded;
  const inner = openMemoryStore({ sha256, database: journal.database, nowMs, leaseMs });
  let closing: Promise<void> | null = null;
  /** A commit without a pause between check and line: nothing else comes between. */
  async function written<T>(work: Promise<T>, line: Line): Promise<T> {
    const text = structuredClone(line);
    const answer = await work;
    journal.write(text);
    return answer;
  }
  const close = async (): Promise<void> => {
    await inner.close();
    journal.handles -= 1;
    if (journal.handles > 0) return;
    journals.delete(folder);
    journal.close();
  };
  return {
    storeId: inner.storeId,
    capabilities: { durability: 'process', shared: false, atomicCommit: true },
    create: (log) => written(inner.create(log), { call: 'create', log }),
    fork: (fork) => written(inner.fork(fork), { call: 'fork', fork }),
    detach: (logId) => written(inner.detach(logId), { call: 'detach', logId }),
    acquire: (logId) => written(inner.acquire(logId), { call: 'acquire', logId }),
    commit: (parts, records = []) =>
      written(inner.commit(parts, records), { call: 'commit', parts, records }),
    info: (logId) => inner.info(logId),
    head: (logId) => inner.head(logId),
    logs: (filter) => inner.logs(filter),
    get: (logId, eventId) => inner.get(logId, eventId),
    record: (kind, id) => inner.record(kind, id),
    records: (kind, prefix) => inner.records(kind, prefix),
    renew: () => inner.renew(),
    release: (lease) => inner.release(lease),
    read: (logId, options) => inner.read(logId, options),
    tail: (options) => inner.tail(options),
    close: () => (closing ??= close()),
  };
}

export function wrongJournal(mistake: Mistake): StoreMaker {
  const newFolder = (): string => mkdtempSync(join(tmpdir(), 'runlog-wrong-'));
  return {
    name: `a store that ${mistake}`,
    async make() {
      const folder = newFolder();
      const handles: LogStore[] = [];
      let now = 0;
      const open = async (): Promise<LogStore> => {
        const store = await openJournal(folder, mistake, () => now);
        handles.push(store);
        return store;
      };
      const closeAll = async (): Promise<void> => {
        for (const store of handles.splice(0)) await store.close();
      };
      return {
        leaseMs,
        open,
        otherHandle: open,
        async reopen() {
          await closeAll();
          return open();
        },
        async passTime(ms) {
          now += ms;
        },
        async destroy() {
          await closeAll();
          rmSync(folder, { recursive: true });
        },
      };
    },
    processes: {
      leaseMs,
      make: async () => newFolder(),
      open: (folder) => openJournal(folder, mistake, Date.now),
      destroy: async (folder) => rmSync(folder, { recursive: true }),
    },
  };
}
