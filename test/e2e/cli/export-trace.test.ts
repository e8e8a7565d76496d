// `runlog export-trace`: the whole trace, to a pipe or into a file.
import { readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { load } from 'runlog';
import { eventJsonLine } from 'runlog/view';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeLongRun, makeModelRun, makeReadmeRun } from './stored-runs.ts';
import { ended, Workplace, workplace } from './workplace.ts';

const place = new Workplace();
const url = 'sqlite:///runs.db';

beforeAll(async () => {
  await makeModelRun(place.path('runs.db'));
  await makeReadmeRun(place.path('runs.db'));
});
afterAll(() => place.remove());

const readmeTrace = `[goal.created]            user: "Evaluate this startup idea"
[behavior.started]        planner
[object.created]          task#1 "Research" (open)
[object.created]          task#2 "Draft memo" (blocked)
[relation.created]        task#1 --depends_on--> task#2
[behavior.completed]      planner (2 objects, 1 relation)
[behavior.started]        researcher  (matched object.created: task#1)
[object.created]          claim#3 "Market early but growing."
[event.emitted]           task.completed task_id=task#1
[behavior.completed]      researcher
[behavior.started]        researcher  (matched object.created: task#2)
[behavior.completed]      researcher
[relation_behavior.started] unblock  (matched task.completed on depends_on edge)
[patch.applied]           task#2 status: blocked -> open
[behavior.completed]      unblock
[runtime.idle]            queue empty, budget remaining
`;

describe('as text', () => {
  test('prints the full trace of a stored run', async () => {
    const { code, stdout } = await place.runlog(['export-trace', url, '--run-id', 'run_x']);
    expect(code).toBe(0);
    expect(stdout).toBe(readmeTrace);
  });

  test('prints a run that asked a model and a tool, under its header', async () => {
    const { stdout } = await place.runlog(['export-trace', url, '--run-id', 'run_m']);
    expect(stdout).toBe(`[trace.flags]             prompt_normalized=true (2 llm requests)
[goal.created]            user: "Audit Q3"
[behavior.started]        planner
[object.created]          document#1 "Doc"
[behavior.completed]      planner
[behavior.started]        extractor  (matched object.created: document#1)
[llm.requested]           evt_006  extractor  model=claude-sonnet-4-5 tokens_in~100 budget_remaining=$1.000
[llm.responded]           evt_007  extractor  tokens_in=10 tokens_out=5 cost=$0.001 latency=0.5s
[tool.requested]          evt_008  extractor  tool=my_tool args_hash=fd8e07d1 deterministic=true
[tool.responded]          evt_009  extractor  tool=my_tool latency=0.0s cost=$0.001
[llm.requested]           evt_010  extractor  model=claude-sonnet-4-5 turn=1 tokens_in~100 budget_remaining=$0.998
[llm.responded]           evt_011  extractor  tokens_in=10 tokens_out=5 cost=$0.001 latency=0.5s
[object.created]          claim#2 "T"
[behavior.completed]      extractor
[runtime.idle]            queue empty, budget remaining
`);
  });

  test('says beside the trace which run it took', async () => {
    const { stderr } = await place.runlog(['export-trace', url]);
    expect(stderr).toBe('run_id: run_x  (the run created last)\n');
  });
});

describe('as events', () => {
  test('writes each event of the log as one line', async () => {
    const { code, stdout } = await place.runlog([
      'export-trace',
      url,
      '--run-id',
      'run_x',
      '--format',
      'events',
    ]);
    const run = await load(place.path('runs.db'), { runId: 'run_x' });
    const expected: string[] = [];
    for await (const event of run.events()) expected.push(`${eventJsonLine(event)}\n`);
    await run.close();
    expect(code).toBe(0);
    expect(stdout).toBe(expected.join(''));
  });
});

describe('as JSON lines', () => {
  test('writes a version line and each event with its place and its hash', async () => {
    const { code, stdout } = await place.runlog([
      'export-trace',
      url,
      '--run-id',
      'run_x',
      '--format',
      'jsonl',
    ]);
    const [first, ...rest] = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(code).toBe(0);
    expect(first).toMatchObject({ format: 'runlog.events', version: 1, run: { id: 'run_x' }, events: 16 });
    expect(rest.map((event) => (event as { readonly seq: number }).seq)).toEqual(
      rest.map((_, place) => place + 1),
    );
  });
});

