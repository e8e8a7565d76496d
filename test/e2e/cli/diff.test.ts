// `runlog diff`: two runs of a store are compared by the built command, and nothing in it changes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileText, makeForkedRuns, makeHostileRun, makeLongRun, makeReadmeRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const url = 'sqlite:///runs.db';

beforeAll(async () => {
  await makeForkedRuns(place.path('runs.db'));
  await makeReadmeRun(place.path('runs.db'), 'run_a');
  await makeReadmeRun(place.path('runs.db'), 'run_b');
  await makeHostileRun(place.path('runs.db'));
});
afterAll(() => place.remove());

const between = (a: string, b: string, ...more: readonly string[]): readonly string[] => [
  'diff',
  url,
  '--run-a',
  a,
  '--run-b',
  b,
  ...more,
];

describe('diff', () => {
  test('tells kinship, counts, and what differs with the events behind it', async () => {
    const before = place.fingerprint();
    const { code, stdout } = await place.runlog(between('run_f', 'careful'));
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'diff run_f vs careful:',
      '  careful is a fork of run_f at evt_002 (lower price)',
      '  shared_events            2',
      '  parent_only_events       1',
      '  fork_only_events         3',
      '  divergent_objects        3',
      '  divergent_relations      1',
      'divergent objects:',
      '  - offer#1 differs (parent v1 ↔ fork v2)',
      '      data.price: 100 -> 90  ← fork evt_003 by jane',
      '      data.seen: (missing) -> null  ← fork evt_003 by jane',
      '  - note#2 differs (parent v2 ↔ fork v1)',
      '      data.text: "new" -> "old"  ← parent evt_003 by system',
      '  - contract#3 only in fork',
      '      ← fork evt_004 by jane',
      'divergent relations:',
      '  - rel_001 only in fork (contract#3 --closes--> offer#1)',
      '      ← fork evt_005 by jane',
      'events only in parent:',
      '  - evt_003 patch.applied by system',
      'events only in fork:',
      '  - evt_003 patch.applied by jane',
      '  - evt_004 object.created by jane',
      '  - evt_005 relation.created by jane',
      '',
    ]);
    expect(place.fingerprint()).toEqual(before);
  });

  test('gives all of it as JSON, a missing value as a missing key', async () => {
    const { stdout } = await place.runlog(between('run_f', 'careful', '--json'));
    const json: unknown = JSON.parse(stdout);
    expect(json).toMatchObject({
      parent_run_id: 'run_f',
      fork_run_id: 'careful',
      is_identical: false,
      shared_events: 2,
      parent_only_events: 1,
      fork_only_events: 3,
      divergent_objects: 3,
      divergent_relations: 1,
      kinship: 'fork',
      fork_point: { id: 'evt_002', seq: 2 },
      runs: {
        parent: { run_id: 'run_f', events: 3 },
        fork: { label: 'lower price', parent_run_id: 'run_f' },
      },
      usage: { parent: { asked: { model_calls: 0, cost_usd: '0' } } },
      relations: [{ id: 'rel_001', source: 'contract#3', in_parent: false, in_fork: true }],
      events: { only_in_parent: [{ id: 'evt_003', type: 'patch.applied', actor: 'system' }] },
    });
    expect(json).toHaveProperty(
      ['objects', 0, 'fields'],
      [
        { field: 'data.price', in_parent: 100, in_fork: 90, parent_event: null, fork_event: 'evt_003' },
        { field: 'data.seen', in_fork: null, parent_event: null, fork_event: 'evt_003' },
        { field: 'version', in_parent: 1, in_fork: 2, parent_event: null, fork_event: 'evt_003' },
      ],
    );
    expect(json).toHaveProperty(['objects', 2, 'data'], { offer: 'offer#1' });
  });

  test('prints the same each time', async () => {
    const [one, two] = [
      await place.runlog(between('careful', 'late')),
      await place.runlog(between('careful', 'late')),
    ];
    expect(one).toEqual(two);
    expect(one.stdout).toContain('forks of one run, which part behind evt_002');
  });

  test('calls the fork by its name also when it is named first', async () => {
    const { stdout } = await place.runlog(between('careful', 'run_f'));
    expect(stdout).toContain('  - offer#1 differs (fork v2 ↔ parent v1)');
  });

  test('calls a run identical with itself, and with another that did the same', async () => {
    for (const [a, b] of [
      ['run_a', 'run_a'],
      ['run_a', 'run_b'],
    ] as const) {
      const { code, stdout } = await place.runlog(between(a, b));
      expect(code).toBe(0);
      expect(stdout).toMatch(/\n {2}parent_only_events {7}0\n/);
      expect(stdout).toMatch(/\nidentical\n$/);
    }
  });

  test('cuts long lists, and says what shows them', async () => {
    await makeLongRun(place.path('long.db'), { count: 30, characters: 10 });
    await makeReadmeRun(place.path('long.db'), 'run_a');
    const long = ['diff', 'sqlite:///long.db', '--run-a', 'run_l', '--run-b', 'run_a'];
    const linesOf = (text: string): number =>
      text.split('\n').filter((line) => line.includes('long.event')).length;
    const [short, whole] = [await place.runlog(long), await place.runlog([...long, '--all'])];
    expect(short.stdout).toContain('\n  … and 10 more; --all shows them\n');
    expect([linesOf(short.stdout), linesOf(whole.stdout)]).toEqual([20, 30]);
    expect(whole.stdout).not.toContain('--all');
  });

  test('cannot be made to steer the terminal by what a log holds', async () => {
    const { stdout } = await place.runlog(between('run_h', 'run_a'));
    expect(stdout).not.toContain(hostileText);
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe('diff refuses', () => {
  const cases: readonly (readonly [string, number, readonly string[], RegExp])[] = [
    ['a run that is not there', 3, between('run_f', 'nobody'), /^error: run 'nobody' not found/],
    ['a first run that is not there', 3, between('nobody', 'run_f'), /^error: run 'nobody' not found/],
    ['a missing run', 2, ['diff', url, '--run-a', 'run_f'], /required option '--run-b <run>' not specified/],
    ['an empty run', 2, between('run_f', ' '), /--run-b <run>.* is invalid/],
    [
      'a bare path',
      2,
      ['diff', 'runs.db', '--run-a', 'a', '--run-b', 'b'],
      /Write it as sqlite:\/\/\/runs\.db/,
    ],
    [
      'a store that is not there',
      3,
      ['diff', 'sqlite:///none.db', '--run-a', 'a', '--run-b', 'b'],
      /no store at/,
    ],
    ['an option that is not known', 2, between('run_f', 'careful', '--everything'), /unknown option/],
  ];

  test.each(cases)('%s', async (_name, expected, args, message) => {
    const { code, stdout, stderr } = await place.runlog(args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
