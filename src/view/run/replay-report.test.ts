import { expect, it } from 'vitest';
import type { Divergence, VerifyReport } from '../../runtime/index.ts';
import { forkPlanText, forkPlanToJson, type PlannedFork } from './fork-plan.ts';
import { projectedText, projectedToJson, verifyText, verifyToJson } from './replay-report.ts';

const hostile = 'x\n[runtime.idle] forged\u001b[2J';

const divergence: Divergence = {
  kind: 'length_mismatch',
  seq: 6,
  eventId: 'evt_006',
  eventType: 'behavior.started',
  field: 'type',
  expected: 'behavior.started',
  actual: null,
  behavior: hostile,
  causeChain: [{ eventId: 'evt_006', type: 'behavior.started', actor: null }],
  probablyChanged: [`behavior '${hostile}' is not given`],
};

const report: VerifyReport = {
  runId: 'run_x',
  events: 10,
  verified: 5,
  invocations: 2,
  calls: 1,
  divergence,
};

it('tells of a rebuilt run, with the settings of its packs', () => {
  const rebuilt = {
    runId: 'run_x',
    events: 3,
    objects: 2,
    relations: 1,
    effectiveSettings: { p: { count: 3, name: 'n' } },
    headHash: 'ab',
  };
  expect(projectedText(rebuilt)).toEqual([
    'run_id:    run_x',
    'events:    3',
    'objects:   2',
    'relations: 1',
    'head hash: ab',
    'effective_settings:',
    '  p:',
    '    count: 3',
    '    name: "n"',
  ]);
  expect(projectedToJson(rebuilt)).toMatchObject({
    effective_settings: { p: { count: 3 } },
    head_hash: 'ab',
  });
});

it('says that a repetition ended early, and that nothing of a log can steer a terminal', () => {
  const text = verifyText(report);
  expect(text).toContain('events:      5 of 10 found again');
  expect(text).toContain('  actual:   (nothing: the repetition ends here)');
  expect(text).toContain('    evt_006  behavior.started  by ?');
  expect(text.join('').includes('\u001b')).toBe(false);
  expect(text.every((told) => !told.includes('\n'))).toBe(true);
});

it('cuts long values in text, and keeps them in JSON', () => {
  const long = { ...report, divergence: { ...divergence, expected: 'y'.repeat(500) } };
  expect(verifyText(long, { columns: 40 }).find((told) => told.includes('expected:'))?.length).toBeLessThan(
    45,
  );
  expect(verifyToJson(long)).toMatchObject({ divergence: { expected: 'y'.repeat(500) } });
});

const call = {
  kind: 'model',
  name: 'm-1',
  behavior: 'reader',
  eventId: 'evt_003',
  estimatedInputTokens: 100,
  estimatedOutputTokens: 20,
  estimatedCostUsd: '0.25',
  basis: { kind: 'recorded', eventId: 'evt_007' },
} as const;

const plan: PlannedFork = {
  parent: 'run_x',
  atEvent: 'evt_002',
  sharedEvents: 2,
  servedFromRecord: 4,
  live: [
    call,
    { ...call, estimatedCostUsd: null, basis: { kind: 'none' } },
    { ...call, kind: 'tool', name: 'look', estimatedInputTokens: null, basis: { kind: 'declared' } },
  ],
  diverging: [{ behavior: 'writer', eventId: 'evt_009' }],
  stoppedAfterEvents: 20_000,
  estimatedCostUsd: '0.5',
  isComplete: false,
};

it('lists the live calls of a planned fork, with what each estimate is taken from', () => {
  expect(forkPlanText(plan)).toEqual([
    'fork of run_x at evt_002: nothing is made, nobody is asked',
    '  shared with the parent:  2 events, at no cost',
    '  served from the record:  4 calls',
    '  live calls:              at least 3, about $0.500, and 1 whose cost is not known',
    '    reader on evt_003: model m-1  ~100+20 tokens, $0.250 (as in evt_007)',
    '    reader on evt_003: model m-1  ~100+20 tokens, cost not known',
    '    reader on evt_003: tool look  $0.250 (declared by the tool)',
    '  fails with replay.diverged: writer on evt_009 asks something else than before; --record asks anew',
    '  Not planned to its end: stopped after 20000 events behind the fork point.',
    '  What comes of these answers is not known, so the fork may ask more.',
  ]);
  expect(forkPlanToJson(plan)).toMatchObject({
    estimated_cost_usd: '0.5',
    live: [{ basis: 'recorded', basis_event_id: 'evt_007' }, { estimated_cost_usd: null }, { kind: 'tool' }],
  });
});

it('says that a fork costs nothing when everything is in the record', () => {
  const free = {
    ...plan,
    live: [],
    diverging: [],
    stoppedAfterEvents: null,
    estimatedCostUsd: '0',
    isComplete: true,
  };
  expect(forkPlanText(free).at(-1)).toBe('  live calls:              none');
});
