/** Scenario 4: two proposals on one version; and what a patch may not be. */
import {
  InvalidPatchLifecycleState,
  InvalidPatchOperation,
  NotFoundError,
  PatchNotFoundError,
  type Runtime,
} from 'runlog';
import { expect, test } from 'vitest';
import { loadFixed, openFixed, theEvent, typesOf } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';
import { objectPayload, writeLog } from '../harness/raw-log.ts';

async function withTwoProposals(): Promise<Runtime> {
  const run = await openFixed();
  await run.mutate((graph) => {
    graph.addObject('t', { x: 1 });
    graph.proposePatch('t#1', { value: { x: 2 } });
    graph.proposePatch('t#1', { value: { x: 3 } });
  });
  return run;
}

test('of two proposals on one version the first is applied and the second rejected', async () => {
  const run = await withTwoProposals();
  const first = await run.mutate((graph) => graph.applyPatch('patch_001'));
  const second = await run.mutate((graph) => graph.applyPatch('patch_002'));
  expect([first.status, second.status]).toEqual(['applied', 'rejected']);
  expect((await theEvent(run, 'patch.applied')).payload).toMatchObject({ approved_by: 'system' });
  expect((await theEvent(run, 'patch.rejected')).payload).toEqual({
    patch_id: 'patch_002',
    target: 't#1',
    reason: 'version mismatch: expected 1, got 2',
    current_version: 2,
  });
  expect(run.graph.object('t#1')).toMatchObject({ version: 2, data: { x: 2 } });
  expect(run.graph.patch('patch_002')).toMatchObject({
    status: 'rejected',
    rejectionReason: 'version mismatch: expected 1, got 2',
  });
});

test('a decided patch is decided for good', async () => {
  const run = await withTwoProposals();
  await run.mutate((graph) => {
    graph.applyPatch('patch_001');
    graph.rejectPatch('patch_002', 'not now');
  });
  const before = await typesOf(run);
  for (const id of ['patch_001', 'patch_002']) {
    await expect(run.mutate((graph) => graph.applyPatch(id))).rejects.toBeInstanceOf(
      InvalidPatchLifecycleState,
    );
    await expect(run.mutate((graph) => graph.rejectPatch(id, 'x'))).rejects.toBeInstanceOf(
      InvalidPatchLifecycleState,
    );
  }
  expect(await typesOf(run)).toEqual(before);
});

test('a patch that nobody proposed cannot be decided', async () => {
  const run = await withTwoProposals();
  const applying = run.mutate((graph) => graph.applyPatch('patch_009'));
  await expect(applying).rejects.toBeInstanceOf(PatchNotFoundError);
  await expect(run.mutate((graph) => graph.rejectPatch('patch_009', ''))).rejects.toBeInstanceOf(
    NotFoundError,
  );
});

test('replace puts its value in place of the data', async () => {
  const run = await openFixed();
  await run.mutate((graph) => {
    graph.addObject('t', { x: 1, y: 1 });
    graph.proposePatch('t#1', { op: 'replace', value: { z: 3 } });
    graph.applyPatch('patch_001');
  });
  expect(run.graph.object('t#1')).toMatchObject({ version: 2, data: { z: 3 } });
  expect((await theEvent(run, 'patch.applied')).payload['diff']).toEqual({
    x: { old: 1, new: null },
    y: { old: 1, new: null },
    z: { old: null, new: 3 },
  });
});

test('an operation that is not known is refused', async () => {
  const run = await openFixed();
  const proposing = run.mutate((graph) => {
    graph.addObject('t', {});
    // A caller without types can name any operation.
    graph.proposePatch('t#1', { op: 'bogus' as 'update', value: { x: 1 } });
  });
  await expect(proposing).rejects.toBeInstanceOf(InvalidPatchOperation);
  expect(await typesOf(run)).toEqual([]);
});

test('a logged proposal of an unknown operation cannot be applied either', async () => {
  const store = memoryPlace().open();
  const patch = { id: 'patch_001', target: 't#1', op: 'bogus', value: { x: 2 }, expected_version: 1 };
  await writeLog(store, 'old', [
    { type: 'object.created', payload: objectPayload('t#1', 't', { x: 1 }) },
    { type: 'patch.proposed', payload: { patch: { ...patch, status: 'proposed' } } },
  ]);
  const run = await loadFixed(store, { runId: 'old' });
  const applying = run.mutate((graph) => graph.applyPatch('patch_001'));
  await expect(applying).rejects.toBeInstanceOf(InvalidPatchOperation);
});

test('a proposal whose target is gone is rejected at version 0', async () => {
  const run = await withTwoProposals();
  await run.mutate((graph) => {
    graph.removeObject('t#1');
    graph.applyPatch('patch_001');
  });
  expect((await theEvent(run, 'patch.rejected')).payload).toMatchObject({ current_version: 0 });
});

test('patchObject with a version that has passed is rejected and changes nothing', async () => {
  const run = await openFixed();
  await run.mutate((graph) => {
    graph.addObject('t', { x: 1 });
    graph.patchObject('t#1', { x: 2 });
  });
  const late = await run.mutate((graph) => graph.patchObject('t#1', { x: 3 }, { expectedVersion: 1 }));
  expect(late).toMatchObject({ status: 'rejected', rejectionReason: 'version mismatch: expected 1, got 2' });
  expect(run.graph.object('t#1')?.data).toEqual({ x: 2 });
});