describe('into a file', () => {
  test('writes what it would print', async () => {
    const { code, stdout, stderr } = await place.runlog(['export-trace', url, '-o', 'trace.txt']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('wrote 16 events of run run_x (created last) to trace.txt\n');
    expect(place.read('trace.txt')).toBe(readmeTrace);
  });

  test('leaves a file that is there as it is', async () => {
    writeFileSync(place.path('mine.txt'), 'mine');
    const { code, stderr } = await place.runlog(['export-trace', url, '-o', 'mine.txt']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: 'mine\.txt' is not written: the file is there already\n/);
    expect(place.read('mine.txt')).toBe('mine');
  });

  test('replaces it when it is told to', async () => {
    writeFileSync(place.path('old.txt'), 'old');
    const { code } = await place.runlog(['export-trace', url, '-o', 'old.txt', '--force']);
    expect(code).toBe(0);
    expect(place.read('old.txt')).toBe(readmeTrace);
  });

  test('never writes over the store that it reads', async () => {
    const before = place.fingerprint();
    const { code, stderr } = await place.runlog(['export-trace', url, '-o', './runs.db', '--force']);
    expect(code).toBe(1);
    expect(stderr).toContain('it is the store that is being read');
    expect(place.fingerprint()).toEqual(before);
  });

  test('refuses a folder that is not there', async () => {
    const { code, stderr } = await place.runlog(['export-trace', url, '-o', 'no/trace.txt']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: 'no\/trace\.txt' could not be written \(ENOENT\)\n/);
  });

  test('leaves nothing behind when the run is not there', async () => {
    const before = place.fingerprint();
    expect((await place.runlog(['export-trace', url, '--run-id', 'nope', '-o', 'x.txt'])).code).toBe(3);
    expect(place.fingerprint()).toEqual(before);
  });
});

describe('a long run', () => {
  test('goes through little memory, out and in', async () => {
    const long = workplace();
    await makeLongRun(long.path('long.db'), { count: 2400, characters: 30_000 });
    const env = { NODE_OPTIONS: '--max-old-space-size=56' };
    const args = ['export-trace', 'sqlite:///long.db', '--format', 'jsonl', '-o', 'long.jsonl'];
    expect(await long.runlog(args, { env })).toMatchObject({ code: 0, stdout: '' });
    expect(long.read('long.jsonl').length).toBeGreaterThan(72_000_000);
    const imported = await long.runlog(['import', 'long.jsonl', '--to', 'sqlite:///new.db'], { env });
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(imported.stdout).toMatch(/copied +run_l {2}2400 events {2}verified/);
  });

  test('ends without a word when its reader has enough', async () => {
    const long = workplace();
    await makeLongRun(long.path('long.db'), { count: 3000, characters: 1000 });
    const child = long.start(['export-trace', 'sqlite:///long.db', '--run-id', 'run_l', '--format', 'jsonl']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const errors: string[] = [];
    child.stderr?.on('data', (data: Buffer) => errors.push(data.toString()));
    const [code] = (await once(child, 'close')) as readonly unknown[];
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
  });

  test('is given up when it is interrupted, and leaves no half of a file', async () => {
    const long = workplace();
    await makeLongRun(long.path('long.db'), { count: 20_000, characters: 3000 });
    const child = long.start(['export-trace', 'sqlite:///long.db', '--format', 'jsonl', '-o', 'long.jsonl']);
    const result = ended(child);
    await expect
      .poll(() => readdirSync(long.folder).some((name) => name.endsWith('.tmp')), {
        interval: 5,
        timeout: 120_000,
      })
      .toBe(true);
    child.kill('SIGINT');
    expect(await result).toMatchObject({ code: 130, stdout: '', stderr: '' });
    expect(readdirSync(long.folder).filter((name) => /jsonl|tmp/.test(name))).toEqual([]);
  });
});
