// `runlog why` as people run it: the causal chain of an object, and nothing written.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeModelRun, makeReadmeRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const url = 'sqlite:///runs.db';

beforeAll(async () => {
  await makeReadmeRun(place.path('runs.db'));
  await makeModelRun(place.path('runs.db'));
});
afterAll(() => place.remove());

const chain = [
  'claim#2 (claim) "T"',
  '  ← extractor (evt_006) llm.requested  model=claude-sonnet-4-5',
  '    (evt_007) llm.responded cost=$0.001',
  '  ← extractor (evt_008) tool.requested  tool=my_tool',
  '    (evt_009) tool.responded cost=$0.001',
  '  ← extractor (evt_010) llm.requested  model=claude-sonnet-4-5',
  '    (evt_011) llm.responded cost=$0.001',
  '  ← extractor (evt_012) object.created',
  '    ← planner (evt_003) object.created',
  '      ← user (evt_001) goal.created',
  '',
].join('\n');

const patchedChain = [
  '  ← planner (evt_004) object.created',
  '    ← user (evt_001) goal.created',
  '  ← unblock (evt_014) patch.applied  version=2 at=2026-05-15T10:32:01Z',
  '    status: blocked -> open',
  '    ← researcher (evt_009) task.completed',
  '',
];

test('prints the calls and the events behind an object, and writes nothing', async () => {
  const before = place.fingerprint();
  const { code, stdout, stderr } = await place.runlog(['why', url, 'claim#2']);
  expect([code, stdout, stderr]).toEqual([0, chain, 'run_id: run_m  (the run created last)\n']);
  expect(place.fingerprint()).toEqual(before);
});

test('prints the same as JSON, with the events in full', async () => {
  const { code, stdout } = await place.runlog(['why', url, 'claim#2', '--run-id', 'run_m', '--json']);
  expect(code).toBe(0);
  const found: unknown = JSON.parse(stdout);
  expect(found).toMatchObject({
    object: { id: 'claim#2', type: 'claim', version: 1, data: { text: 'T' } },
    calls: [
      { request: { id: 'evt_006' }, answer: { id: 'evt_007', caused_by: 'evt_006' } },
      { request: { id: 'evt_008' }, answer: { id: 'evt_009' } },
      { request: { id: 'evt_010', caused_by: 'evt_006' }, answer: { id: 'evt_011' } },
    ],
    events: [{ id: 'evt_012' }, { id: 'evt_003' }, { id: 'evt_001', payload: { goal: 'Audit Q3' } }],
    cycle_at: null,
  });
});

test('prints who patched an object since, when, what and because of which event', async () => {
  const { code, stdout } = await place.runlog(['why', url, 'task#2', '--run-id', 'run_x']);
  expect([code, stdout.split('\n').slice(1)]).toEqual([0, patchedChain]);
});

test('prints the patches as JSON, behind what it had before', async () => {
  const { stdout } = await place.runlog(['why', url, 'task#2', '--run-id', 'run_x', '--json']);
  const found = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  expect(Object.keys(found)).toEqual(['object', 'calls', 'events', 'cycle_at', 'patches']);
  expect(found['object']).toMatchObject({ version: 2, data: { status: 'open' } });
  expect(found['patches']).toMatchObject([
    {
      ...{ version: 2, fields: ['status'], proposed_by: 'unblock', cause: { type: 'task.completed' } },
      event: { type: 'patch.applied', payload: { diff: { status: { old: 'blocked', new: 'open' } } } },
    },
  ]);
});

test.each([
  [
    'an object that is not there',
    3,
    [url, 'claim#9'],
    /object 'claim#9' not found in run 'run_m'[^]*claim#2/,
  ],
  ['a run that is not there', 3, [url, 'claim#2', '--run-id', 'nope'], /run 'nope' not found/],
  ['no object', 2, [url], /missing required argument 'object'/],
  ['a store that is not there', 3, ['sqlite:///none.db', 'claim#2'], /no store at 'none\.db'/],
] as const)('refuses %s with exit code %i', async (_, code, args, text) => {
  const result = await place.runlog(['why', ...args]);
  expect([result.code, result.stdout]).toEqual([code, '']);
  expect(result.stderr).toMatch(text);
});
