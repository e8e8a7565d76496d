// `npm run crash`: the storms at full count, on SQLite and on a PostgreSQL server of their own with fsync on, and the cases that kill
// at every write; prints the seed and a table, and ends with 1 when anything was lost, torn, doubled or broken, or a case failed.
// Options: --sqlite N, --postgres N, --migrate N, --commands N, --seed N.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killStores } from '../../../src/cli/kill/kill-stores.ts';
import { buildPrograms } from '../../harness/built-programs/build-programs.ts';
import { type ScratchServer, startServer } from '../../harness/postgres/scratch-server.ts';
import { commandsStorm } from './commands.ts';
import { killStorm, type Storm } from './kill-storm.ts';
import { migrationsStorm } from './migrations.ts';
import type { StormCounts } from './storm-checks.ts';

const { values } = parseArgs({
  options: {
    sqlite: { type: 'string', default: '1000' },
    postgres: { type: 'string', default: '100' },
    migrate: { type: 'string', default: '100' },
    commands: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const programs = await buildPrograms();
const program = join(programs, 'writer-child.mjs');

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
    return ['SQLite', await killStorm({ program, kills, seed, newPlace, onKill: progress('SQLite', kills) })];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onPostgres(kills: number, server: ScratchServer): Promise<Row> {
  let schemas = 0;
  const newPlace: Storm['newPlace'] = async () => {
    schemas += 1;
    return { kind: 'postgres', url: server.url, schema: `storm_${schemas}` };
  };
  return [
    'PostgreSQL',
    await killStorm({ program, kills, seed, newPlace, onKill: progress('PostgreSQL', kills) }),
  ];
}

/** At every write; says how many cases failed. */
async function killCasesFail(name: string): Promise<number> {
  const module = fileURLToPath(new URL(`../makers/${name}.ts`, import.meta.url));
  const child = [process.execPath, resolve('bin/runlog.js'), 'conformance', module, '--kill-child'];
  const { passed, failed, results } = await killStores(module, { child });
  process.stdout.write(`cases of group kill on ${name}: ${passed} passed, ${failed} failed\n`);
  for (const { id, failure } of results) if (failure !== null) process.stdout.write(`${id}: ${failure}\n`);
  return failed;
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
const server = await startServer();
try {
  process.env['RUNLOG_TEST_POSTGRES'] = server.url;
  const rows = [await onSqlite(Number(values.sqlite)), await onPostgres(Number(values.postgres), server)];
  process.stdout.write(`seed ${seed}\n\n${table(rows)}\n\n`);
  const harm = rows.reduce((sum, [, { lost, torn, twice, broken }]) => sum + lost + torn + twice + broken, 0);
  const moved = await migrationsStorm({
    program: join(programs, 'migrate-child.mjs'),
    kills: Number(values.migrate),
    seed,
    postgres: server.url,
  });
  process.stdout.write(`${moved.table}\n\n`);
  const given = await commandsStorm({ kills: Number(values.commands), seed, postgres: server.url });
  process.stdout.write(`${given.table}\n\n`);
  const failed = (await killCasesFail('sqlite')) + (await killCasesFail('postgres'));
  process.exitCode = harm + moved.harm + given.harm + failed === 0 ? 0 : 1;
} finally {
  await server.end();
}
