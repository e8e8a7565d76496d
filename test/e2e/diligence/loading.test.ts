// The pack as it comes into a run: once, in one version, with its types guarded against additions and patches that do not fit.
import { expect, test } from 'vitest';
import {
  objectType,
  pack,
  PackConflictError,
  PackSchemaViolation,
  PackVersionConflictError,
  sha256,
} from 'runlog';
import { loadPack } from 'runlog/packs';
import { diligence, settingsSchema } from 'runlog/packs/diligence';
import { eventsOf, openDiligence, textOf } from './open-diligence.ts';

test('loading the pack a second time does nothing', async () => {
  const runtime = await openDiligence();
  expect(await loadPack(runtime, diligence, sha256)).toBe(false);
  expect(await eventsOf(runtime, 'pack.loaded')).toHaveLength(1);
});

test('the log names what was loaded, with settings and the hashes of prompts', async () => {
  const [loaded] = await eventsOf(await openDiligence({ max_questions: 12 }), 'pack.loaded');
  expect(loaded?.payload).toMatchObject({
    name: 'diligence',
    version: '0.1.0',
    policies: ['diligence.memo_approval', 'diligence.risk_approval'],
  });
  expect(JSON.parse(textOf(loaded?.payload['settings']))).toEqual(
    settingsSchema.parse({ max_questions: 12 }),
  );
  expect(Object.keys(loaded?.payload['prompts'] ?? {})).toEqual([
    'document_researcher',
    'memo_synthesizer',
    'question_generator',
    'risk_identifier',
  ]);
});

test('another version of the pack is refused', async () => {
  const loading = loadPack(await openDiligence(), { ...diligence, version: '0.2.0' }, sha256);
  await expect(loading).rejects.toBeInstanceOf(PackVersionConflictError);
  await expect(loading).rejects.toThrow(
    "pack 'diligence': already loaded version '0.1.0', attempted to load version '0.2.0'",
  );
});

test('another pack with an object type of this one is refused, and nothing of it is loaded', async () => {
  const runtime = await openDiligence();
  const other = pack({
    name: 'other',
    version: '1',
    objectTypes: [objectType({ name: 'claim', schema: settingsSchema })],
  });
  await expect(loadPack(runtime, other, sha256)).rejects.toBeInstanceOf(PackConflictError);
  expect(runtime.installed.owners).toEqual(['diligence']);
});

const claim = { text: 'Sales rose.', confidence: 0.9, company_id: 'company#1' };

test.each([
  [
    'a claim that is more than certain',
    (graph) => void graph.addObject('claim', { ...claim, confidence: 2 }),
  ],
  [
    'a patch to more than certain',
    (graph) => void graph.patchObject(graph.addObject('claim', claim).id, { confidence: 99 }),
  ],
  [
    'support of a claim by a claim',
    (graph) =>
      void graph.addRelation(
        graph.addObject('claim', claim).id,
        graph.addObject('claim', claim).id,
        'supports',
      ),
  ],
] satisfies readonly [string, Parameters<Awaited<ReturnType<typeof openDiligence>>['mutate']>[0]][])(
  '%s is refused',
  async (_, change) => {
    const runtime = await openDiligence();
    await expect(runtime.mutate(change)).rejects.toBeInstanceOf(PackSchemaViolation);
    expect(runtime.graph.objects()).toEqual([]);
  },
);
