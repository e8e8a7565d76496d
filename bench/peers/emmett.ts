// How many events a second does an event store take and give back? The same events of 335 bytes, one a commit and a hundred, one stream of
// 10,000 read back, and 16 appenders at once in 16 streams. Emmett as its documentation sets it up: on SQLite (WAL by itself; a
// connection that is kept open for one appender, one of its own for each call of many), on PostgreSQL with its own pool.
import { getPostgreSQLEventStore, type EmmettStore } from '@event-driven-io/emmett-postgresql';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { decodeEvent, type LogStore } from '../../src/log/index.ts';
import { claimPayload, claimRows, createdAt } from '../claim-rows.ts';
import type { Figure } from '../harness/figure.ts';
import { interleave, timed } from '../harness/measure.ts';
import type { Scratch } from '../scratch.ts';
import { lastLine, missingSqliteDriver } from './install.ts';
import { type Contender, ours, oursOnServer, peerLines, rates } from './line.ts';
import type { Server } from './server.ts';

/** What either can do; streams are called by number. */
interface Store {
  readonly append: (stream: number, at: number, count: number) => Promise<void>;
  /** How many events came, each with its payload parsed. */
  readonly read: (stream: number) => Promise<number>;
  readonly close: () => Promise<void>;
}

interface Storing extends Contender {
  readonly open: (streams: number) => Promise<Store>;
}

interface Task {
  readonly id: string;
  readonly what: string;
  readonly writers: number;
  readonly batch: number;
  readonly commits: number;
}

const tasks: readonly Task[] = [
  { id: 'append-1', what: 'append, one event a commit', writers: 1, batch: 1, commits: 300 },
  { id: 'append-100', what: 'append, 100 events a commit', writers: 1, batch: 100, commits: 50 },
  { id: 'append-16', what: 'append, 16 appenders at once', writers: 16, batch: 1, commits: 30 },
];
const readEvents = 10_000;

export async function emmettFigures(
  rounds: number,
  scratch: Scratch,
  server: Server,
): Promise<readonly Figure[]> {
  const missing = missingSqliteDriver();
  const figures: Figure[] = [];
  for (const task of tasks) {
    const contenders = await usable(contendersFor(task.writers, scratch, server, missing), task.writers);
    const found = await interleave(
      contenders
        .filter((each) => each.missing === undefined)
        .map((each) => ({ name: each.name, run: () => appending(each, task) })),
      rounds,
    );
    figures.push(
      ...peerLines({ what: task.what, id: `emmett/${task.id}`, unit: 'events/s' }, contenders, rates(found)),
    );
  }
  return [...figures, ...(await readFigures(rounds, contendersFor(1, scratch, server, missing)))];
}

/** A contender that cannot do the work says so instead of a figure: tried once, before the rounds. */
async function usable(contenders: readonly Storing[], writers: number): Promise<readonly Storing[]> {
  const tried: Storing[] = [];
  for (const contender of contenders) {
    if (contender.missing !== undefined) tried.push(contender);
    else
      try {
        await appending(contender, { writers, batch: 1, commits: 2 });
        tried.push(contender);
      } catch (error) {
        tried.push({ ...contender, missing: `it failed: ${lastLine(error)}` });
      }
  }
  return tried;
}

async function appending(
  { open }: Storing,
  { writers, batch, commits }: Pick<Task, 'writers' | 'batch' | 'commits'>,
) {
  const store = await open(writers);
  try {
    const write = async (stream: number): Promise<void> => {
      for (let commit = 0; commit < commits; commit += 1) await store.append(stream, commit * batch, batch);
    };
    const ms = await timed(() => Promise.all(Array.from({ length: writers }, (_, stream) => write(stream))));
    return { units: writers * commits * batch, ms };
  } finally {
    await store.close();
  }
}

