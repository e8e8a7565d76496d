// `runlog replay`: a run is rebuilt or verified by the built command, with its program in a file; and whatever is wrong is said
// in a sentence, with its exit code, and nothing changed on disk.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { frozenClock, open } from 'runlog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileText, makeHostileRun, makeLongRun, makeReadmeRun } from './stored-runs.ts';
import { type Ended, Workplace } from './workplace.ts';

const place = new Workplace();
const url = 'sqlite:///runs.db';
const stored = ['replay', url, '--run-id', 'run_x'];

const program = (title = 'Research'): string => `
import { behavior, relationBehavior } from 'runlog';
const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    const research = graph.addObject('task', { title: '${title}', status: 'open' });
    const draft = graph.addObject('task', { title: 'Draft memo', status: 'blocked' });
    graph.addRelation(research.id, draft.id, 'depends_on');
  },
});
const researcher = behavior({
  name: 'researcher',
  on: 'object.created',
  where: { 'object.type': 'task' },
  run: ({ event, graph }) => {
    if (event.payload.object.data.status !== 'open') return;
    graph.addObject('claim', { text: 'Market early but growing.' });
    graph.emit('task.completed', { task_id: event.payload.id });
  },
});
const unblock = relationBehavior({
  name: 'unblock',
  on: 'task.completed',
  relationType: 'depends_on',
  run: ({ relation, graph }) => void graph.patchObject(relation.target, { status: 'open' }),
});
const behaviors = [planner, researcher, unblock];
`;

const programs: Readonly<Record<string, string>> = {
  'program.js': `${program()}export default { behaviors };`,
  'maker.mjs': `${program()}export default async () => ({ behaviors });`,
  'typed.ts': `${program()}const options: { behaviors: readonly unknown[] } = { behaviors };\nexport default options;`,
  'changed.js': `${program('Another title')}export default { behaviors };`,
  'broken.js': 'export default {',
  'throwing.js': "throw new Error('no key in the environment');",
  'refusing.js': "export default () => { throw new TypeError('no settings'); };",
  'rejecting.js': "export default async () => { throw 'a text'; };",
  'nothing.js': 'export const behaviors = [];',
  'number.js': 'export default 7;',
  'nested.js': 'export default { behaviors: {} };',
  'misspelled.js': 'export default { behaviours: [] };',
  'strange.js': 'export default { behaviors: [{ name: 1 }] };',
  'lost.js': "import 'a-package-that-is-not-there'; export default {};",
};

beforeAll(async () => {
  for (const name of ['runs', 'changed', 'cut']) await makeReadmeRun(place.path(`${name}.db`));
  await makeHostileRun(place.path('hostile.db'));
  const database = new DatabaseSync(place.path('changed.db'));
  database.exec(`UPDATE events SET payload = '{"goal":"another"}' WHERE seq = 1`);
  database.close();
  const other = new DatabaseSync(place.path('cut.db'));
  other.exec('UPDATE events SET payload = substr(payload, 1, 5) WHERE seq = 3');
  other.close();
  mkdirSync(place.path('node_modules'));
  symlinkSync(resolve('.'), place.path('node_modules/runlog'));
  writeFileSync(place.path('package.json'), '{"type":"module"}');
  for (const [name, text] of Object.entries(programs)) writeFileSync(place.path(name), text);
});
afterAll(() => place.remove());

function json({ stdout }: Ended): unknown {
  return JSON.parse(stdout);
}

describe('rebuilding a run', () => {
  test('prints what is in it, and its head hash', async () => {
    const { code, stdout } = await place.runlog(stored);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^run_id: {4}run_x\nevents: {4}16\nobjects: {3}3\nrelations: 1\nhead hash: [0-9a-f]{64}\n$/,
    );
  });

  test('prints JSON, with settings of packs where there are any', async () => {
    expect(json(await place.runlog([...stored, '--json']))).toMatchObject({
      run_id: 'run_x',
      events: 16,
      objects: 3,
      relations: 1,
      effective_settings: {},
    });
  });

  test('changes no byte of the file or of what stands beside it, while somebody writes', async () => {
    const path = place.path('live.db');
    const run = await open(path, { runId: 'live', clock: frozenClock('2026-05-15T10:32:01Z') });
    await run.emit('goal.created', { goal: 'g' });
    const bytes = (): readonly string[] =>
      [path, `${path}-wal`].map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
    const before = bytes();
    for (const more of [[], ['--verify']])
      expect((await place.runlog(['replay', 'sqlite:///live.db', '--run-id', 'live', ...more])).code).toBe(0);
    expect(bytes()).toEqual(before);
    await run.emit('still.writing');
    await run.close();
  });
});

