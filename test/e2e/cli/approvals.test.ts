// `runlog approvals`, `approve` and `deny`: a person decides, without the program that drives the run.
import { load } from 'runlog';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeGatedRun } from './stored-runs.ts';
import { type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///runs.db';
let place: Workplace;

beforeEach(async () => {
  place = workplace();
  await makeGatedRun(place.path('runs.db'));
});

async function lastEvents(count: number): Promise<readonly object[]> {
  const run = await load(place.path('runs.db'), { runId: 'run_g' });
  const events: object[] = [];
  for await (const { type, actor, payload } of run.events()) events.push({ type, actor, payload });
  await run.close();
  return events.slice(-count);
}

describe('approvals', () => {
  test('lists what waits for a decision', async () => {
    const { code, stdout } = await place.runlog(['approvals', url]);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'run_id: run_g  (the run created last)',
      'waiting for a decision (2):',
      '  approval_001  risk  pack=gated  (evt_004)',
      '    reason: customer concentration',
      '    title: Concentration',
      '  approval_002  risk  pack=gated  (evt_005)',
      '    reason: churn is high',
      '    title: Churn',
      '',
    ]);
  });

  test('lists it as JSON', async () => {
    const { stdout } = await place.runlog(['approvals', url, '--run-id', 'run_g', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        approval_id: 'approval_001',
        object_type: 'risk',
        reason: 'customer concentration',
        pack: 'gated',
        event_id: 'evt_004',
        data: { title: 'Concentration' },
      },
      { approval_id: 'approval_002' },
    ]);
  });
});

describe('approve', () => {
  test('adds the object in the name of the one who decided', async () => {
    const { code, stdout } = await place.runlog(['approve', url, 'approval_001', '--by', 'jane']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'approved approval_001 by jane -> risk#1\nrun run_g goes on when its program loads it\n',
    });
    expect(await lastEvents(2)).toMatchObject([
      {
        type: 'approval.granted',
        payload: { approval_id: 'approval_001', approved_by: 'jane', object_id: 'risk#1' },
      },
      { type: 'object.created', actor: 'jane', payload: { object: { data: { title: 'Concentration' } } } },
    ]);
  });

  test('takes the number alone', async () => {
    const { code, stdout } = await place.runlog(['approve', url, '2', '--by', 'jane', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      run_id: 'run_g',
      approval_id: 'approval_002',
      object_type: 'risk',
      approved_by: 'jane',
      object_id: 'risk#1',
    });
  });

  test('decides a proposal once', async () => {
    await place.runlog(['approve', url, 'approval_001', '--by', 'jane']);
    const before = place.fingerprint();
    const { code, stderr } = await place.runlog(['approve', url, 'approval_001', '--by', 'john']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: approval 'approval_001' is not pending: .+ (granted|denied) it\n/);
    expect(place.fingerprint()).toEqual(before);
  });

  test('is refused while another process drives the run', async () => {
    const run = await load(place.path('runs.db'), { runId: 'run_g' });
    const before = await run.head();
    const { code, stderr } = await place.runlog(['approve', url, 'approval_001', '--by', 'jane']);
    const after = await run.head();
    await run.close();
    expect(code).toBe(5);
    expect(stderr).toContain(`error: run 'run_g' is held by process ${process.pid}`);
    expect(after).toEqual(before);
  });

  test('is refused, with a way out, where the folder of the store cannot be written', async () => {
    const { code, stderr } = await place.asReader(['approve', url, 'approval_001', '--by', 'jane']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: store 'runs\.db' could not be read or written\n/);
    expect(stderr).toContain('`cp runs.db ');
  });
});

describe('deny', () => {
  test('writes down who denied it, and why', async () => {
    const { code, stdout } = await place.runlog([
      'deny',
      url,
      'approval_001',
      '--by',
      'jane',
      '--reason',
      'no source',
    ]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'denied approval_001 (risk) by jane: no source\nrun run_g\n',
    });
    expect(await lastEvents(1)).toMatchObject([
      {
        type: 'approval.denied',
        payload: { approval_id: 'approval_001', denied_by: 'jane', reason: 'no source' },
      },
    ]);
  });

  test('confirms it as JSON', async () => {
    const { stdout } = await place.runlog(['deny', url, '1', '--by', 'jane', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      run_id: 'run_g',
      approval_id: 'approval_001',
      object_type: 'risk',
      denied_by: 'jane',
      reason: '',
    });
  });

  test('leaves the other proposals as they are', async () => {
    await place.runlog(['deny', url, 'approval_001', '--by', 'jane']);
    const { stdout } = await place.runlog(['approvals', url, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ approval_id: 'approval_002' }]);
  });
});
