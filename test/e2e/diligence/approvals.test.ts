// Gated risks and memos: they wait, one batch and one memo a company, until somebody decides; nothing walks round the gate.
import { beforeEach, expect, test } from 'vitest';
import { ApprovalNotFoundError, behavior, load, openStore, open, type Runtime } from 'runlog';
import { goals, offline, openDiligence } from './open-diligence.ts';

const gated = { auto_approve_memos: false, auto_approve_risks: false };

let runtime: Runtime;

beforeEach(async () => {
  runtime = await openDiligence(gated);
  await runtime.runGoal(goals['northwind'] ?? '');
});

test('risks wait for approval, with the policy in the reason', async () => {
  const pending = await runtime.approvals();
  expect(pending.map(({ id, objectType, reason, pack }) => [id, objectType, reason, pack])).toEqual([
    ['approval_001', 'risk', 'risk_approval policy: Hallberg buys fewer cells after March 2026', 'diligence'],
    ['approval_002', 'risk', 'risk_approval policy: Gear supply interrupts deliveries', 'diligence'],
  ]);
  expect(runtime.graph.objects('risk')).toEqual([]);
  expect(runtime.errors).toEqual([]);
});

test('an approved risk is in the graph in the name of who approved it', async () => {
  const id = await runtime.approve('approval_001', { by: 'jane' });
  expect(runtime.graph.object(id)).toMatchObject({
    type: 'risk',
    data: { title: 'Hallberg buys fewer cells after March 2026', company_id: 'company#1' },
    provenance: { created_by: 'jane' },
  });
});

test('the first approved risk leads to the proposal of a memo', async () => {
  await runtime.approve('approval_001', { by: 'jane' });
  await runtime.runUntilIdle();
  expect((await runtime.approvals()).map(({ id, objectType, reason }) => [id, objectType, reason])).toEqual([
    ['approval_002', 'risk', 'risk_approval policy: Gear supply interrupts deliveries'],
    ['approval_003', 'memo', 'memo_approval policy: Northwind Robotics'],
  ]);
  expect(runtime.errors).toEqual([]);
});

test('a second approved risk does not lead to a second memo, in whatever order they are approved', async () => {
  await runtime.approve('approval_002', { by: 'jane' });
  await runtime.runUntilIdle();
  await runtime.approve('approval_001', { by: 'jane' });
  await runtime.runUntilIdle();
  expect((await runtime.approvals()).map(({ objectType }) => objectType)).toEqual(['memo']);
});

test('two risks approved at once lead to one memo with both', async () => {
  await runtime.approve('approval_001', { by: 'jane' });
  await runtime.approve('approval_002', { by: 'jane' });
  await runtime.runUntilIdle();
  const memoId = await runtime.approve('approval_003', { by: 'jane' });
  expect(runtime.graph.object(memoId)?.data['risks']).toEqual(
    runtime.graph.objects('risk').map(({ id }) => id),
  );
  expect(runtime.graph.objects('risk')).toHaveLength(2);
});

test('an approval can be given once', async () => {
  await runtime.approve('approval_001', { by: 'jane' });
  await expect(runtime.approve('approval_001', { by: 'jane' })).rejects.toBeInstanceOf(ApprovalNotFoundError);
});

test('denied risks lead to no memo and to no second batch', async () => {
  await runtime.deny('approval_001', { by: 'jane', reason: 'known' });
  await runtime.deny('approval_002', { by: 'jane' });
  await runtime.runGoal(goals['northwind'] ?? '');
  expect(await runtime.approvals()).toEqual([]);
  expect(runtime.graph.objects('memo')).toEqual([]);
});

test('what waits survives closing and loading', async () => {
  const store = await openStore('memory:');
  const first = await open(store, offline(gated));
  await first.runGoal(goals['northwind'] ?? '');
  const waiting = await first.approvals();
  await first.close();
  const second = await load(store, offline(gated));
  expect(await second.approvals()).toEqual(waiting);
  await second.approve('approval_001', { by: 'jane' });
  await second.runUntilIdle();
  expect((await second.approvals()).map(({ objectType }) => objectType)).toEqual(['risk', 'memo']);
});

test.each(['risk', 'memo'])(
  'a %s that a behavior adds directly is refused, and the behavior fails',
  async (type) => {
    const hasty = behavior({
      name: 'hasty',
      on: 'test.begun',
      run: ({ graph }) => void graph.addObject(type, { company_id: 'c' }),
    });
    const other = await openDiligence(gated, { behaviors: [hasty] });
    await other.emit('test.begun');
    await other.runUntilIdle();
    expect(other.errors).toMatchObject([{ behavior: 'hasty', reason: 'approval.required' }]);
    expect(other.graph.objects(type)).toEqual([]);
  },
);
