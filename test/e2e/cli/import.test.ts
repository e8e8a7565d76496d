// `runlog import` as a process: a run goes out through a pipe and comes in, and everything that is wrong has its exit code.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from 'runlog';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { makeReadmeRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const to = ['--to', 'sqlite:///new.db'];

beforeAll(async () => {
  await makeReadmeRun(place.path('runs.db'));
  await place.runlog(['export-trace', 'sqlite:///runs.db', '--format', 'jsonl', '-o', 'run.jsonl']);
});
afterAll(() => place.remove());

async function headOf(name: string): Promise<unknown> {
  const store = await openStore(`sqlite:///${place.path(name)}`, { mode: 'read' });
  const { hash } = await store.head('run_x');
  await store.close();
  return hash;
}

test('what is exported into a pipe is imported out of it, with the same head', async () => {
  const command = `"${process.execPath}" "${resolve('bin/runlog.js')}"`;
  const piped = `${command} export-trace sqlite:///runs.db --format jsonl | ${command} import - --to sqlite:///piped.db --json`;
  const { status, stdout } = spawnSync('sh', ['-c', piped], { cwd: place.folder, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    source: 'standard input',
    source_format: 'runlog.events 1',
    ok: true,
    refused_lines: [],
    runs: [{ run_id: 'run_x', status: 'copied', events_migrated: 16 }],
  });
  expect(await headOf('piped.db')).toBe(await headOf('runs.db'));
});

test('the same file again changes nothing, and ends with 0', async () => {
  const first = await place.runlog(['import', 'run.jsonl', ...to]);
  expect(first.stdout).toMatch(
    /^imported run\.jsonl -> sqlite:\/\/\/new\.db\n {2}copied +run_x {2}16 events {2}verified/,
  );
  expect(first.stdout).toContain('summary: 1 imported, 0 there already, 0 in conflict, 0 failed; 16 events');
  const again = await place.runlog(['import', 'run.jsonl', ...to]);
  expect([again.code, again.stdout.includes('0 imported, 1 there already')]).toEqual([0, true]);
});

describe('the exit code', () => {
  test('of a line that was altered is 4, with its number, and nothing is stored', async () => {
    writeFileSync(
      place.path('bad.jsonl'),
      readFileSync(place.path('run.jsonl'), 'utf8').replace('Research', 'Resaerch'),
    );
    const { code, stdout } = await place.runlog(['import', 'bad.jsonl', '--to', 'sqlite:///bad.db']);
    expect(code).toBe(4);
    expect(stdout).toContain("Line 4, in run 'run_x': event 'evt_003' was altered");
    const store = await openStore(`sqlite:///${place.path('bad.db')}`, { mode: 'read' });
    expect(await store.logs()).toEqual([]);
    await store.close();
  });

  test('of what is no such file is 4, and no store is made', async () => {
    const { code, stderr } = await place.runlog(['import', 'runs.db', '--to', 'sqlite:///none.db']);
    expect([code, existsSync(place.path('none.db'))]).toEqual([4, false]);
    expect(stderr).toContain("error: line 1 of 'runs.db' is refused");
  });

  test('of a file that is not there is 3, and no store is made', async () => {
    const { code } = await place.runlog(['import', 'none.jsonl', '--to', 'sqlite:///none.db']);
    expect([code, existsSync(place.path('none.db'))]).toEqual([3, false]);
  });

  test('of a run with another history is 5', async () => {
    const other = readFileSync(place.path('run.jsonl'), 'utf8');
    await makeReadmeRun(place.path('other.db'));
    const store = await openStore(`sqlite:///${place.path('other.db')}`);
    const head = await store.head('run_x');
    await store.remove(head);
    await store.create({ id: 'run_x', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
    const row = {
      id: 'evt_001',
      type: 'another.thing',
      payload: '{}',
      actor: null,
      causedBy: null,
      frameId: null,
      timestamp: '2026-01-01T00:00:00Z',
      subject: null,
      runId: null,
      provider: null,
      correlationId: null,
      schemaVersion: null,
      metadata: null,
    };
    await store.commit([{ logId: 'run_x', expected: 0, epoch: null, events: [row] }]);
    await store.close();
    writeFileSync(place.path('again.jsonl'), other);
    const { code, stdout } = await place.runlog(['import', 'again.jsonl', '--to', 'sqlite:///other.db']);
    expect([code, stdout.includes('1 in conflict')]).toEqual([5, true]);
  });

  test('of a bare path as destination is 2', async () => {
    expect((await place.runlog(['import', 'run.jsonl', '--to', 'new.db'])).code).toBe(2);
  });
});

test('one signal ends an import that waits for the rest of a run, and nothing of the run is there', async () => {
  const [head = '', ...rest] = readFileSync(place.path('run.jsonl'), 'utf8').split('\n');
  const args = [resolve('bin/runlog.js'), 'import', '-', '--to', 'sqlite:///stopped.db'];
  const child = spawn(process.execPath, args, { cwd: place.folder });
  const closed = once(child, 'close');
  child.stdin.write([head, ...rest.slice(0, 5), ''].join('\n'));
  while (!existsSync(place.path('stopped.db'))) await sleep(10);
  child.kill('SIGTERM');
  expect(await closed).toEqual([143, null]);
  const store = await openStore(`sqlite:///${place.path('stopped.db')}`, { mode: 'read' });
  expect(await store.logs()).toEqual([]);
  await store.close();
});
