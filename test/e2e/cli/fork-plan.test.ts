// `runlog fork --plan`: what a fork would ask and cost is told by the built command, with its program in a file, for shipped
// packs without one; and nothing is made.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadProgramFile, open } from 'runlog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workplace } from './workplace.ts';

const url = 'sqlite:///runs.db';
const place = new Workplace();

const program = `
import { behavior, pack, tool } from 'runlog';
import { z } from 'zod';
const quote = tool({ name: 'quote', costPerCallUsd: '0.02', run: () => 4 });
const asker = behavior({
  name: 'asker',
  on: 'goal.created',
  tools: ['quote'],
  run: async ({ ctx }) => {
    for (let n = 0; n < ctx.settings.times; n += 1) await ctx.callTool('quote', { n });
  },
});
const prices = pack({
  name: 'prices',
  version: '1.0.0',
  settings: z.object({ times: z.number().default(1) }),
  tools: [quote],
  behaviors: [asker],
});
export default { packs: [prices] };
`;

beforeAll(async () => {
  mkdirSync(place.path('node_modules'));
  symlinkSync(resolve('.'), place.path('node_modules/runlog'));
  symlinkSync(resolve('node_modules/zod'), place.path('node_modules/zod'));
  writeFileSync(place.path('package.json'), '{"type":"module"}');
  const file = place.path('program.js');
  writeFileSync(file, program);
  const run = await open(place.path('runs.db'), { ...(await loadProgramFile(file)), runId: 'buy' });
  await run.runGoal('Buy');
  await run.close();
  const { code, stderr } = await place.runlog(['quickstart', '--store', url]);
  expect(code, stderr).toBe(0);
});
afterAll(() => place.remove());

const atGoal = ['--run-id', 'buy', '--at-event', 'evt_002'];
const withProgram = [...atGoal, '--program', 'program.js'];
const quickstart = ['--run-id', 'quickstart', '--at-event', 'evt_636'];

async function planned(...args: readonly string[]): Promise<unknown> {
  const before = place.fingerprint();
  const { code, stdout, stderr } = await place.runlog(['fork', url, ...args, '--plan', '--json']);
  expect(code, stderr).toBe(0);
  expect(place.fingerprint()).toEqual(before);
  return JSON.parse(stdout);
}

describe('the plan of a fork', () => {
  test('of the quickstart lists what another setting asks anew, and nothing without one', async () => {
    expect(await planned(...quickstart)).toEqual({
      parent_run_id: 'quickstart',
      at_event: 'evt_636',
      shared_events: 636,
      served_from_record: 7,
      live: [],
      diverging: [],
      stopped_after_events: null,
      estimated_cost_usd: '0',
      is_complete: true,
    });
    const setting = 'diligence.confidence_threshold_for_review=0.9';
    expect(await planned(...quickstart, '--set', setting)).toMatchObject({
      shared_events: 636,
      served_from_record: 6,
      live: [{ kind: 'model', behavior: 'diligence.memo_synthesizer', basis: 'provider' }],
    });
  });

  test('of the quickstart that asks again lists its models', async () => {
    expect(await planned(...quickstart, '--record')).toMatchObject({
      served_from_record: 0,
      is_complete: false,
      live: [
        { kind: 'model', behavior: 'diligence.document_researcher', basis: 'provider' },
        { kind: 'model', behavior: 'diligence.risk_identifier', basis: 'provider' },
      ],
    });
  });

  test('of a fork with an id of its own is the same', async () => {
    const plan = await planned(...withProgram, '--set', 'times=3');
    expect(await planned(...withProgram, '--set', 'times=3', '--id', 'more')).toEqual(plan);
  });

  test('takes the program of a file, and settings of its packs', async () => {
    expect(await planned(...withProgram)).toMatchObject({ served_from_record: 1, live: [] });
    expect(await planned(...withProgram, '--set', 'times=3')).toMatchObject({
      shared_events: 2,
      served_from_record: 1,
      live: [{ kind: 'tool', name: 'prices.quote', behavior: 'prices.asker', event_id: 'evt_002' }],
      estimated_cost_usd: '0.02',
      is_complete: false,
    });
  });

  test('reads as text', async () => {
    const { code, stdout } = await place.runlog(['fork', url, ...withProgram, '--record', '--plan']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'fork of buy at evt_002: nothing is made, nobody is asked',
        '  shared with the parent:  2 events, at no cost',
        '  served from the record:  0 calls',
        '  live calls:              at least 1, about $0.020',
        '    prices.asker on evt_002: tool prices.quote  $0.020 (declared by the tool)',
        '  What comes of these answers is not known, so the fork may ask more.',
        '',
      ].join('\n'),
    );
  });
});

test('a fork is made under settings of packs that a program file gives', async () => {
  const own = ['fork', url, ...withProgram, '--set', 'prices.times=2', '--json'];
  const { code, stdout } = await place.runlog(own);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    { events_copied: 2, overrides: [{ pack: 'prices', key: 'times', value: 2 }] },
  ]);
});

describe('a refusal', () => {
  test.each([
    ['a label', 2, [...withProgram, '--plan', '--label', 'x'], /--label is not for --plan/],
    ['a program for nothing', 2, withProgram, /--program needs --plan or --set/],
    [
      'a program that is not there',
      2,
      [...atGoal, '--plan', '--program', 'none.js'],
      /there is no such file/,
    ],
    ['an unknown setting', 2, [...withProgram, '--plan', '--set', 'time=3'], /Did you mean 'prices\.times'/],
    [
      'a run that is not there',
      3,
      ['--run-id', 'no', '--at-event', 'evt_001', '--plan'],
      /run 'no' not found/,
    ],
    [
      'an event that is not there',
      3,
      ['--run-id', 'buy', '--at-event', 'evt_099', '--plan'],
      /'evt_099' not found/,
    ],
    ['a program that is missing', 1, [...atGoal, '--plan'], /prices/],
  ] as const)('of %s: exit code %i, nothing made', async (_, code, args, text) => {
    const before = place.fingerprint();
    const result = await place.runlog(['fork', url, ...args]);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(text);
    expect(place.fingerprint()).toEqual(before);
  });
});
