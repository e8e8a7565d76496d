// How many events a second does a durable append store, beside the bare driver that writes the same rows?
// One fsync a commit is the floor. What is ours (docs/internals/decisions/2026-11-21-what-an-append-costs.md) is about 20 us a
// commit and 1.5 to 3 us an event: it shows where the disk syncs in 0.1 ms, and hardly where it takes a millisecond.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../src/adapters/stores/sqlite/index.ts';
import { eventIdAt } from '../src/base/index.ts';
import type { EventRow, LogStore } from '../src/log/index.ts';
import { type Line, median, rate } from './harness.ts';

const rounds = 21;
const warmUpRounds = 10;
const blocks = [
  { batch: 1, commits: 250, aim: 0.9 },
  { batch: 10, commits: 150, aim: 0.9 },
  { batch: 100, commits: 50, aim: 0.75 },
  { batch: 1000, commits: 12, aim: 0.7 },
] as const;
const readEvents = 100_000;
const createdAt = '2026-01-01T00:00:00Z';

const payload = JSON.stringify({
  object_id: 'claim#12',
  type: 'claim',
  data: { text: 'x'.repeat(113), confidence: 0.75, source: 'document#3', tags: ['revenue', 'q3', 'audited'] },
  provenance: { behavior: 'extract_claims', event: 'evt_0012', at: createdAt },
});

function rowAt(seq: number): EventRow {
  return {
    id: eventIdAt(seq),
    type: 'object.created',
    payload,
    actor: 'extract_claims',
    causedBy: eventIdAt(seq - 1),
    frameId: 'frame_001',
    timestamp: createdAt,
    subject: 'claim#12',
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}

function batchesFrom(seq: number, batch: number, commits: number): EventRow[][] {
  return Array.from({ length: commits }, (_, commit) =>
    Array.from({ length: batch }, (__, index) => rowAt(seq + commit * batch + index)),
  );
}

interface Writer {
  readonly name: string;
  write(batches: readonly EventRow[][]): Promise<void>;
  close(): Promise<void>;
}

/** The rows are ready, hash included: only the driver is measured. */
async function bareWriter(path: string): Promise<Writer> {
  await (await openSqliteStore({ path, mode: 'create' })).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
  const insert = database.prepare(
    'INSERT INTO events (log, seq, id, type, payload, actor, caused_by, frame_id, timestamp, subject, hash) ' +
      'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const hash = Buffer.alloc(32, 7);
  let seq = 0;
  return {
    name: 'bare driver',
    write: async (batches) => {
      for (const batch of batches) {
        begin.run();
        for (const { type, payload: text, actor, causedBy, frameId, timestamp, subject } of batch) {
          seq += 1;
          insert.run(1, seq, null, type, text, actor, causedBy, frameId, timestamp, subject, hash);
        }
        commit.run();
      }
    },
    close: async () => database.close(),
  };
}

async function storeWriter(path: string): Promise<Writer> {
  const store = await openSqliteStore({ path, mode: 'create' });
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  const { epoch } = await store.acquire('run');
  let seq = 0;
  return {
    name: 'runlog',
    write: async (batches) => {
      for (const events of batches) {
        await store.commit([{ logId: 'run', expected: seq, epoch, events }]);
        seq += events.length;
      }
    },
    close: () => store.close(),
  };
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** One short block of each writer after the other, so that a slow minute of the disk falls on both. */
async function measureBlock(folder: string, { batch, commits, aim }: (typeof blocks)[number]) {
  const writers = [
    await bareWriter(join(folder, `bare-${batch}.db`)),
    await storeWriter(join(folder, `store-${batch}.db`)),
  ];
  const rates = writers.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    const batches = batchesFrom(1 + round * batch * commits, batch, commits);
    for (const [index, writer] of writers.entries()) {
      const seconds = await secondsOf(() => writer.write(batches));
      if (round >= warmUpRounds) rates[index]?.push((batch * commits) / seconds);
    }
  }
  for (const writer of writers) await writer.close();
  const [bare, store] = rates.map(median);
  // Each round is compared with itself: what both suffered cancels out.
  const ratio = median((rates[1] ?? []).map((rate, round) => rate / (rates[0]?.[round] ?? Number.NaN)));
  return {
    batch,
    bare: Math.round(bare ?? 0),
    store: Math.round(store ?? 0),
    ratio: Number(ratio.toFixed(3)),
    aim,
  };
}

async function readAll(store: LogStore, hashes: boolean): Promise<void> {
  let count = 0;
  for await (const page of store.read('run', { hashes })) count += page.length;
  if (count !== readEvents) throw new Error(`read ${count} events of ${readEvents}`);
}

async function measureReading(folder: string) {
  const store = await openSqliteStore({ path: join(folder, 'read.db'), mode: 'create' });
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  let seq = 0;
  for (const events of batchesFrom(1, 1000, readEvents / 1000)) {
    await store.commit([{ logId: 'run', expected: seq, epoch: null, events }]);
    seq += events.length;
  }
  const rates = { pages: [] as number[], pagesWithHashes: [] as number[] };
  for (let round = 0; round < 7; round += 1) {
    for (const [name, hashes] of [
      ['pages', false],
      ['pagesWithHashes', true],
    ] as const) {
      const seconds = await secondsOf(() => readAll(store, hashes));
      if (round >= 2) rates[name].push(readEvents / seconds);
    }
  }
  await store.close();
  return {
    pages: Math.round(median(rates.pages)),
    pagesWithHashes: Math.round(median(rates.pagesWithHashes)),
  };
}

export async function benchAppend(): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-'));
  try {
    const lines: Line[] = [];
    for (const block of blocks) {
      const { batch, bare, store, ratio, aim } = await measureBlock(folder, block);
      lines.push({
        what: `durable append, ${batch} a batch (bare driver ${rate(bare)})`,
        figure: rate(store),
        ratio,
        aim: `${aim} of the bare driver`,
        met: ratio >= aim,
      });
    }
    const { pages, pagesWithHashes } = await measureReading(folder);
    lines.push({ what: 'read in pages, rows as texts', figure: rate(pages) });
    lines.push({
      what: 'read in pages, hashes filled',
      figure: rate(pagesWithHashes),
      ratio: pagesWithHashes / pages,
    });
    return lines;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
