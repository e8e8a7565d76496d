// `runlog inspect` and `runlog runs`, as a person calls them.
import { DatabaseSync } from 'node:sqlite';
import { open } from 'runlog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeGatedRun, makeHostileRun, makeModelRun, makeReadmeRun } from './stored-runs.ts';
import { type Ended, Workplace, workplace } from './workplace.ts';

const place = new Workplace();
const url = 'sqlite:///runs.db';

beforeAll(async () => {
  await makeReadmeRun(place.path('runs.db'));
  await makeModelRun(place.path('runs.db'));
  await makeGatedRun(place.path('runs.db'));
  await makeHostileRun(place.path('hostile.db'));
});
afterAll(() => place.remove());

async function inspect(...args: readonly string[]): Promise<Ended> {
  return place.runlog(['inspect', url, ...args]);
}

async function json(...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await inspect(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('inspect', () => {
  test('prints the status of a run', async () => {
    const { code, stdout } = await inspect('--run-id', 'run_x', '--tail', '2');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'run_id:           run_x',
      'state:            idle',
      'queue_depth:      0',
      'events_processed: 16',
      'frame:            frame_001 (Audit)',
      'budget:',
      '  max_events           7 / unlimited',
      '  max_behavior_calls   4 / unlimited',
      '  max_llm_calls        0 / unlimited',
      '  max_tool_calls       0 / unlimited',
      '  max_patches          1 / unlimited',
      '  max_seconds          0 / unlimited',
      '  max_cost_usd         0 / 5.00',
      'registered behaviors:',
      '  planner                        function   on=goal.created',
      '  researcher                     function   on=object.created',
      '  unblock                        relation   on=task.completed',
      'recent events (last 2):',
      '  evt_015            behavior.completed        unblock',
      '  evt_016            runtime.idle              queue empty, budget remaining',
      '',
    ]);
  });

  test('prints the status as JSON', async () => {
    expect(await json('--run-id', 'run_x', '--tail', '1')).toMatchObject({
      run_id: 'run_x',
      state: 'idle',
      queue_depth: 0,
      events_processed: 16,
      budget: { used: { max_events: 7, max_behavior_calls: 4 }, cost_limit_usd: '5.00', exhausted_by: null },
      frame: { id: 'frame_001', name: 'Audit' },
      registered_behaviors: [{ name: 'planner' }, { name: 'researcher' }, { name: 'unblock' }],
      recent_events: [
        { id: 'evt_016', type: 'runtime.idle', actor: 'runtime', timestamp: '2026-05-15T10:32:01Z' },
      ],
      pending_approvals: 0,
    });
  });

  test('takes the run that was created last when nobody names one, and says so', async () => {
    expect((await inspect()).stdout).toMatch(/^run_id: {11}run_g {2}\(the run created last\)\n/);
  });

  test('lists no events for a tail of 0', async () => {
    expect(await json('--tail', '0')).toMatchObject({ recent_events: [] });
  });

  test('lists all events for a tail longer than the run', async () => {
    expect(await json('--run-id', 'run_x', '--tail', '10000')).toHaveProperty('recent_events.length', 16);
  });

  test('shows one event in full', async () => {
    const { code, stdout, stderr } = await inspect('--run-id', 'run_x', '--event', 'evt_001');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'event:       evt_001',
        'type:        goal.created',
        'actor:       user',
        'frame:       frame_001',
        'caused_by:   (none)',
        'timestamp:   2026-05-15T10:32:01Z',
        'payload:',
        '{',
        '  "goal": "Evaluate this startup idea"',
        '}',
        '',
      ].join('\n'),
    );
  });

  test('shows one event as JSON', async () => {
    expect(await json('--run-id', 'run_x', '--event', 'evt_001')).toEqual({
      id: 'evt_001',
      type: 'goal.created',
      actor: 'user',
      frame_id: 'frame_001',
      caused_by: null,
      timestamp: '2026-05-15T10:32:01Z',
      payload: { goal: 'Evaluate this startup idea' },
    });
  });

  test('says beside the event which run it took', async () => {
    expect((await inspect('--event', 'evt_001')).stderr).toBe('run_id: run_g  (the run created last)\n');
  });

  test('lists behaviors without the program that has them', async () => {
    expect((await inspect('--run-id', 'run_m', '--behaviors')).stdout.split('\n')).toEqual([
      '  planner                        function   on=goal.created  started=1',
      '  extractor                      llm        on=object.created  started=1',
      '',
    ]);
  });

  test('lists behaviors as JSON', async () => {
    expect(await json('--run-id', 'run_x', '--behaviors')).toContainEqual({
      name: 'unblock',
      kind: 'relation',
      subscribed_to: ['task.completed'],
      activate_after: null,
      started: 1,
      failed: 0,
    });
  });

  test('lists packs with the hashes of their prompts', async () => {
    expect((await inspect('--pack-version')).stdout).toBe(
      [
        'packs loaded (1):',
        '  gated                    0.1.0          (evt_001)',
        '    prompt gatekeeper               v1.0.0    hash=2cf24dba5fb0',
        '',
      ].join('\n'),
    );
  });

  test('lists packs as JSON', async () => {
    expect(await json('--pack-version')).toEqual([
      {
        event_id: 'evt_001',
        pack: 'gated',
        version: '0.1.0',
        prompts: { gatekeeper: { version: '1.0.0', hash: 'sha256:2cf24dba5fb0a30e' } },
      },
    ]);
  });

  test('says so when a run has no packs', async () => {
    expect((await inspect('--run-id', 'run_x', '--pack-version')).stdout).toBe(
      '(no packs loaded in this run)\n',
    );
  });

  test('changes nothing', async () => {
    const before = place.fingerprint();
    await inspect();
    await inspect('--behaviors');
    expect(place.fingerprint()).toEqual(before);
  });
});

