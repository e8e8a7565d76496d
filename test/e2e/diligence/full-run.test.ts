// The pack from three goals to three memos: what is made, that each memo can be verified, and that it is the same every time.
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject, Runtime } from 'runlog';
import { companies, noContradictionsNote } from 'runlog/packs/diligence';
import { countByType, eventsOf, openDiligence, runAll, textOf } from './open-diligence.ts';
import { memoBar } from './memo-bar.ts';

const documents = new Map(
  companies.flatMap((company) => company.documents.map(({ url, text }) => [url, text] as const)),
);

function relationType({ relation }: JsonObject): string {
  return typeof relation === 'object' && relation !== null && 'type' in relation ? textOf(relation.type) : '';
}

let runtime: Runtime;

beforeAll(async () => {
  runtime = await runAll(await openDiligence());
});

test('no behavior fails, and nothing is left out', async () => {
  expect(
    await eventsOf(runtime, 'behavior.failed', 'diligence.claim_dropped', 'diligence.text_unresolved'),
  ).toEqual([]);
});

test('the run has the events that its documents call for', async () => {
  expect(countByType(await eventsOf(runtime))).toEqual({
    'pack.loaded': 1,
    'goal.created': 3,
    'object.created': 116,
    'relation.created': 138,
    'patch.applied': 47,
    'behavior.started': 72,
    'behavior.completed': 72,
    'llm.requested': 81,
    'llm.responded': 81,
    'tool.requested': 48,
    'tool.responded': 48,
    'runtime.idle': 3,
  });
});

test('the graph has three companies with all that belongs to them', () => {
  expect(countByType(runtime.graph.objects())).toEqual({
    company: 3,
    question: 24,
    document: 9,
    claim: 35,
    evidence: 35,
    contradiction: 1,
    risk: 6,
    memo: 3,
  });
});

test('relations tie claims to questions, documents and evidence', () => {
  expect(countByType(runtime.graph.relations())).toEqual({
    addresses: 35,
    derived_from: 35,
    supports: 35,
    contradicts: 1,
    references: 32,
  });
});

test('turns, tools and answers cost what they are said to cost', async () => {
  const { budget } = await runtime.status();
  expect(budget).toMatchObject({ cost_used_usd: '0.2418' });
});

test('a claim is reviewed exactly when it is at least 0.8 certain', () => {
  const claims = runtime.graph
    .objects('claim')
    .map(({ data }) => [data['status'], Number(data['confidence']) >= 0.8]);
  expect(claims.filter(([status, isCertain]) => (status === 'reviewed') !== isCertain)).toEqual([]);
});

describe.each(companies)('the memo on $name', (company) => {
  const memos = () => {
    const [object] = runtime.graph.objects('company', { name: company.name });
    return runtime.graph.objects('memo', { company_id: object?.id ?? '' });
  };

  test('is one, and can be verified', () => {
    expect(memos().map((memo) => memoBar(memo, runtime.graph, documents))).toEqual([[]]);
  });

  test('is about this company', () => {
    const beginning = company.name.split(' ')[0] ?? '';
    expect(memos().map(({ data }) => textOf(data['summary']).startsWith(beginning))).toEqual([true]);
  });

  test('answers all eight questions', () => {
    const [memo] = memos();
    const addressed = memo?.data['thesis_questions_addressed'];
    expect(addressed).toHaveLength(8);
    expect(JSON.stringify(addressed)).not.toContain('"status":"open"');
  });
});

test('the memo bar finds a memo that cites what is not there', () => {
  const [memo] = runtime.graph.objects('memo');
  if (memo === undefined) throw new Error('no memo');
  const keyClaim = { claim_id: 'claim#50', text: 'Something else.', evidence_ids: ['evidence#999'] };
  const data = {
    ...memo.data,
    key_claims: [keyClaim],
    risks: [],
    contradictions_note: 'none',
    summary: 'Short.',
  };
  expect(memoBar({ ...memo, data }, runtime.graph, documents)).toEqual([
    'the summary is missing or a stub',
    'claim#50 is no claim of the company',
    'claim#50 says something else',
    'evidence#999 is not in the graph',
    "the note on contradictions is 'none'",
    'there is no risk',
  ]);
});

test('the one contradiction is between the two volumes of Stellar', () => {
  const { graph } = runtime;
  const [contradiction] = graph.objects('contradiction');
  const texts = ['claim_a_id', 'claim_b_id'].map(
    (field) => graph.object(textOf(contradiction?.data[field]))?.data['text'],
  );
  expect(texts).toEqual([
    "Stellar's contracted volume fell 7% in 2024, from 3.50 million to 3.26 million pallets.",
    "Stellar's contracted volume grew 18% in 2024, from 3.50 million to 4.13 million pallets.",
  ]);
});

test('only the memo on Stellar speaks of a contradiction', () => {
  const notes = runtime.graph
    .objects('memo')
    .map(({ data }) => data['contradictions_note'] === noContradictionsNote);
  expect(notes).toEqual([true, true, false]);
});

test('the contradicting claims are there before the risks and the memo of Stellar', async () => {
  const events = await eventsOf(runtime, 'goal.created', 'object.created', 'relation.created');
  const ofStellar = events.slice(events.findLastIndex(({ type }) => type === 'goal.created'));
  const made = ofStellar.map(
    ({ payload }) => /^[a-z]+(?=#)/.exec(textOf(payload['id']))?.[0] ?? relationType(payload),
  );
  const order = ['contradicts', 'risk', 'contradiction', 'memo'];
  expect(order.map((type) => made.indexOf(type))).toEqual(
    order.map((type) => made.indexOf(type)).sort((left, right) => left - right),
  );
  expect(order.filter((type) => !made.includes(type))).toEqual([]);
});

test('the prompts of one company name no object of another', async () => {
  const requests = await eventsOf(runtime, 'llm.requested');
  const mixed = requests.filter(({ payload }) => {
    const text = JSON.stringify(payload['prompt'] ?? '');
    return new Set(text.match(/company#\d+/g) ?? []).size > 1;
  });
  expect(requests.length).toBe(81);
  expect(mixed).toEqual([]);
});

test('a second run is the same to the byte', async () => {
  const again = await runAll(await openDiligence());
  expect(await again.head()).toEqual(await runtime.head());
});

test('the same goal again finds the company that is there, and does nothing', async () => {
  const again = await openDiligence();
  await again.runGoal('Diligence: Northwind Robotics');
  const before = again.graph.objects().length;
  await again.runGoal('Diligence:  northwind robotics ');
  expect(again.graph.objects()).toHaveLength(before);
});

test('a goal of another kind opens no company', async () => {
  const other = await openDiligence();
  await other.runGoal('Write a poem about Northwind Robotics');
  await other.runGoal('Diligence: ');
  expect(other.graph.objects()).toEqual([]);
});
