// The pack in company: behaviors, claims and failures of a program beside it, and models that misbehave.
import { expect, test } from 'vitest';
import { behavior, llmError, open, openStore } from 'runlog';
import type { ModelProvider } from 'runlog/effects';
import { diligence, diligenceModel, diligenceInvoker } from 'runlog/packs/diligence';
import { countByType, eventsOf, goals, offline, openDiligence, textOf } from './open-diligence.ts';

const northwind = goals['northwind'] ?? '';

/** The bundled model, with some requests answered by throwing. */
function failing(isFailing: (prompt: string) => boolean): ModelProvider {
  const model = diligenceModel();
  return {
    ...model,
    complete: async (request, options) => {
      const prompt = `${request.system}\n${request.messages[0]?.content ?? ''}`;
      if (isFailing(prompt)) throw llmError('llm.rate_limited', 'come back later');
      return model.complete(request, options);
    },
  };
}

test('a behavior of the program and those of the pack all react to a claim', async () => {
  const flagger = behavior({
    name: 'growth_flagger',
    on: 'object.created',
    where: { 'object.type': 'claim' },
    run: ({ event, graph }) => {
      if (/gr(?:ew|ow)/.test(textOf(event.payload.object.data['text'])))
        graph.emit('growth.flagged', { claim: event.payload.id });
    },
  });
  const runtime = await openDiligence({}, { behaviors: [flagger] });
  await runtime.runGoal(northwind);
  const started = await eventsOf(runtime, 'behavior.started');
  const fired = countByType(started.map(({ payload }) => ({ type: textOf(payload['behavior']) })));
  expect(fired).toMatchObject({
    growth_flagger: 12,
    'diligence.risk_identifier': 1,
    'diligence.memo_synthesizer': 1,
  });
  expect((await eventsOf(runtime, 'growth.flagged')).length).toBeGreaterThan(0);
  expect(runtime.errors).toEqual([]);
});

test('a behavior may be called like one of the pack, and both react', async () => {
  const seen: string[] = [];
  const own = behavior({
    name: 'company_planner',
    on: 'goal.created',
    run: ({ event }) => void seen.push(event.payload.goal),
  });
  const runtime = await openDiligence({}, { behaviors: [own] });
  await runtime.runGoal(northwind);
  expect(seen).toEqual([northwind]);
  expect(runtime.graph.objects('company')).toHaveLength(1);
});

test('evidence that a program adds is linked to its claim, and the claim is reviewed', async () => {
  const runtime = await openDiligence();
  const claim = await runtime.mutate((graph) => {
    const made = graph.addObject('claim', { text: 'Sales rose.', confidence: 0.85, company_id: 'company#9' });
    graph.addObject('evidence', { text: 'Sales rose by 4%.', document_id: 'document#9', claim_id: made.id });
    return made.id;
  });
  await runtime.runUntilIdle();
  expect(runtime.graph.relations({ target: claim, type: 'supports' })).toHaveLength(1);
  expect(runtime.graph.object(claim)?.data['status']).toBe('reviewed');
});

test('the same contradiction, told twice and from both sides, is flagged once', async () => {
  const runtime = await openDiligence();
  await runtime.mutate((graph) => {
    const [a, b] = ['Sales rose.', 'Sales fell.'].map(
      (text) => graph.addObject('claim', { text, confidence: 0.9, company_id: 'company#9' }).id,
    );
    if (a === undefined || b === undefined) return;
    graph.addRelation(a, b, 'contradicts');
    graph.addRelation(a, b, 'contradicts');
    graph.addRelation(b, a, 'contradicts');
  });
  await runtime.runUntilIdle();
  expect(runtime.graph.objects('contradiction')).toHaveLength(1);
});

test('a claim that a program adds early does not open the batch of risks before the research is done', async () => {
  const eager = behavior({
    name: 'eager',
    on: 'object.created',
    where: { 'object.type': 'company' },
    run: ({ event, graph }) =>
      void graph.addObject('claim', {
        text: 'Founded in a garage.',
        confidence: 0.5,
        company_id: event.payload.id,
      }),
  });
  const runtime = await openDiligence({}, { behaviors: [eager] });
  await runtime.runGoal(northwind);
  expect(countByType(runtime.graph.objects())).toMatchObject({ claim: 13, risk: 2, memo: 1 });
  expect(await eventsOf(runtime, 'diligence.text_unresolved')).toEqual([]);
});

test('a question whose research failed stays open, and the memo is written all the same', async () => {
  const lost = 'What has the Series 4 wrist-seal defect cost Northwind Robotics so far?';
  const model = failing(
    (prompt) =>
      prompt.includes('document_researcher') &&
      prompt.includes(`## Triggering event`) &&
      (prompt.split('## Triggering event')[1] ?? '').includes(lost),
  );
  const runtime = await openDiligence({}, { model });
  await runtime.runGoal(northwind);
  expect(runtime.errors).toMatchObject([
    { behavior: 'diligence.document_researcher', reason: 'llm.rate_limited' },
  ]);
  expect(runtime.graph.objects('question', { text: lost })[0]?.data['status']).toBe('open');
  expect(runtime.graph.objects('memo')[0]?.data['thesis_questions_addressed']).toContainEqual({
    question: lost,
    status: 'open',
    claim_ids: [],
  });
});

test('a company that is not bundled fails at the model with what was looked for, and the next goal goes on', async () => {
  const runtime = await openDiligence();
  await runtime.runGoal('Diligence: Acme');
  expect(runtime.errors).toMatchObject([
    { behavior: 'diligence.question_generator', reason: 'llm.fixture_missing' },
  ]);
  await runtime.runGoal(northwind);
  expect(runtime.graph.objects('memo')).toHaveLength(1);
});

test('the pack runs on a provider of any name', async () => {
  const model = {
    ...diligenceModel(),
    defaultModel: 'gpt-4o-mini',
    recognizesModel: (name: string) => name.startsWith('gpt-'),
  };
  const runtime = await openDiligence({}, { model });
  await runtime.runGoal(northwind);
  expect(runtime.errors).toEqual([]);
  expect(runtime.graph.objects('memo')).toHaveLength(1);
});

test('tools are carried out directly as well', async () => {
  const store = await openStore('memory:');
  const { invoker: _offline, ...direct } = offline();
  const runtime = await open(store, { ...direct, packs: [diligence], model: diligenceModel() });
  await runtime.runGoal(northwind);
  expect(runtime.errors).toEqual([]);
  expect(await eventsOf(runtime, 'tool.responded')).toHaveLength(16);
  expect(diligenceInvoker()).toHaveProperty('invoke');
});
