// `runlog promote`: a fork's changes come into its parent, or nothing does, by the built command.
import { load } from 'runlog';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeForkedRuns } from './stored-runs.ts';
import { type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///runs.db';
let place: Workplace;

beforeEach(async () => {
  place = workplace();
  await makeForkedRuns(place.path('runs.db'));
});

async function parentEvents(): Promise<readonly object[]> {
  const run = await load(place.path('runs.db'), { runId: 'run_f' });
  const events: object[] = [];
  for await (const { type, actor } of run.events()) events.push({ type, actor });
  await run.close();
  return events;
}

describe('promote', () => {
  test('shows what it would do, and writes nothing', async () => {
    const before = place.fingerprint();
    const { code, stdout } = await place.runlog(['promote', url, '--run-id', 'careful', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'would promote careful into run_f:',
      '  + contract#3',
      '  ~ offer#1: price, seen',
      '  + rel_001 (contract#3 --closes--> offer#1)',
      '',
    ]);
    expect(place.fingerprint()).toEqual(before);
  });

  test('takes the changes in, in the name of the one who promotes', async () => {
    const { code, stdout } = await place.runlog(['promote', url, '--run-id', 'careful', '--by', 'joe']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^promoted careful into run_f by joe \(evt_004\):\n {2}\+ contract#3\n/);
    expect(stdout).toMatch(/\nrun run_f goes on when its program loads it\n$/);
    expect((await parentEvents()).slice(3)).toEqual(
      ['promote.applied', 'object.created', 'patch.applied', 'relation.created'].map((type) => ({
        type,
        actor: 'joe',
      })),
    );
    const trace = await place.runlog(['export-trace', url, '--run-id', 'run_f']);
    expect(trace.stdout).toContain(
      '[promote.applied]         careful -> here (+2 ~1) forked_at=evt_002 by=joe\n',
    );
  });

  test('confirms it as JSON', async () => {
    const { stdout } = await place.runlog(['promote', url, '--run-id', 'careful', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      fork: 'careful',
      parent: 'run_f',
      at_event: 'evt_002',
      promoted_by: 'user',
      event_id: 'evt_004',
      objects_created: [{ fork_id: 'contract#3', id: 'contract#3', data: { offer: 'offer#1' } }],
      objects_patched: [{ id: 'offer#1', set: { price: 90, seen: null }, unset: [] }],
      relations_created: [{ id: 'rel_001' }],
    });
  });

  test('says so when there is nothing new, and ends well', async () => {
    await place.runlog(['promote', url, '--run-id', 'careful']);
    const before = await parentEvents();
    const { code, stdout } = await place.runlog(['promote', url, '--run-id', 'careful']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'nothing to promote: run_f has what careful changed\n',
    });
    expect(await parentEvents()).toEqual(before);
  });

  test.each([[[]], [['--dry-run']]])(
    'refuses conflicts with a report, and writes nothing (%j)',
    async (more) => {
      const before = place.fingerprint();
      const { code, stdout, stderr } = await place.runlog(['promote', url, '--run-id', 'late', ...more]);
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
      expect(stderr).toMatch(/^error: fork 'late' and run 'run_f' contradict each other in 1 place\n/);
      expect(stderr).toContain(
        'note#2 data.text: was "old", is "new" in the parent and "late" in the fork (parent evt_003, fork evt_003)',
      );
      expect(stderr).toContain(`\`runlog diff ${url} --run-a run_f --run-b late\``);
      expect(place.fingerprint()).toEqual(before);
    },
  );

  test('lists the conflicts as JSON', async () => {
    const { code, stderr } = await place.runlog(['promote', url, '--run-id', 'late', '--json']);
    expect(code).toBe(5);
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'promote-conflict-error',
        context: {
          conflicts: [
            {
              kind: 'both_changed',
              id: 'note#2',
              field: 'text',
              at_fork_point: 'old',
              in_parent: 'new',
              in_fork: 'late',
            },
          ],
        },
      },
    });
  });

  test('is refused while another process drives the parent', async () => {
    const run = await load(place.path('runs.db'), { runId: 'run_f' });
    const { code, stderr } = await place.runlog(['promote', url, '--run-id', 'careful']);
    await run.close();
    expect(code).toBe(5);
    expect(stderr).toContain("error: run 'run_f' is held by process");
  });

  const cases: readonly (readonly [string, number, readonly string[], RegExp])[] = [
    ['a run that is no fork', 1, ['promote', url, '--run-id', 'run_f'], /^error: run 'run_f' is no fork\n/],
    ['a run that is not there', 3, ['promote', url, '--run-id', 'nobody'], /^error: run 'nobody' not found/],
    ['a missing run', 2, ['promote', url], /required option '--run-id <fork>' not specified/],
    ['an empty name', 2, ['promote', url, '--run-id', 'careful', '--by', ' '], /--by <name>.* is invalid/],
    ['a bare path', 2, ['promote', 'runs.db', '--run-id', 'careful'], /Write it as sqlite:\/\/\/runs\.db/],
    ['a store that is not there', 3, ['promote', 'sqlite:///none.db', '--run-id', 'careful'], /no store at/],
  ];

  test.each(cases)('refuses %s', async (_name, expected, args, message) => {
    const before = place.fingerprint();
    const { code, stdout, stderr } = await place.runlog(args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(place.fingerprint()).toEqual(before);
  });
});
