/** Scenario 38: declared types hold for what is added and for what is patched (Python: only for what is added). */
import { DanglingRelationError, type GraphWriter, PackSchemaViolation } from 'runlog';
import { expect, test } from 'vitest';
import { openDiligence } from '../e2e/diligence/open-diligence.ts';

const claim = { text: 'Sales rose.', confidence: 0.9, company_id: 'company#1' };

test('a valid claim gets its defaults and loses what the type does not have', async () => {
  const run = await openDiligence();
  const id = await run.mutate((graph) => graph.addObject('claim', { ...claim, extra: 1 }).id);
  expect(run.graph.object(id)?.data).toEqual({ ...claim, source_document_id: null, status: 'open' });
});

test.each<readonly [string, (graph: GraphWriter) => unknown, object]>([
  [
    'a confidence of 2',
    (graph) => graph.addObject('claim', { ...claim, confidence: 2 }),
    { object_type: 'claim' },
  ],
  [
    'a patch to a confidence of 99',
    (graph) => graph.patchObject(graph.addObject('claim', claim).id, { confidence: 99 }),
    { object_type: 'claim' },
  ],
  [
    'support of a claim by a claim',
    (graph) =>
      graph.addRelation(graph.addObject('claim', claim).id, graph.addObject('claim', claim).id, 'supports'),
    { relation_type: 'supports' },
  ],
])('%s is refused, and nothing is changed', async (_, change, context) => {
  const run = await openDiligence();
  const before = await run.head();
  const changing = run.mutate((graph) => void change(graph));
  await expect(changing).rejects.toBeInstanceOf(PackSchemaViolation);
  await expect(changing).rejects.toMatchObject({ context });
  expect(await run.head()).toEqual(before);
});

test('an end that does not exist is refused, too (Python: accepted)', async () => {
  const run = await openDiligence();
  const relating = run.mutate((graph) => void graph.addRelation('evidence#9', 'claim#9', 'supports'));
  await expect(relating).rejects.toBeInstanceOf(DanglingRelationError);
});