describe('runs', () => {
  test('lists the runs of a store, oldest first', async () => {
    const { code, stdout } = await place.runlog(['runs', url]);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((text) => text.replace(/20\d\d-\S+Z/, 'TIME'))).toEqual([
      'RUN                          CREATED                EVENTS  STATE      ABOUT',
      'run_x                        TIME       16  idle       Evaluate this startup idea',
      'run_m                        TIME       14  idle       Audit Q3',
      'run_g                        TIME        7  idle       Look for risks',
      '',
    ]);
  });

  test('lists them as JSON, with the hashes of their heads', async () => {
    const { stdout } = await place.runlog(['runs', url, '--json']);
    const listed = z
      .array(z.looseObject({ run_id: z.string(), head_hash: z.hash('sha256') }))
      .parse(JSON.parse(stdout));
    expect(listed).toMatchObject([
      { run_id: 'run_x', events: 16, state: 'idle', parent_run_id: null },
      { run_id: 'run_m' },
      { run_id: 'run_g' },
    ]);
  });
});

describe('a store with a damaged run', () => {
  test('is listed to its end, and the exit code tells of the damage', async () => {
    await makeReadmeRun(place.path('hurt.db'), 'hurt');
    await makeReadmeRun(place.path('hurt.db'), 'whole');
    const database = new DatabaseSync(place.path('hurt.db'));
    database.exec("UPDATE events SET payload = '{' WHERE seq = 1 AND log = 1");
    database.close();
    const { code, stdout } = await place.runlog(['runs', 'sqlite:///hurt.db']);
    expect(code).toBe(4);
    expect(stdout.split('\n').map((text) => text.replace(/ +.* 16 +/, ' ').trim())).toEqual([
      'RUN                          CREATED                EVENTS  STATE      ABOUT',
      'hurt damaged',
      'whole idle       Evaluate this startup idea',
      '',
    ]);
  });
});

describe('inspect --search', () => {
  test('lists the events that hold a text, in capitals or not', async () => {
    const { code, stdout } = await inspect('--run-id', 'run_x', '--search', 'MARKET early');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}evt_008 +object\.created +claim#3 "Market early but growing\."\n$/);
  });

  test('gives each event as a line of JSON', async () => {
    const { stdout } = await inspect('--run-id', 'run_x', '--search', 'market early', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object.created', payload: { id: 'claim#3' } });
  });

  test('says beside the output that nothing was found', async () => {
    const { code, stdout, stderr } = await inspect('--search', 'no such text');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('No event holds this text.');
  });
});

describe('inspect --memo', () => {
  test('prints the memos of a run, with the words of what they cite', async () => {
    const own = workplace();
    const run = await open(own.path('memos.db'));
    await run.mutate((graph) => {
      const evidence = graph.addObject('evidence', { text: 'Revenue rose 17 %.' });
      const claim = { claim_id: 'claim#9', text: 'It grows.', evidence_ids: [evidence.id] };
      graph.addObject('memo', { company_id: 'company#1', summary: 'Buy.', key_claims: [claim] });
    });
    await run.close();
    const { code, stdout } = await own.runlog(['inspect', 'sqlite:///memos.db', '--memo']);
    expect(code).toBe(0);
    expect(stdout).toContain('Summary\n  Buy.\n');
    expect(stdout).toContain('  - It grows. (claim#9)\n      "Revenue rose 17 %." (evidence#1)\n');
  });

  test('says that there are none', async () => {
    expect((await inspect('--run-id', 'run_x', '--memo')).stdout).toBe('(no memos in this run)\n');
    expect(await json('--run-id', 'run_x', '--memo')).toEqual([]);
  });
});

describe('what strangers wrote into a run', () => {
  const hostile = 'sqlite:///hostile.db';
  test.each([
    ['runs', hostile],
    ['runs', hostile, '--json'],
    ['inspect', hostile],
    ['inspect', hostile, '--json'],
    ['inspect', hostile, '--event', 'evt_001'],
    ['inspect', hostile, '--event', 'evt_002', '--json'],
    ['inspect', hostile, '--search', 'e'],
    ['inspect', hostile, '--memo'],
    ['status', hostile],
    ['export-trace', hostile],
    ['export-trace', hostile, '--format', 'jsonl'],
    ['approvals', hostile],
  ])('steers no terminal: %s %s %s %s', async (...args) => {
    const { code, stdout, stderr } = await place.runlog(args.filter((arg) => arg !== undefined));
    expect(code).toBe(0);
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('begins no line of the trace', async () => {
    const { stdout } = await place.runlog(['export-trace', hostile]);
    expect(stdout.split('\n').filter((text) => text.startsWith('[runtime.idle]'))).toEqual([]);
  });
});
