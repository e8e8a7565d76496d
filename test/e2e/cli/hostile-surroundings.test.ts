// Commands where the surroundings are against them: a folder that goes, a full disk, programs that fail beside their export.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { openStore } from 'runlog';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeReadmeRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const store = 'sqlite:///runs.db';

beforeAll(() => makeReadmeRun(place.path('runs.db')));
afterAll(() => place.remove());

const plainRow = {
  id: 'evt_001',
  type: 'goal.created',
  actor: null,
  causedBy: null,
  frameId: null,
  timestamp: '2026-01-01T00:00:01Z',
  subject: null,
  runId: null,
  provider: null,
  correlationId: null,
  schemaVersion: null,
  metadata: null,
};

/** What a line of shell ends with and says on both streams; `$RUNLOG` in it is the command. */
async function shell(line: string): Promise<{ readonly code: unknown; readonly said: string }> {
  const env = { PATH: process.env['PATH'], RUNLOG: `${process.execPath} ${resolve('bin/runlog.js')}` };
  return new Promise((done) => {
    execFile('/bin/sh', ['-c', line], { cwd: place.folder, env }, (error, stdout, stderr) => {
      done({ code: error?.code ?? 0, said: stdout + stderr });
    });
  });
}

test('a completion script that could not be written is no success', async () => {
  const { code, stderr } = await place.runlog(['completion', 'bash'], { stdoutTo: '/dev/full' });
  expect([code, stderr.split('\n')[0]]).toEqual([
    1,
    "error: 'standard output' could not be written (ENOSPC)",
  ]);
});

test.each([
  ['quickstart', 1],
  ['quickstart --store sqlite:///x.db', 1],
  ['agent run --agent shell --store "sqlite:///$HERE/agents.db" -- true', 1],
  ['export-trace "sqlite:///$HERE/runs.db" -o trace.txt', 1],
])('%s in a folder that is gone says so', async (command, code) => {
  const ended = await shell(`HERE=$PWD; mkdir gone && cd gone && rmdir ../gone && $RUNLOG ${command}`);
  expect(ended.code).toBe(code);
  expect(ended.said).toContain('the present folder is not there any more');
  expect(ended.said).not.toMatch(/uv_cwd|unexpected/);
});

test('a backup that has no room names the copy, and leaves nothing of it', async () => {
  // In blocks of 512 bytes: room for the index of the -wal file, and not for the copy.
  const { code, said } = await shell(`ulimit -f 80; $RUNLOG backup ${store} no-room.db`);
  expect(code).toBe(1);
  expect(said).toMatch(/^error: store 'no-room\.db'/);
  expect(said).toContain('`df -h .`');
  expect((await shell('ls -A')).said).not.toContain('no-room');
});

test.each([
  ['rejects beside its export', 'void Promise.reject(new Error("too late")); export default {};', 1],
  [
    'throws from a timer',
    'setTimeout(() => { throw new Error("too late"); }); await new Promise((r) => setTimeout(r, 50)); export default {};',
    1,
  ],
  ['throws from an option', 'export default { get behaviors() { throw new Error("too late"); } };', 2],
])('a program that %s fails in our words', async (_what, source, code) => {
  writeFileSync(place.path('program.mjs'), source);
  const args = ['replay', store, '--run-id', 'run_x', '--verify', '--program', 'program.mjs', '--json'];
  const ended = await place.runlog(args);
  expect(ended.code).toBe(code);
  expect(ended.stdout).toBe('');
  expect(JSON.parse(ended.stderr)).toHaveProperty('error.summary');
  expect(ended.stderr).toMatch(/"summary": ".*too late"/);
});

test('a policy that is nested too deeply is refused in our words', async () => {
  writeFileSync(place.path('deep.yaml'), `max_total_events: ${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  const { code, stderr } = await place.runlog(['maintain', store, '--policy', 'deep.yaml']);
  expect(code).toBe(2);
  expect(stderr).toContain('it is nested too deeply');
  expect(stderr).not.toContain('call stack');
});

test('a payload that is nested deeper than a stack is shown whole', async () => {
  const payload = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const deep = await openStore(`sqlite:///${place.path('deep.db')}`, { mode: 'create' });
  await deep.create({ id: 'run_deep', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  await deep.commit([{ logId: 'run_deep', expected: 0, epoch: null, events: [{ ...plainRow, payload }] }]);
  await deep.close();
  for (const options of [
    ['--event', 'evt_001'],
    ['--event', 'evt_001', '--json'],
    ['--search', 'a', '--json'],
  ]) {
    const { code, stdout } = await place.runlog(['inspect', 'sqlite:///deep.db', ...options]);
    expect([code, stdout.includes(payload)]).toEqual([0, true]);
  }
});
