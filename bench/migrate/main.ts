// How many events a second does a migration move, with verification, beside what the database alone does with the same rows? For SQLite
// that is `INSERT … SELECT` through ATTACH into a file of the same layout, durable at its end. And does the memory stay flat?
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrateStore } from '../../src/app/index.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { startServer } from '../../test/harness/postgres/scratch-server.ts';
import { fillClaims } from '../claim-rows.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { type Case, interleave, timed } from '../harness/measure.ts';
import { runProgram } from '../harness/run-program.ts';
import { type Scratch, urlOf, withScratch } from '../scratch.ts';

const events = 50_000;
const smallHeap = ['--max-old-space-size=64', '--max-semi-space-size=2'];

/** The larger run has a hundred times as many events. */
const sizes = { small: 10_000, large: 1_000_000 } as const;

async function sourceOf(path: string, count: number): Promise<void> {
  const store = await openSqliteStore({ path, mode: 'create', durability: 'process' });
  await fillClaims(store, 'run', count);
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

export async function benchMigrate(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async (scratch) => {
    const server = await startServer('fsync=on');
    try {
      return [...(await moves(rounds, scratch, server.url)), ...(await memory(rounds, scratch))];
    } finally {
      await server.end();
    }
  });
}

async function moves(rounds: number, { newFile }: Scratch, serverUrl: string): Promise<readonly Figure[]> {
  const from = newFile();
  await sourceOf(from, events);
  let schemas = 0;
  const intoFile = (name: string, move: (to: string) => unknown): Case => ({
    name,
    run: async () => {
      const to = newFile();
      await emptyStore(to);
      const ms = await timed(() => move(to));
      rmSync(to);
      return { units: events, ms };
    },
  });
  const intoServer = async () => {
    const to = `${serverUrl}?schema=bench_${(schemas += 1)}`;
    return { units: events, ms: await timed(() => moved(urlOf(from), to)) };
  };
  const found = await interleave(
    [
      intoFile('attach', (to) => attached(from, to)),
      intoFile('sqlite', (to) => moved(urlOf(from), urlOf(to))),
      { name: 'postgres', run: intoServer },
    ],
    rounds,
  );
  const beside = 'INSERT … SELECT';
  const line = (id: string, what: string): Figure =>
    figureOf({
      id: `migrate/${id}`,
      what,
      unit: 'events/s',
      samples: found.of(id).perSecond,
      ...(id === 'attach' ? {} : { ratio: { of: beside, samples: found.ratios(id, 'attach') } }),
    });
  return [
    line('attach', `${beside} through ATTACH, 50,000 events`),
    line('sqlite', 'migrate SQLite to SQLite, verified'),
    line('postgres', 'migrate SQLite to PostgreSQL, verified'),
  ];
}

/** Each size in a process of its own, with a heap that does not grow for want of a reason to clean up. */
async function memory(rounds: number, { newFile }: Scratch): Promise<readonly Figure[]> {
  const peakOf = async (from: string): Promise<number> => {
    const to = newFile();
    const once = new URL('migrate-once.ts', import.meta.url);
    const { peakMb } = await runProgram(once, [urlOf(from), urlOf(to)], ['peakMb'], smallHeap);
    rmSync(to);
    return peakMb;
  };
  const [small, large] = [newFile(), newFile()];
  await sourceOf(small, sizes.small);
  await sourceOf(large, sizes.large);
  const smallMb: number[] = [];
  // The large one takes long, and its memory is a maximum already.
  const largeMb = await peakOf(large);
  for (let round = 0; round < rounds; round += 1) smallMb.push(await peakOf(small));
  return [
    figureOf({
      id: 'migrate/memory-10000',
      what: 'migrate 10,000 events: peak memory',
      unit: 'MB',
      samples: smallMb,
    }),
    figureOf({
      id: 'migrate/memory-1000000',
      what: 'migrate 1,000,000 events: peak memory',
      unit: 'MB',
      samples: [largeMb],
      ratio: { of: 'that of 10,000', samples: smallMb.map((mb) => largeMb / mb) },
    }),
  ];
}
