// `ao-migrate` is killed with SIGKILL at a random moment, again and again, with and without a database. What it leaves is no
// database or a whole one, and the run after it leaves what a run that was never killed leaves.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transcriptSlug } from '../../src/migrate/ao/map/transcript-slug.ts';
import { askCommand } from '../harness/kept-process/ask-kept.ts';
import { LegacyHome, orchestrator, uuid } from '../e2e/ao/legacy-home.ts';

const kills = 12;
const bin = resolve('bin/ao-migrate.js');
const projectCount = 40;
const transcriptBytes = 8 * 1024 * 1024;
let home: LegacyHome;
let wholeRunMs = 0;

beforeAll(async () => {
  home = new LegacyHome();
  const ids = Array.from({ length: projectCount }, (_, index) => `p${index}`);
  home.registry(
    Object.fromEntries(
      ids.map((id) => [id, { path: home.at('gone', id), sessionPrefix: id, registeredAt: 1779000000 }]),
    ),
  );
  for (const id of ids) {
    const worktree = home.transcript(`wt/${id}`);
    home.session(id, `${id}-orchestrator`, orchestrator({ worktree, claudeSessionUuid: uuid }));
  }
  const folder = home.at('.claude/projects', transcriptSlug(home.at('wt/p0')));
  home.write(join(folder, `${uuid}.jsonl`), `{}\n${'x'.repeat(transcriptBytes)}\n`);
  home.write(join(folder, uuid, 'subagents/a.jsonl'), '{}\n');
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [bin, '--json'], {
    env: environment(),
    encoding: 'utf8',
  });
  wholeRunMs = performance.now() - started;
  expect(status, stderr).toBe(0);
});

afterAll(() => home.remove());

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home.path };
}

/** In another process, which may be one that has completed others. */
async function complete(): Promise<void> {
  const place = { cwd: home.path, env: environment() };
  const answer = await askCommand(['ao', 'migrate', '--json'], place);
  if (answer === null) expect(spawnSync(process.execPath, [bin, '--json'], place).status).toBe(0);
  else expect(answer.code, answer.stderr).toBe(0);
}

/** Starts a run and kills it after a part of the time that a whole one takes. */
async function killed(part: number): Promise<void> {
  const child = spawn(process.execPath, [bin, '--json'], { env: environment(), stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  await sleep(wholeRunMs * part);
  child.kill('SIGKILL');
  await ended;
}

function startAnew(): void {
  rmSync(home.at('.ao'), { recursive: true, force: true });
  for (let index = 0; index < projectCount; index += 1)
    rmSync(dirname(home.target(`p${index}`, `p${index}-orchestrator`)), { recursive: true, force: true });
}

/** Rows, and the bytes and names of all transcripts. */
function state(): string {
  const digest = createHash('sha256');
  for (const table of ['projects', 'sessions', 'change_log', 'goose_db_version'])
    digest.update(JSON.stringify(home.rows(table).map((row) => ({ ...row, tstamp: null }))));
  const transcripts = home.at('.claude/projects');
  const files = readdirSync(transcripts, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort())
    digest.update(`${path} `).update(readFileSync(path));
  return `${readdirSync(home.at('.ao/data')).join()} ${digest.digest('hex')}`;
}

function expectWholeOrNone(): void {
  if (!existsSync(home.database)) return;
  const database = new DatabaseSync(home.database);
  const counts = database
    .prepare('SELECT (SELECT count(*) FROM projects), (SELECT count(*) FROM sessions)')
    .get();
  const check = database.prepare('PRAGMA integrity_check').get();
  database.close();
  expect(check).toEqual({ integrity_check: 'ok' });
  expect([
    [0, 0],
    [projectCount, projectCount],
  ]).toContainEqual(Object.values(counts ?? {}));
}

const parts = Array.from({ length: kills }, (_, index) => 0.3 + (0.7 * index) / (kills - 1));

test('a home without a database: what was killed is completed by the next run', async () => {
  const whole = state();
  for (const part of parts) {
    startAnew();
    await killed(part + Math.random() / 20);
    expectWholeOrNone();
    await complete();
    expect(state(), `killed at ${part} of ${wholeRunMs} ms`).toBe(whole);
  }
});

test('a home with a database: what was killed is completed by the next run', async () => {
  startAnew();
  home.makeDatabase();
  await complete();
  const whole = state();
  for (const part of parts) {
    startAnew();
    home.makeDatabase();
    await killed(part + Math.random() / 20);
    expectWholeOrNone();
    await complete();
    expect(state(), `killed at ${part} of ${wholeRunMs} ms`).toBe(whole);
  }
});
