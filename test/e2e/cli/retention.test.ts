// `runlog archive`, `delete`, `pin`, `unpin`, `detach`, `why-kept` as processes: what they print and end with, bad input, and kills.
import { copyFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { open, openStore } from 'runlog';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { workplace, Workplace } from './workplace.ts';

const source = new Workplace();

/** Idle runs, each a fork of the one before but for every fourth. */
beforeAll(async () => {
  const store = await openStore(`sqlite:///${source.path('runs.db')}`);
  let run = await open(store, { runId: 'run-00' });
  for (let n = 1; n <= 12; n += 1) {
    await run.emit('note', { n });
    await run.runUntilIdle();
    const { seq } = await run.head();
    const runId = `run-${String(n).padStart(2, '0')}`;
    const next =
      n % 4 === 0
        ? await open(store, { runId })
        : await run.fork({ atEvent: `evt_00${Math.min(seq, 9)}`, runId });
    await run.close();
    run = next;
  }
  await run.close();
  await store.close();
  return () => source.remove();
});

function place(): Workplace {
  const made = workplace();
  copyFileSync(source.path('runs.db'), made.path('runs.db'));
  return made;
}

const archive = ['archive', 'sqlite:///runs.db', '--to', 'sqlite:///archive.db', '--keep-last', '1'];

async function heads(at: Workplace, name: string): Promise<readonly string[]> {
  const store = await openStore(`sqlite:///${at.path(name)}`, { mode: 'read' });
  const found = (await store.logs()).map(({ id, head }) => `${id} ${head.hash}`);
  await store.close();
  return found;
}

test('without --apply it says what would go and changes nothing', async () => {
  const at = place();
  const before = at.fingerprint();
  const { code, stdout } = await at.runlog(archive);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^would go {2}run-11 {2}\d+ events\n/);
  expect(stdout).toMatch(/stays {5}run-12 {2}it is one of the 1 that were made last/);
  expect(stdout).toMatch(
    /summary: 12 would be archived to sqlite:\/\/\/archive\.db, 1 stays\nNothing was changed\./,
  );
  expect(at.fingerprint()).toEqual(before);
});

test('killed again and again, the same command completes it: every run is in one place, and what it was', async () => {
  const at = place();
  const before = await heads(at, 'runs.db');
  for (let delayMs = 150; delayMs < 330; delayMs += 30) {
    const child = at.start([...archive, '--apply']);
    const closed = new Promise((resolve) => child.once('close', resolve));
    await sleep(delayMs);
    child.kill('SIGKILL');
    await closed;
    expect((await at.runlog(['doctor', 'sqlite:///runs.db'])).code).toBe(0);
  }
  const { code, stdout } = await at.runlog([...archive, '--apply', '--json']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, dry_run: false }]);
  expect(await heads(at, 'runs.db')).toEqual(before.slice(-1));
  expect(await heads(at, 'archive.db')).toEqual(before.slice(0, -1));
});

test('a pinned run stays with what it reads, and why-kept names commands that let it go', async () => {
  const at = place();
  const pinned = await at.runlog(['pin', 'sqlite:///runs.db', '--run-id', 'run-03', '--reason', 'case 7']);
  expect([pinned.code, pinned.stdout]).toEqual([0, 'pinned run-03\n']);
  const why = await at.runlog(['why-kept', 'sqlite:///runs.db', 'run-03']);
  expect(why.stdout).toContain(
    'it is pinned (case 7). `runlog unpin sqlite:///runs.db --run-id run-03` lets it go.',
  );
  const parent = await at.runlog(['why-kept', 'sqlite:///runs.db', 'run-02']);
  expect(parent.stdout).toContain('`runlog detach sqlite:///runs.db --run-id run-03`');
  const all = ['delete', 'sqlite:///runs.db', '--keep-last', '0', '--status', 'idle', '--status', 'empty'];
  expect((await at.runlog([...all, '--status', 'stopped', '--apply'])).code).toBe(0);
  expect(await heads(at, 'runs.db')).toHaveLength(4);
  const detached = await at.runlog(['detach', 'sqlite:///runs.db', '--run-id', 'run-03']);
  expect(detached.stdout).toMatch(/^detached run-03: \d+ events copied, head [0-9a-f]{64} as before\n$/);
  await at.runlog(['unpin', 'sqlite:///runs.db', '--run-id', 'run-03']);
  const last = await at.runlog(['why-kept', 'sqlite:///runs.db', 'run-03', '--status', 'idle', '--json']);
  expect(JSON.parse(last.stdout)).toEqual({ run_id: 'run-03', is_kept: false, reasons: [] });
  expect((await at.runlog(['doctor', 'sqlite:///runs.db'])).code).toBe(0);
});

describe('bad input', () => {
  it.each([
    ['a policy of nothing', 2, ['delete', 'sqlite:///runs.db', '--apply']],
    ['an archive without a place', 2, ['archive', 'sqlite:///runs.db', '--label', 'x']],
    ['an age without a unit', 2, ['delete', 'sqlite:///runs.db', '--older-than', '30', '--apply']],
    ['a negative number to keep', 2, ['delete', 'sqlite:///runs.db', '--keep-last', '-1', '--apply']],
    ['a state that is not known', 2, ['delete', 'sqlite:///runs.db', '--status', 'done', '--apply']],
    ['a run that is not there', 3, ['delete', 'sqlite:///runs.db', '--run-id', 'nobody', '--apply']],
    [
      'a store that is not there',
      3,
      ['archive', 'sqlite:///none.db', '--to', 'sqlite:///x.db', '--keep-last', '0', '--apply'],
    ],
    ['a bare path', 2, ['delete', 'runs.db', '--keep-last', '0', '--apply']],
    [
      'the store as its own archive',
      1,
      ['archive', 'sqlite:///runs.db', '--to', 'sqlite:///./runs.db', '--keep-last', '0', '--apply'],
    ],
    [
      'an archive in a folder that is not there',
      3,
      ['archive', 'sqlite:///runs.db', '--to', 'sqlite:///no/a.db', '--keep-last', '0', '--apply'],
    ],
    ['a pin of a run that is not there', 3, ['pin', 'sqlite:///runs.db', '--run-id', 'nobody']],
    ['a pin without a run', 2, ['pin', 'sqlite:///runs.db']],
    ['a fork that is not there', 3, ['detach', 'sqlite:///runs.db', '--run-id', 'nobody']],
    ['why-kept of a run that is not there', 3, ['why-kept', 'sqlite:///runs.db', 'nobody']],
  ] as const)('%s ends with %i, and nothing goes', async (_what, code, args) => {
    const at = place();
    const before = await heads(at, 'runs.db');
    const ended = await at.runlog(args);
    expect(ended.code, ended.stderr).toBe(code);
    expect(ended.stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect(await heads(at, 'runs.db')).toEqual(before);
  });
});
