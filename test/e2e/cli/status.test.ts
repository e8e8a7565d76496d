// `runlog status`: how a run stands, once or while it goes on.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { open } from 'runlog';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { makeGatedRun, makeReadmeRun } from './stored-runs.ts';
import { type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///runs.db';
let place: Workplace;

beforeEach(async () => {
  place = workplace();
  await makeReadmeRun(place.path('runs.db'));
});

test('says how a run stands, without its events', async () => {
  const { code, stdout } = await place.runlog(['status', url]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^run_id: {11}\S+ {2}\(the run created last\)\nstate: {12}idle\n/);
  expect(stdout).not.toContain('recent events');
});

test('prints the same JSON as inspect, with no events listed', async () => {
  const [status, inspect] = await Promise.all(
    [
      ['status', url, '--json'],
      ['inspect', url, '--tail', '0', '--json'],
    ].map((args) => place.runlog(args)),
  );
  expect(JSON.parse(status?.stdout ?? '')).toEqual(JSON.parse(inspect?.stdout ?? ''));
});

test('counts what waits for a decision', async () => {
  await makeGatedRun(place.path('runs.db'));
  expect((await place.runlog(['status', url, '--run-id', 'run_g'])).stdout).toMatch(/^approvals: +2$/m);
});

test('does not know a run that is not there, and makes none', async () => {
  const before = place.fingerprint();
  expect((await place.runlog(['status', url, '--run-id', 'nobody'])).code).toBe(3);
  expect(place.fingerprint()).toEqual(before);
});

/** The lines of a watching process, one after the other. */
function watching(args: readonly string[]): {
  readonly next: () => Promise<string>;
  readonly stop: () => void;
} {
  const child = place.start(['status', url, '--watch', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    next: async () => {
      const line = await lines.next();
      return line.done === true ? '(ended)' : line.value;
    },
    stop: () => void child.kill('SIGINT'),
  };
}

test('watches a run that another process goes on with, line by line, until it is interrupted', async () => {
  const run = await open(place.path('runs.db'), { runId: 'watched' });
  onTestFinished(() => run.close());
  await run.mutate((graph) => void graph.addObject('note', { n: 1 }));
  const { next, stop } = watching(['--run-id', 'watched']);
  expect(await next()).toMatch(/ {2}running {4}1 events .*object\.created$/);
  await run.mutate((graph) => void graph.addObject('note', { n: 2 }));
  expect(await next()).toMatch(/ {2}running {4}2 events .*object\.created$/);
  stop();
});

test('notices that nobody drives the run any more, which no event says', async () => {
  const run = await open(place.path('runs.db'), { runId: 'watched' });
  await run.mutate((graph) => void graph.addObject('note', { n: 1 }));
  const { next } = watching(['--run-id', 'watched', '--json']);
  expect(JSON.parse(await next())).toMatchObject({ state: 'running', events_processed: 1 });
  await run.close();
  expect(JSON.parse(await next())).toMatchObject({ state: 'stopped', held_by: null });
});

test('ends as interrupted when it is interrupted', async () => {
  const child = place.start(['status', url, '--watch']);
  if (child.stdout !== null) await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
});
