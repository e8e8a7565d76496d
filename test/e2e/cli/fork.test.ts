// `runlog fork` as people run it: what it makes, what the lists say of it afterwards, and what it refuses without a trace.
import { load, open } from 'runlog';
import { diligence } from 'runlog/packs/diligence';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { offline } from '../diligence/open-diligence.ts';
import { makeReadmeRun } from './stored-runs.ts';
import { workplace, Workplace } from './workplace.ts';

const url = 'sqlite:///runs.db';
const place = new Workplace();

async function makeRuns(path: string): Promise<void> {
  const run = await open(path, offline({ max_questions: 12 }, { runId: 'deal' }));
  await run.emit('goal.created', { goal: 'Something else' });
  await run.close();
  await makeReadmeRun(path);
}

beforeAll(async () => makeRuns(place.path('runs.db')));
afterAll(() => place.remove());

const forkJson = z.strictObject({
  parent_run_id: z.string(),
  new_run_id: z.string(),
  at_event: z.string(),
  label: z.string().nullable(),
  events_copied: z.number(),
  overrides: z.array(z.strictObject({ pack: z.string(), key: z.string(), value: z.unknown() })).optional(),
  recording: z.boolean().optional(),
});

async function forked(own: Workplace, ...args: readonly string[]): Promise<z.infer<typeof forkJson>> {
  const { code, stdout, stderr } = await own.runlog(['fork', url, ...args, '--json']);
  expect(code, stderr).toBe(0);
  return forkJson.parse(JSON.parse(stdout));
}

describe('a fork', () => {
  test('shares its past, and says so as text', async () => {
    const own = workplace();
    await makeReadmeRun(own.path('runs.db'));
    const { code, stdout } = await own.runlog(['fork', url, '--run-id', 'run_x', '--at-event', 'evt_006']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^forked run_x at evt_006 -> [0-9A-Z]{26} \(6 events\)\n$/);
  });

  test('has the id that was chosen for it', async () => {
    const own = workplace();
    await makeReadmeRun(own.path('runs.db'));
    const made = await forked(own, '--run-id', 'run_x', '--at-event', 'evt_006', '--id', 'another way');
    expect(made.new_run_id).toBe('another way');
    const args = ['inspect', url, '--run-id', 'another way', '--json'];
    expect(JSON.parse((await own.runlog(args)).stdout)).toMatchObject({
      run_id: 'another way',
      forked_from: { parent_run_id: 'run_x', at_event: 'evt_006' },
    });
  });

  test('has its settings, its label and its recording, which the lists show', async () => {
    const own = workplace();
    await makeRuns(own.path('runs.db'));
    const args = ['--run-id', 'deal', '--at-event', 'evt_002', '--label', 'fewer'];
    const sets = [
      '--set',
      'diligence.max_questions=5',
      '--set',
      'auto_approve_memos=false',
      '--set',
      'max_questions=5',
    ];
    const made = await forked(own, ...args, ...sets, '--record');
    expect(made).toMatchObject({
      parent_run_id: 'deal',
      at_event: 'evt_002',
      label: 'fewer',
      events_copied: 2,
      overrides: [
        { pack: 'diligence', key: 'max_questions', value: 5 },
        { pack: 'diligence', key: 'auto_approve_memos', value: false },
      ],
      recording: true,
    });
    const runs: unknown = JSON.parse((await own.runlog(['runs', url, '--json'])).stdout);
    expect(runs).toContainEqual(
      expect.objectContaining({
        run_id: made.new_run_id,
        parent_run_id: 'deal',
        forked_at_event_id: 'evt_002',
        label: 'fewer',
        recording: true,
      }),
    );
    const inspected: unknown = JSON.parse(
      (await own.runlog(['inspect', url, '--run-id', made.new_run_id, '--json'])).stdout,
    );
    expect(inspected).toMatchObject({
      events_processed: 5,
      forked_from: { parent_run_id: 'deal', at_event: 'evt_002', label: 'fewer', recording: true },
    });
    const options = offline({}, { packs: [diligence] });
    const fork = await load(own.path('runs.db'), { ...options, runId: made.new_run_id });
    expect(fork.packHistory.overrides.map(({ key }) => key)).toEqual(['max_questions', 'auto_approve_memos']);
    expect(fork.installed.policies).toEqual(['diligence.memo_approval']);
    await fork.close();
  });

  test('prints its settings and its recording as text', async () => {
    const own = workplace();
    await makeRuns(own.path('runs.db'));
    const args = ['--run-id', 'deal', '--at-event', 'evt_002', '--set', 'llm_model=opus', '--record'];
    const { stdout } = await own.runlog(['fork', url, ...args]);
    expect(stdout).toContain('\n  override: diligence.llm_model="opus"\n  recording: ');
  });
});

