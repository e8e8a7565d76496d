/** Proves that a patch of several objects is one: all of it or nothing, with one version check an object. */
import {
  InvalidPatchOperation,
  isStructuredError,
  ObjectNotFoundError,
  PackSchemaViolation,
  objectType,
  type Runtime,
} from 'runlog';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventsOf, openFixed } from '../../test/harness/fixed-run.ts';

async function withThree(): Promise<Runtime> {
  const run = await openFixed({ types: [objectType({ name: 'n', schema: z.object({ x: z.number() }) })] });
  await run.mutate((graph) => {
    for (const x of [1, 2, 3]) graph.addObject('n', { x });
  });
  return run;
}

const dataOf = (run: Runtime): unknown[] =>
  run.graph.objects().map(({ data, version }) => [data['x'], version]);

test('a group is applied as a whole, and its events name each other', async () => {
  const run = await withThree();
  const patches = await run.mutate((graph) =>
    graph.patchObjects(
      [
        { target: 'n#1', updates: { x: 10 }, expectedVersion: 1 },
        { target: 'n#3', updates: { x: 30 } },
      ],
      { rationale: 'both at once', evidence: ['page 1'] },
    ),
  );
  expect(patches.map(({ id, status, rationale }) => [id, status, rationale])).toEqual([
    ['patch_001', 'applied', 'both at once'],
    ['patch_002', 'applied', 'both at once'],
  ]);
  expect(dataOf(run)).toEqual([
    [10, 2],
    [2, 1],
    [30, 2],
  ]);
  const applied = (await eventsOf(run)).filter(({ type }) => type === 'patch.applied');
  expect(applied.map(({ payload }) => [payload['target'], payload['group']])).toEqual([
    ['n#1', ['patch_001', 'patch_002']],
    ['n#3', ['patch_001', 'patch_002']],
  ]);
});

test('one stale patch rejects all of them, and each says which one it was', async () => {
  const run = await withThree();
  await run.mutate((graph) => graph.patchObject('n#2', { x: 20 }));
  const patches = await run.mutate((graph) =>
    graph.patchObjects([
      { target: 'n#1', updates: { x: 10 }, expectedVersion: 1 },
      { target: 'n#2', updates: { x: 21 }, expectedVersion: 1 },
    ]),
  );
  expect(patches.map(({ status, rejectionReason }) => [status, rejectionReason])).toEqual([
    ['rejected', 'group: n#2: version mismatch: expected 1, got 2'],
    ['rejected', 'version mismatch: expected 1, got 2'],
  ]);
  expect(dataOf(run)).toEqual([
    [1, 1],
    [20, 2],
    [3, 1],
  ]);
  const rejected = (await eventsOf(run)).filter(({ type }) => type === 'patch.rejected');
  expect(rejected.map(({ payload }) => [payload['current_version'], payload['group']])).toEqual([
    [1, ['patch_002', 'patch_003']],
    [2, ['patch_002', 'patch_003']],
  ]);
});

test.each([
  [
    'an object that is named twice',
    [
      { target: 'n#1', updates: { x: 1 } },
      { target: 'object:n#1', updates: {} },
    ],
    InvalidPatchOperation,
  ],
  [
    'an object that is not there',
    [
      { target: 'n#1', updates: { x: 1 } },
      { target: 'n#9', updates: {} },
    ],
    ObjectNotFoundError,
  ],
  [
    'data that does not fit',
    [
      { target: 'n#1', updates: { x: 5 } },
      { target: 'n#2', updates: { x: 'no' } },
    ],
    PackSchemaViolation,
  ],
])('%s is refused, and nothing is written', async (_name, patches, error) => {
  const run = await withThree();
  const before = await run.head();
  await expect(run.mutate((graph) => graph.patchObjects(patches))).rejects.toBeInstanceOf(error);
  expect(await run.head()).toEqual(before);
});

test('a group of nothing writes nothing', async () => {
  const run = await withThree();
  const before = await run.head();
  expect(await run.mutate((graph) => graph.patchObjects([]))).toEqual([]);
  expect(await run.head()).toEqual(before);
});

test.each([
  ['no list', { target: 'n#1', updates: {} }],
  ['an entry that is none', [null]],
  ['an entry that names no object', [{ updates: { x: 1 } }]],
])('%s is refused by name, and nothing is patched', async (_, group) => {
  const run = await withThree();
  const patching = run.mutate((graph) => graph.patchObjects(group as never));
  expect(isStructuredError(await patching.catch((error: unknown) => error))).toBe(true);
  expect(dataOf(run)).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
});
