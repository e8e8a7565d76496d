/** Decides how a store of our own is read as a source: everything that belongs to a run, in the order in which it can be written. */
import { type LogInfo, type WholeLogStore, type StoredRecord } from '../log/index.ts';
import { listLogs } from './list-logs.ts';
import { storedHashAt } from './stored-hash.ts';
import type { MigrationSource, SourceEvent, SourceRecord, SourceRun } from './source.ts';

/** Reads the records of who drove runs, for whoever takes a part of their history. */
export interface DriverRecords {
  /** Of a run, up to one of its places. */
  readonly upTo: (store: WholeLogStore, runId: string, seq: number) => Promise<readonly StoredRecord[]>;
  /** Of what a fork shares, as records of its own. */
  readonly ofPast: (store: WholeLogStore, fork: LogInfo) => Promise<readonly StoredRecord[]>;
}

export interface LogSourceOptions {
  readonly store: WholeLogStore;
  /** What the report calls it; a URL without its password. */
  readonly location: string;
  /** Without it, forks come without who drove their parents. */
  readonly drivers?: DriverRecords;
}

/** The source does not close the store. */
export function logSource({ store, location, drivers }: LogSourceOptions): MigrationSource {
  const pastOf = async ({ id, parent }: SourceRun): Promise<readonly StoredRecord[]> => {
    const info = drivers === undefined || parent !== null ? undefined : await store.info(id);
    return info === undefined || drivers === undefined ? [] : drivers.ofPast(store, info);
  };
  return {
    location,
    format: 'runlog',
    storeId: store.storeId,
    store,
    runs: async () => parentsFirst(await allLogs(store)),
    async *events(run, after) {
      for await (const page of store.read(run.id, { after, before: run.events + 1 })) {
        yield page.map((row): SourceEvent => ({ ok: true, row }));
      }
    },
    hashAt: (run, seq) => storedHashAt(store, run.id, seq),
    records: async (run) => [...(await recordsOf(store, run)), ...(await pastOf(run))].map(found),
    ...(drivers === undefined
      ? {}
      : { recordsUpTo: async (run, seq) => (await drivers.upTo(store, run.id, seq)).map(found) }),
    digest: () => null,
    notes: () => [],
    close: async () => undefined,
  };
}

function found(record: StoredRecord): SourceRecord {
  return { ok: true, record };
}

async function allLogs(store: WholeLogStore): Promise<readonly LogInfo[]> {
  const found: LogInfo[] = [];
  for await (const page of listLogs(store)) found.push(...page);
  return found;
}

/** Logs are listed in the order in which they were made, and a fork is made after its parent. */
function parentsFirst(infos: readonly LogInfo[]): readonly SourceRun[] {
  return infos.map(({ id, kind, label, createdAt, parent, head }) => ({
    id,
    kind,
    label,
    createdAt,
    parent: parent === null ? null : { runId: parent.logId, atSeq: parent.atSeq },
    events: head.seq,
    headHash: head.hash,
  }));
}

/** Every document of a run. Those of a run `a/b` stand below the prefix of a run `a`, and are not its own. */
async function recordsOf(store: WholeLogStore, { id }: SourceRun): Promise<readonly StoredRecord[]> {
  const isLog = new Map<string, boolean>();
  const own: StoredRecord[] = [];
  for (const record of await store.recordsBelow(`${id}/`)) {
    let isOwn = true;
    for (const prefix of prefixesOf(record.id, id.length + 1)) {
      const isThere = isLog.get(prefix) ?? (await store.info(prefix)) !== undefined;
      isLog.set(prefix, isThere);
      isOwn &&= !isThere;
    }
    if (isOwn) own.push(record);
  }
  return own;
}

/** What may be the id of a log below another: all that ends in front of a slash. Most documents have none. */
function* prefixesOf(recordId: string, from: number): Generator<string> {
  for (let slash = recordId.indexOf('/', from); slash !== -1; slash = recordId.indexOf('/', slash + 1))
    yield recordId.slice(0, slash);
}
