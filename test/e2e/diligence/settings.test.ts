// Each setting of the Diligence pack changes something, and what it leaves out is said.
import { expect, test } from 'vitest';
import { PackSettingsMissingError } from 'runlog';
import { diligenceModel } from 'runlog/packs/diligence';
import {
  countByType,
  eventsOf,
  goals,
  openDiligence,
  runAll,
  type Settings,
  textOf,
} from './open-diligence.ts';

async function runOne(key: string, settings: Settings): Promise<Awaited<ReturnType<typeof openDiligence>>> {
  const runtime = await openDiligence(settings);
  await runtime.runGoal(goals[key] ?? '');
  return runtime;
}

test('llm_model names the model of every request', async () => {
  const model = diligenceModel();
  const runtime = await openDiligence({ llm_model: 'some-model' }, { model });
  await runtime.runGoal(goals['pinecone'] ?? '');
  expect(new Set(model.requests.map((request) => request.model))).toEqual(new Set(['some-model']));
});

test('without llm_model the default of the provider is asked', async () => {
  const model = diligenceModel();
  const runtime = await openDiligence({}, { model });
  await runtime.runGoal(goals['pinecone'] ?? '');
  expect(new Set(model.requests.map((request) => request.model))).toEqual(new Set([model.defaultModel]));
});

test('max_documents_per_company holds claims to the first documents', async () => {
  const runtime = await runOne('northwind', { max_documents_per_company: 2 });
  expect(runtime.graph.objects('document')).toHaveLength(2);
  expect(
    (await eventsOf(runtime, 'diligence.claim_dropped')).map(({ payload }) => payload['reason']),
  ).toEqual(['max_documents_per_company is 2', 'max_documents_per_company is 2']);
});

test('a question whose every finding was dropped is skipped, and the memo says so', async () => {
  const { graph } = await runOne('northwind', { max_documents_per_company: 2 });
  expect(
    countByType(graph.objects('question').map(({ data }) => ({ type: textOf(data['status']) }))),
  ).toEqual({ answered: 6, skipped: 2 });
  expect(
    JSON.stringify(graph.objects('memo')[0]?.data['thesis_questions_addressed']).split('"skipped"'),
  ).toHaveLength(3);
});

test('max_claims_per_document stops at that many claims of one document', async () => {
  const { graph } = await runOne('northwind', { max_claims_per_document: 3 });
  const perDocument = graph
    .objects('document')
    .map(({ id }) => graph.objects('claim', { source_document_id: id }).length);
  expect(perDocument).toEqual([3, 3, 2]);
});

test('a risk that lost all its claims is left out and reported', async () => {
  const runtime = await runOne('northwind', { max_claims_per_document: 3 });
  const reported = await eventsOf(runtime, 'diligence.text_unresolved');
  expect(runtime.graph.objects('risk').map(({ data }) => data['title'])).toEqual([
    'Hallberg buys fewer cells after March 2026',
  ]);
  expect(
    reported.filter(({ payload }) => payload['field'] === 'risks').map(({ payload }) => payload['text']),
  ).toEqual(['Gear supply interrupts deliveries']);
});

test.each([
  [0.7, 1],
  [0.79, 1],
  [0.8, 0],
  [0.9, 0],
])('at confidence_threshold_for_review %d there are %d contradictions', async (threshold, count) => {
  const runtime = await runAll(await openDiligence({ confidence_threshold_for_review: threshold }));
  expect(runtime.graph.objects('contradiction')).toHaveLength(count);
  expect(await eventsOf(runtime, 'behavior.failed')).toEqual([]);
});

test('support_threshold decides which claims are reviewed', async () => {
  const { graph } = await runOne('northwind', { support_threshold: 0.94 });
  expect(graph.objects('claim', { status: 'reviewed' }).map(({ data }) => data['confidence'])).toEqual([
    0.94, 0.95, 0.94,
  ]);
});

test('min_questions fails the behavior with a reason', async () => {
  const runtime = await runOne('northwind', { min_questions: 9 });
  expect(runtime.errors).toMatchObject([
    {
      behavior: 'diligence.question_generator',
      reason: 'diligence.too_few_questions',
      message: 'the model gave 8 different questions on Northwind Robotics, and min_questions demands 9',
    },
  ]);
  expect(countByType(runtime.graph.objects())).toEqual({ company: 1 });
});

test('max_questions caps the work', async () => {
  const runtime = await runOne('northwind', { max_questions: 4 });
  expect(runtime.graph.objects('question')).toHaveLength(4);
  expect(runtime.graph.objects('memo')).toHaveLength(1);
});

test.each([
  ['auto_approve_memos', { memo: 1 }],
  ['auto_approve_risks', { risk: 2 }],
])('%s at false keeps objects out of the graph until somebody approves', async (setting, kept) => {
  const runtime = await runOne('northwind', { [setting]: false });
  const pending = await runtime.approvals();
  expect(countByType(pending.map(({ objectType }) => ({ type: objectType })))).toEqual(kept);
  expect(runtime.graph.objects(Object.keys(kept)[0])).toEqual([]);
});

test('a misspelled setting is refused before the run begins', async () => {
  await expect(openDiligence({ max_question: 4 })).rejects.toBeInstanceOf(PackSettingsMissingError);
});