async function readFigures(rounds: number, contenders: readonly Storing[]): Promise<readonly Figure[]> {
  const opened = new Map<string, Store>();
  for (const { name, open, missing } of contenders) {
    if (missing !== undefined) continue;
    const store = await open(1);
    for (let at = 0; at < readEvents; at += 500) await store.append(0, at, 500);
    opened.set(name, store);
  }
  const cases = [...opened].map(([name, store]) => ({
    name,
    run: async () => {
      let read = 0;
      const ms = await timed(async () => void (read = await store.read(0)));
      if (read !== readEvents) throw new Error(`${name} gave ${read} events of ${readEvents}`);
      return { units: read, ms };
    },
  }));
  const found = await interleave(cases, rounds);
  for (const store of opened.values()) await store.close();
  const task = {
    id: 'emmett/read',
    what: 'read a stream of 10,000 events, parsed',
    unit: 'events/s',
  } as const;
  return peerLines(task, contenders, rates(found));
}

function contendersFor(
  writers: number,
  { newFile }: Scratch,
  server: Server,
  missing: string | null,
): readonly Storing[] {
  const sqlite: Storing = {
    name: 'Emmett, SQLite',
    durability: 'WAL, synchronous=FULL: survives the loss of power',
    beside: ours.name,
    open: () => emmettOnSqlite(newFile(), writers === 1),
    ...(missing === null ? {} : { missing }),
  };
  return [
    {
      ...ours,
      open: async (streams) => runlog(await openSqliteStore({ path: newFile(), mode: 'create' }), streams),
    },
    sqlite,
    {
      ...oursOnServer,
      open: async (streams) => {
        const url = new URL(server.newSchemaUrl());
        const schema = url.searchParams.get('schema') ?? 'public';
        url.search = '';
        return runlog(
          await openPostgresStore({ url: url.href, mode: 'create', schema, connections: 16 }),
          streams,
        );
      },
    },
    {
      name: 'Emmett, PostgreSQL',
      durability: 'fsync=on, synchronous_commit=on: survives the loss of power',
      beside: oursOnServer.name,
      open: async () => emmett(getPostgreSQLEventStore(server.databaseUrl)),
    },
  ];
}

async function runlog(store: LogStore, streams: number): Promise<Store> {
  const epochs: number[] = [];
  for (let stream = 0; stream < streams; stream += 1) {
    await store.create({ id: `run-${stream}`, kind: 'run', label: null, createdAt });
    epochs.push((await store.acquire(`run-${stream}`)).epoch);
  }
  return {
    append: async (stream, at, count) => {
      const events = claimRows(at + 1, count);
      await store.commit([{ logId: `run-${stream}`, expected: at, epoch: epochs[stream] ?? null, events }]);
    },
    read: async (stream) => {
      const logId = `run-${stream}`;
      const events = [];
      for await (const page of store.read(logId))
        for (const stored of page) events.push(decodeEvent(stored, logId));
      return events.length;
    },
    close: () => store.close(),
  };
}

/** Many appenders have a connection for each call, which is what the package does by itself. */
async function emmettOnSqlite(fileName: string, keepsOpen: boolean): Promise<Store> {
  // Its driver is compiled where it is installed, and may be missing.
  if (!keepsOpen) {
    const { getSQLiteEventStore } = await import('@event-driven-io/emmett-sqlite');
    return emmett(getSQLiteEventStore({ fileName }));
  }
  const { openEmmettFile } = await import('./emmett-sqlite.ts');
  const { connection, store } = openEmmettFile(fileName);
  return { ...(await emmett(store)), close: async () => connection.close() };
}

const data: unknown = JSON.parse(claimPayload);

let prefixes = 0;

async function emmett(store: EmmettStore): Promise<Store> {
  const prefix = `run-${(prefixes += 1)}`;
  // The first call makes the tables, and is not what is measured.
  await store.appendToStream(`${prefix}-first`, [{ type: 'object.created', data }]);
  return {
    append: async (stream, at, count) => {
      const events = Array.from({ length: count }, () => ({ type: 'object.created', data }));
      const expected = at === 0 ? {} : { expectedStreamVersion: BigInt(at) };
      await store.appendToStream(`${prefix}-${stream}`, events, expected);
    },
    read: async (stream) => (await store.readStream(`${prefix}-${stream}`)).events.length,
    close: async () => store.close?.(),
  };
}