describe('verifying a run', () => {
  test.each(['program.js', 'maker.mjs', 'typed.ts', './program.js'])('passes with %s', async (file) => {
    const { code, stdout, stderr } = await place.runlog([...stored, '--verify', '--program', file]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('events:      16 of 16 found again\n');
    expect(stdout).toMatch(/verified: the behaviors make this run\n$/);
  });

  test('refuses a program that drives a run itself, and neither it nor what it prints gets anywhere', async () => {
    const before = place.fingerprint();
    const driving = `import { load } from 'runlog';\nconsole.log('noise');\nconst run = await load('sqlite:///runs.db');\nawait run.runGoal('More');\nexport default {};`;
    writeFileSync(place.path('driving.mjs'), driving);
    const ended = await place.runlog([...stored, '--verify', '--program', 'driving.mjs', '--json']);
    rmSync(place.path('driving.mjs'));
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain('it drives a run by itself');
    expect(place.fingerprint()).toEqual(before);
  });

  test('fails when a program never answers, and does not end as if all were well', async () => {
    writeFileSync(
      place.path('never.mjs'),
      'export default new Promise(() => {}).then(() => ({}));\nawait new Promise(() => {});',
    );
    const ended = await place.runlog([...stored, '--verify', '--program', 'never.mjs']);
    rmSync(place.path('never.mjs'));
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain('never answers');
  });

  test('passes for a run without behaviors, and needs no program for it', async () => {
    const ended = await place.runlog(['replay', 'sqlite:///hostile.db', '--run-id', 'run_h', '--verify']);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('3 of 3');
  });

  test('ends with 5 and tells the first difference field by field', async () => {
    const ended = await place.runlog([...stored, '--verify', '--program', 'changed.js']);
    expect(ended.code).toBe(5);
    expect(ended.stderr).toBe('');
    expect(ended.stdout.split('\n').slice(4)).toEqual([
      'diverged',
      '  kind:     payload_mismatch',
      '  event:    evt_003 (place 3)  object.created',
      '  behavior: planner',
      '  field:    payload.object.data.title',
      '  expected: "Research"',
      '  actual:   "Another title"',
      '  caused by:',
      '    evt_003  object.created  by planner',
      '    evt_001  goal.created  by user',
      '  probably changed:',
      expect.stringContaining("    - the code of behavior 'planner'") as unknown,
      '',
    ]);
  });

  test('ends with 5 and tells it as JSON', async () => {
    const ended = await place.runlog([...stored, '--verify', '--program', 'changed.js', '--json']);
    expect(ended.code).toBe(5);
    expect(json(ended)).toMatchObject({
      run_id: 'run_x',
      verified: 2,
      divergence: {
        kind: 'payload_mismatch',
        event_id: 'evt_003',
        field: 'payload.object.data.title',
        expected: 'Research',
        actual: 'Another title',
        behavior: 'planner',
        cause_chain: [
          { event_id: 'evt_003', type: 'object.created', actor: 'planner' },
          { event_id: 'evt_001', type: 'goal.created', actor: 'user' },
        ],
      },
    });
  });

  test('says that the program of a run is missing', async () => {
    const ended = await place.runlog([...stored, '--verify']);
    expect(ended.code).toBe(5);
    expect(ended.stdout).toContain("- behavior 'planner' is not given");
    expect(ended.stderr).toContain('--program FILE');
  });

  test('passes for the quickstart and its fork, without a program', async () => {
    expect((await place.runlog(['quickstart', '--store', 'sqlite:///quick.db'])).code).toBe(0);
    for (const runId of ['quickstart', 'quickstart-stricter']) {
      const ended = await place.runlog(['replay', 'sqlite:///quick.db', '--run-id', runId, '--verify']);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const rebuilt = await place.runlog(['replay', 'sqlite:///quick.db', '--run-id', runId]);
      expect(rebuilt.stdout).toContain(
        `confidence_threshold_for_review: ${runId === 'quickstart' ? '0.7' : '0.9'}\n`,
      );
    }
  });

  test('can be interrupted', async () => {
    await makeLongRun(place.path('long.db'), { count: 20_000, characters: 200 });
    const child = place.start(['replay', 'sqlite:///long.db', '--run-id', 'run_l', '--verify']);
    const ended = new Promise<NodeJS.Signals | null>((done) => {
      child.once('close', (_code, signal) => done(signal));
    });
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
  });
});

const refusals: readonly (readonly [string, number, readonly string[], RegExp])[] = [
  ['no run', 2, ['replay', url], /required option '--run-id <run>' not specified/],
  ['an empty run id', 2, ['replay', url, '--run-id', ''], /--run-id <run>.* is invalid/],
  ['a bare path', 2, ['replay', 'runs.db', '--run-id', 'run_x'], /Write it as sqlite:\/\/\/runs\.db\./],
  ['a program without --verify', 2, [...stored, '--program', 'program.js'], /--program needs --verify/],
  ['a store that is not there', 3, ['replay', 'sqlite:///no.db', '--run-id', 'run_x'], /no store at/],
  ['a run that is not there', 3, ['replay', url, '--run-id', 'nobody'], /run 'nobody'/],
  [
    'a run that is not there, to verify',
    3,
    ['replay', url, '--run-id', 'nobody', '--verify'],
    /run 'nobody'/,
  ],
  ['a changed payload', 4, ['replay', 'sqlite:///changed.db', '--run-id', 'run_x'], /damaged/],
  [
    'a changed payload, to verify',
    4,
    ['replay', 'sqlite:///changed.db', '--run-id', 'run_x', '--verify'],
    /damaged/,
  ],
  ['a cut payload', 4, ['replay', 'sqlite:///cut.db', '--run-id', 'run_x'], /payload/],
  ['a cut payload, to verify', 4, ['replay', 'sqlite:///cut.db', '--run-id', 'run_x', '--verify'], /payload/],
];

const badPrograms: readonly (readonly [string, RegExp])[] = [
  ['missing.js', /there is no such file/],
  ['node_modules', /there is no such file/],
  ['broken.js', /cannot be imported: SyntaxError/],
  ['throwing.js', /cannot be imported: Error: no key in the environment/],
  ['refusing.js', /its function threw: TypeError: no settings/],
  ['rejecting.js', /its function threw: a text/],
  ['nothing.js', /its default export is no object of options/],
  ['number.js', /its default export is no object of options/],
  ['nested.js', /its 'behaviors' is no list/],
  ['misspelled.js', /it has an option 'behaviours'/],
  ['lost.js', /cannot be imported: Error: Cannot find package 'a-package-that-is-not-there'/],
];

function expectRefused({ code, stderr, stdout }: Ended, expected: number, text: RegExp): void {
  expect(stdout).toBe('');
  expect(stderr).toMatch(text);
  expect(stderr).toContain('How to fix:');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(expected);
}

describe('what is refused', () => {
  test.each(refusals)('%s: exit %i', async (_what, code, args, text) => {
    const before = place.fingerprint();
    expectRefused(await place.runlog(args), code, text);
    expect(place.fingerprint()).toEqual(before);
  });

  test.each(badPrograms)('the program %s: exit 2', async (file, text) => {
    expectRefused(await place.runlog([...stored, '--verify', '--program', file]), 2, text);
  });

  test('a program with what is no behavior: exit 1, in a sentence', async () => {
    const ended = await place.runlog([...stored, '--verify', '--program', 'strange.js']);
    expectRefused(ended, 1, /has no usable name or no run function/);
  });

  test('an error is JSON when JSON was asked for', async () => {
    const ended = await place.runlog([...stored, '--verify', '--program', 'missing.js', '--json']);
    expect(JSON.parse(ended.stderr)).toMatchObject({
      error: { name: 'ProgramFileError', code: 'program-file-error' },
    });
    expect(ended.code).toBe(2);
  });
});

test('what a stranger wrote into a log cannot steer the terminal', async () => {
  const ended = await place.runlog(['replay', 'sqlite:///hostile.db', '--run-id', 'run_h', '--verify']);
  expect(ended.stdout).not.toContain(hostileText.slice(-10));
  expect(ended.stdout.includes('\u001b')).toBe(false);
});
