// `./dev bench [append|loop|load|resume|diff|verify|postgres|migrate|sessions|start]...`: measures, prints one table and one JSON line, and exits 0 whatever comes out: a
// benchmark tells, it does not judge. Ratios are within one run; absolute figures are those of the machine that is named.
import { cpus } from 'node:os';
import { argv, stdout, versions } from 'node:process';
import { benchAppend } from './append.ts';
import { benchDiff } from './diff.ts';
import { type Line, printTable } from './harness.ts';
import { benchLoad } from './load.ts';
import { benchLoop } from './loop.ts';
import { benchMigrate } from './migrate.ts';
import { benchPostgres } from './postgres.ts';
import { benchResume } from './resume.ts';
import { benchSessions } from './sessions/main.ts';
import { benchStart } from './start.ts';
import { benchVerify } from './verify.ts';

const rounds = 5;

const questions: Readonly<Record<string, () => Promise<readonly Line[]>>> = {
  append: benchAppend,
  loop: () => benchLoop(rounds),
  load: () => benchLoad(rounds),
  resume: () => benchResume(rounds),
  diff: () => benchDiff(rounds),
  verify: () => benchVerify(rounds),
  postgres: benchPostgres,
  migrate: () => benchMigrate(rounds),
  sessions: () => benchSessions(rounds),
  start: () => benchStart(rounds),
};

const asked = argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(questions, name));
if (unknown.length > 0)
  throw new Error(`unknown benchmark ${unknown.join(', ')}; there are ${Object.keys(questions).join(', ')}`);

const lines: Line[] = [];
for (const [name, measure] of Object.entries(questions)) {
  if (asked.length === 0 || asked.includes(name)) lines.push(...(await measure()));
}
printTable(lines);
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cpus: cpus().length,
  node: versions.node,
  sqlite: versions['sqlite'] ?? 'unknown',
};
stdout.write(`${JSON.stringify({ machine, lines })}\n`);
