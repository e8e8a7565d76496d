// `npm run crash`: the storms at full count, on SQLite and on a PostgreSQL server of their own with fsync on; prints the seed and a
// table, and ends with 1 when anything was lost, torn, doubled or broken. Options: --sqlite N, --postgres N, --seed N.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '../../harness/postgres/scratch-server.ts';
import { killStorm, type Storm } from './kill-storm.ts';
import type { StormCounts } from './storm-checks.ts';

const { values } = parseArgs({
  options: {
    sqlite: { type: 'string', default: '1000' },
    postgres: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);

type Row = readonly [store: string, counts: StormCounts];

function progress(store: string, kills: number): NonNullable<Storm['onKill']> {
  return (counts) => {
    if (counts.kills % 50 === 0) process.stderr.write(`${store}: ${counts.kills} of ${kills}\n`);
  };
}

async function onSqlite(kills: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-storm-'));
  let present = mkdtempSync(join(folder, 'store-'));
  try {
    const newPlace: Storm['newPlace'] = async () => {
      rmSync(present, { recursive: true });
      present = mkdtempSync(join(folder, 'store-'));
      return { kind: 'sqlite', path: join(present, 'runs.db') };
    };
    return ['SQLite', await killStorm({ kills, seed, newPlace, onKill: progress('SQLite', kills) })];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onPostgres(kills: number): Promise<Row> {
  const server = await startServer();
  let schemas = 0;
  try {
    const newPlace: Storm['newPlace'] = async () => {
      schemas += 1;
      return { kind: 'postgres', url: server.url, schema: `storm_${schemas}` };
    };
    return ['PostgreSQL', await killStorm({ kills, seed, newPlace, onKill: progress('PostgreSQL', kills) })];
  } finally {
    await server.end();
  }
}

function table(rows: readonly Row[]): string {
  const columns = ['kills', 'early', 'acknowledged', 'unheard', 'lost', 'torn', 'twice', 'broken'] as const;
  return [
    `| store | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows.map(([store, counts]) => `| ${[store, ...columns.map((name) => counts[name])].join(' | ')} |`),
  ].join('\n');
}

process.stderr.write(`seed ${seed}\n`);
const rows = [await onSqlite(Number(values.sqlite)), await onPostgres(Number(values.postgres))];
process.stdout.write(`seed ${seed}\n\n${table(rows)}\n`);
const harm = rows.reduce((sum, [, { lost, torn, twice, broken }]) => sum + lost + torn + twice + broken, 0);
process.exitCode = harm === 0 ? 0 : 1;
