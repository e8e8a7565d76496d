// How many events a second does a fenced append store on PostgreSQL, beside a bare `unnest` insert of the same ready texts?
// The bare insert has the hashes ready too, goes into a table with the same columns and indexes, through the same driver, and
// checks nothing. The server is one of its own, with fsync on.
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'pg';
import { openPostgresStore } from '../src/adapters/stores/postgres/index.ts';
import type { EventRow, LogStore } from '../src/log/index.ts';
import { startServer } from '../test/harness/postgres/scratch-server.ts';
import { claimRows, createdAt } from './claim-rows.ts';
import { type Figure, figureOf } from './harness/figure.ts';
import { ratiosOf } from './harness/statistics.ts';

const warmUpRounds = 2;
const blocks = [
  { writers: 1, batch: 1, commits: 300 },
  { writers: 1, batch: 10, commits: 200 },
  { writers: 1, batch: 100, commits: 60 },
  { writers: 1, batch: 1000, commits: 12 },
  { writers: 16, batch: 1, commits: 60 },
  { writers: 16, batch: 10, commits: 40 },
  { writers: 16, batch: 100, commits: 10 },
  { writers: 16, batch: 1000, commits: 2 },
] as const;
const tailEvents = 100;
interface Writer {
  /** Stores the next `batch` events of one log. */
  append(log: number, seq: number, events: readonly EventRow[]): Promise<void>;
}

async function bareWriter(pool: Pool): Promise<Writer> {
  await pool.query('CREATE TABLE IF NOT EXISTS bare (LIKE bench.events INCLUDING ALL)');
  const hash = Buffer.alloc(32, 7);
  const text = `INSERT INTO bare (log, seq, xid, type, payload, actor, caused_by, frame_id, timestamp, subject, hash)
    SELECT $1, $2 + n, pg_current_xact_id(), type, payload, actor, caused_by, frame_id, timestamp, subject, hash
    FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bytea[])
      WITH ORDINALITY AS e(type, payload, actor, caused_by, frame_id, timestamp, subject, hash, n)`;
  return {
    append: async (log, seq, events) => {
      const list = (field: keyof EventRow): unknown[] => events.map((event) => event[field]);
      const lists = ['type', 'payload', 'actor', 'causedBy', 'frameId', 'timestamp', 'subject'] as const;
      await pool.query(text, [log, seq, ...lists.map(list), events.map(() => hash)]);
    },
  };
}

async function storeWriter(store: LogStore, writers: number, name: string): Promise<Writer> {
  const epochs: number[] = [];
  for (let log = 0; log < writers; log += 1) {
    await store.create({ id: `${name}-${log}`, kind: 'run', label: null, createdAt });
    epochs.push((await store.acquire(`${name}-${log}`)).epoch);
  }
  return {
    append: async (log, seq, events) => {
      await store.commit([{ logId: `${name}-${log}`, expected: seq, epoch: epochs[log] ?? null, events }]);
    },
  };
}

interface Timed {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

async function measure(
  writer: Writer,
  writers: number,
  batches: readonly EventRow[][],
  seq: number,
): Promise<Timed> {
  const latenciesMs: number[] = [];
  const start = performance.now();
  const write = async (log: number): Promise<void> => {
    let at = seq;
    for (const events of batches) {
      const began = performance.now();
      await writer.append(log, at, events);
      latenciesMs.push(performance.now() - began);
      at += events.length;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, log) => write(log)));
  const events = writers * batches.reduce((sum, batch) => sum + batch.length, 0);
  return { perSecond: (events / (performance.now() - start)) * 1000, latenciesMs };
}

async function measureBlock(
  pool: Pool,
  store: LogStore,
  block: (typeof blocks)[number],
  rounds: number,
): Promise<readonly Figure[]> {
  const { writers, batch, commits } = block;
  const bare = await bareWriter(pool);
  await pool.query('TRUNCATE bare');
  const ours = await storeWriter(store, writers, `run-${writers}-${batch}`);
  const perSecond = { bare: [] as number[], ours: [] as number[] };
  const latenciesMs: number[] = [];
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    const seq = round * batch * commits;
    const batches = Array.from({ length: commits }, (_, index) => claimRows(1 + seq + index * batch, batch));
    // Whoever comes second finds the disk busy with what the first has written.
    const first = round % 2 === 0 ? await measure(bare, writers, batches, seq) : null;
    const ofOurs = await measure(ours, writers, batches, seq);
    const ofBare = first ?? (await measure(bare, writers, batches, seq));
    if (round < warmUpRounds) continue;
    perSecond.bare.push(ofBare.perSecond);
    perSecond.ours.push(ofOurs.perSecond);
    latenciesMs.push(...ofOurs.latenciesMs);
  }
  const id = `postgres/writers-${writers}-batch-${batch}`;
  const what = `PostgreSQL, ${writers} writer${writers === 1 ? '' : 's'}, ${batch} a batch`;
  const ratio = { of: 'a bare unnest', samples: ratiosOf(perSecond.ours, perSecond.bare) };
  return [
    figureOf({ id: `${id}-bare`, what: `${what}, bare unnest`, unit: 'events/s', samples: perSecond.bare }),
    figureOf({ id, what, unit: 'events/s', samples: perSecond.ours, ratio }),
    figureOf({ id: `${id}-wait`, what: `${what}: how long`, unit: 'ms', samples: latenciesMs }),
  ];
}

/** From the answer of a commit until another handle has the event: by NOTIFY, and by looking again when there is none. */
async function measureTail(url: string, pool: Pool, hears: boolean): Promise<Figure> {
  const writer = await openPostgresStore({ url, mode: 'create', schema: 'bench' });
  const reader = await openPostgresStore({ ...(hears ? { url } : { pool }), mode: 'write', schema: 'bench' });
  const logId = `tail-${String(hears)}`;
  await writer.create({ id: logId, kind: 'run', label: null, createdAt });
  const seen = new Map<number, number>();
  const pages = reader.tail({ from: 'end' });
  const following = (async () => {
    for await (const { events } of pages) {
      for (const { event } of events) seen.set(event.seq, performance.now());
      if (seen.size >= tailEvents) break;
    }
  })();
  const stored = new Map<number, number>();
  await setTimeout(500);
  for (let seq = 1; seq <= tailEvents; seq += 1) {
    await writer.commit([{ logId, expected: seq - 1, epoch: null, events: claimRows(seq, 1) }]);
    stored.set(seq, performance.now());
    await setTimeout(20);
  }
  await following;
  const delays = [...stored].map(([seq, at]) => (seen.get(seq) ?? Number.NaN) - at);
  await writer.close();
  await reader.close();
  return figureOf({
    id: `postgres/tail-${hears ? 'notified' : 'looking'}`,
    what: `PostgreSQL, tail of the whole store ${hears ? 'with NOTIFY' : 'by looking'}`,
    unit: 'ms',
    samples: delays,
  });
}

export async function benchPostgres(rounds: number): Promise<readonly Figure[]> {
  const server = await startServer('shared_buffers=256MB', 'max_wal_size=4GB');
  try {
    const store = await openPostgresStore({
      url: server.url,
      mode: 'create',
      schema: 'bench',
      connections: 16,
    });
    const pool = new Pool({ connectionString: server.url, max: 16 });
    try {
      const lines: Figure[] = [];
      for (const block of blocks) lines.push(...(await measureBlock(pool, store, block, rounds * 2)));
      lines.push(await measureTail(server.url, pool, true), await measureTail(server.url, pool, false));
      return lines;
    } finally {
      await store.close();
      await pool.end();
    }
  } finally {
    await server.end();
  }
}
