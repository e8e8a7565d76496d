// How many events a second does a migration move, with verification, beside what the database alone does with the same rows? For SQLite
// that is `INSERT … SELECT` through ATTACH into a file of the same layout, durable at its end. And does the memory stay flat?
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { migrateStore } from '../src/app/index.ts';
import { openSqliteStore } from '../src/adapters/stores/sqlite/index.ts';
import { eventIdAt } from '../src/base/index.ts';
import type { EventRow } from '../src/log/index.ts';
import { startServer } from '../test/harness/postgres/scratch-server.ts';
import { interleave, type Line, rate, timed } from './harness.ts';

const events = 50_000;
const createdAt = '2026-01-01T00:00:00Z';
const aims = { sqlite: 80_000, share: 0.4, postgres: 40_000 } as const;
const smallHeap = [
  '--disable-warning=ExperimentalWarning',
  '--max-old-space-size=64',
  '--max-semi-space-size=2',
];

/** The larger run has a hundred times as many events, and may take so many bytes more. */
const flat = { small: 10_000, large: 1_000_000, moreMiB: 32 } as const;

const payload = JSON.stringify({
  object_id: 'claim#12',
  type: 'claim',
  data: { text: 'x'.repeat(113), confidence: 0.75, source: 'document#3', tags: ['revenue', 'q3', 'audited'] },
  provenance: { behavior: 'extract_claims', event: 'evt_0012', at: createdAt },
});

function rowsFrom(seq: number, count: number): EventRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: eventIdAt(seq + index),
    type: 'object.created',
    payload,
    actor: 'extract_claims',
    causedBy: eventIdAt(seq + index - 1),
    frameId: 'frame_001',
    timestamp: createdAt,
    subject: 'claim#12',
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  }));
}

async function sourceOf(path: string, count: number): Promise<void> {
  const store = await openSqliteStore({ path, mode: 'create', durability: 'process' });
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  for (let seq = 0; seq < count; seq += 10_000) {
    const part = {
      logId: 'run',
      expected: seq,
      epoch: null,
      events: rowsFrom(seq + 1, Math.min(10_000, count - seq)),
    };
    await store.commit([part]);
  }
  await store.close();
}

/** Into a store that is made already, as the other side is. */
async function emptyStore(path: string): Promise<void> {
  await (await openSqliteStore({ path, mode: 'create' })).close();
}

/** The same rows, by the database alone: nothing is checked, chained or read back. */
function attached(from: string, to: string): void {
  const database = new DatabaseSync(to);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
  database.exec(`ATTACH '${from}' AS source`);
  database.exec(
    `BEGIN IMMEDIATE; INSERT INTO logs SELECT * FROM source.logs; INSERT INTO events SELECT * FROM source.events; COMMIT`,
  );
  database.close();
}

async function moved(from: string, to: string): Promise<void> {
  const report = await migrateStore(from, to);
  if (!report.ok || report.runs[0]?.verifiedHash === null) throw new Error(JSON.stringify(report));
}

export async function benchMigrate(rounds: number): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-migrate-'));
  const server = await startServer('fsync=on');
  let made = 0;
  const next = (): string => join(folder, `to-${(made += 1)}.db`);
  try {
    const from = join(folder, 'from.db');
    await sourceOf(from, events);
    const results = await interleave(
      [
        {
          name: 'attach',
          run: async () => {
            const to = next();
            await emptyStore(to);
            return { units: events, ms: await timed(() => attached(from, to)) };
          },
        },
        {
          name: 'sqlite',
          run: async () => {
            const to = next();
            await emptyStore(to);
            return { units: events, ms: await timed(() => moved(`sqlite:///${from}`, `sqlite:///${to}`)) };
          },
        },
        {
          name: 'postgres',
          run: async () => {
            const to = `${server.url}?schema=bench_${(made += 1)}`;
            return { units: events, ms: await timed(() => moved(`sqlite:///${from}`, to)) };
          },
        },
      ],
      rounds,
    );
    const perSecond = (name: string): number => results.get(name)?.perSecond ?? 0;
    const ratio = perSecond('sqlite') / perSecond('attach');
    return [
      {
        what: `migrate: INSERT … SELECT through ATTACH, ${events} events`,
        figure: rate(perSecond('attach')),
      },
      {
        what: 'migrate SQLite to SQLite, verified',
        figure: rate(perSecond('sqlite')),
        ratio,
        aim: `${rate(aims.sqlite)} and ${aims.share} of ATTACH`,
        met: perSecond('sqlite') >= aims.sqlite && ratio >= aims.share,
      },
      {
        what: 'migrate SQLite to PostgreSQL, verified',
        figure: rate(perSecond('postgres')),
        aim: rate(aims.postgres),
        met: perSecond('postgres') >= aims.postgres,
      },
      ...(await memoryLines(folder)),
    ];
  } finally {
    await server.end();
    rmSync(folder, { recursive: true });
  }
}

/** Each size in a process of its own, with a heap that does not grow for want of a reason to clean up. */
async function memoryLines(folder: string): Promise<readonly Line[]> {
  const peaks: number[] = [];
  for (const count of [flat.small, flat.large]) {
    const [from, to] = [join(folder, `mem-${count}.db`), join(folder, `mem-to-${count}.db`)];
    await sourceOf(from, count);
    const child = spawnSync(
      execPath,
      [...smallHeap, 'bench/migrate-once.ts', `sqlite:///${from}`, `sqlite:///${to}`],
      { encoding: 'utf8' },
    );
    if (child.status !== 0) throw new Error(child.stderr);
    peaks.push(Number(child.stdout) / 1024);
    for (const path of [from, to]) rmSync(path);
  }
  const [small = 0, large = 0] = peaks;
  return [
    { what: `migrate, peak memory at ${flat.small} events`, figure: `${small.toFixed(0)} MiB` },
    {
      what: `migrate, peak memory at ${flat.large} events`,
      figure: `${large.toFixed(0)} MiB`,
      ratio: large / small,
      aim: `at most ${flat.moreMiB} MiB more`,
      met: large - small <= flat.moreMiB,
    },
  ];
}