const at = ['--run-id', 'deal', '--at-event', 'evt_002'];
const refusals: readonly (readonly [string, number, readonly string[], RegExp])[] = [
  ['a run that is not there', 3, ['--run-id', 'nope', '--at-event', 'evt_001'], /run 'nope' not found/],
  [
    'an event that is not there',
    3,
    ['--run-id', 'deal', '--at-event', 'evt_099'],
    /event 'evt_099' not found/,
  ],
  ['no run', 2, ['--at-event', 'evt_001'], /required option '--run-id <run>' not specified/],
  ['no event', 2, ['--run-id', 'deal'], /required option '--at-event <event>' not specified/],
  ['a setting without a value', 2, [...at, '--set', 'max_questions'], /of the form pack\.key=value/],
  ['a setting without a name', 2, [...at, '--set', '=5'], /of the form pack\.key=value/],
  ['a setting without a key', 2, [...at, '--set', 'diligence.=5'], /of the form pack\.key=value/],
  [
    'an unknown pack',
    2,
    [...at, '--set', 'dilligence.max_questions=5'],
    /Did you mean 'diligence\.max_questions'/,
  ],
  [
    'an unknown key',
    2,
    [...at, '--set', 'diligence.max_question=5'],
    /Did you mean 'diligence\.max_questions'/,
  ],
  ['an unknown key without a pack', 2, [...at, '--set', 'zzz=5'], /no pack that the run has loaded has it/],
  ['a value of another type', 2, [...at, '--set', 'diligence.max_questions=many'], /max_questions/],
  ['a value out of range', 2, [...at, '--set', 'support_threshold=1.5'], /support_threshold/],
  [
    'two values of one setting',
    2,
    [...at, '--set', 'max_questions=5', '--set', 'diligence.max_questions=6'],
    /two values, 5 and 6/,
  ],
  [
    'a setting of a run without packs',
    2,
    ['--run-id', 'run_x', '--at-event', 'evt_001', '--set', 'a.b=1'],
    /The run has loaded: no packs/,
  ],
  [
    'a place among changes',
    2,
    ['--run-id', 'run_x', '--at-event', 'evt_004'],
    /Fork at 'evt_002' .* or at 'evt_006'/,
  ],
  [
    'an id that a run has',
    5,
    [...at, '--id', 'run_x'],
    /`runlog inspect sqlite:\/\/\/runs\.db --run-id run_x`/,
  ],
  ['a plan with an id that a run has', 5, [...at, '--id', 'run_x', '--plan'], /run 'run_x' exists already/],
  ['an empty id', 2, [...at, '--id', ''], /--id <run>.*It is empty/],
  ['a plan with an empty id', 2, [...at, '--id', ' ', '--plan'], /--id <run>.*It is empty/],
  ['an id that is too long', 2, [...at, '--id', 'x'.repeat(257)], /--id <run>.*more than 256 characters/],
  ['an option that is not known', 2, [...at, '--to', 'sqlite:///other.db'], /unknown option '--to'/],
];

describe('a refusal', () => {
  test.each(refusals)('of %s: exit code %i', async (_, code, args, text) => {
    const before = place.fingerprint();
    const result = await place.runlog(['fork', url, ...args]);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(text);
    expect(place.fingerprint()).toEqual(before);
  });

  test('is JSON when JSON was asked for', async () => {
    const { code, stderr } = await place.runlog(['fork', url, ...at, '--set', 'zzz=5', '--json']);
    expect([code, JSON.parse(stderr)]).toMatchObject([2, { error: { name: 'InvalidOverrideError' } }]);
  });
});
