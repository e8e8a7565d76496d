/** Proves that a memo points at nothing but objects of its own company, and that what it could not use is reported. */
import { beforeEach, expect, test } from 'vitest';
import { groundedMemo } from './grounded-memo.ts';
import type { MemoBody } from './model-answers.ts';
import { type ScratchGraph, scratchGraph } from './scratch-graph.ts';

let scratch: ScratchGraph;

beforeEach(() => {
  scratch = scratchGraph();
  const { graph } = scratch;
  graph.addObject('company', { name: 'Acme' });
  graph.addObject('company', { name: 'Other' });
  graph.addObject('question', { text: 'Why?', company_id: 'company#1', status: 'answered' });
  graph.addObject('question', { text: 'When?', company_id: 'company#1', status: 'skipped' });
  addClaim('Sales rose.', 'company#1', true);
  addClaim('Sales fell.', 'company#1', false);
  addClaim('Sales stood still.', 'company#2', true);
});

function addClaim(text: string, companyId: string, hasEvidence: boolean): string {
  const { graph } = scratch;
  const claim = graph.addObject('claim', { text, confidence: 0.9, company_id: companyId });
  if (!hasEvidence) return claim.id;
  const evidence = graph.addObject('evidence', { text: 'q', document_id: 'd', claim_id: claim.id });
  graph.addRelation(evidence.id, claim.id, 'supports');
  return claim.id;
}

function memoOf(over: Partial<MemoBody> = {}): ReturnType<typeof groundedMemo> {
  const body: MemoBody = {
    summary: 's',
    questions: [],
    key_claim_texts: ['Sales rose.'],
    contradictions_note: '',
    ...over,
  };
  return groundedMemo(scratch.graph, 'company#1', body);
}

test('a key claim is resolved to its id and cites its evidence', () => {
  expect(memoOf().memo.key_claims).toEqual([
    { claim_id: 'claim#5', text: 'Sales rose.', evidence_ids: ['evidence#6'] },
  ]);
});

test.each([
  ['of another company', 'Sales stood still.', 'no claim of this company has this text'],
  ['that nobody made', 'Sales doubled.', 'no claim of this company has this text'],
  ['without evidence', 'Sales fell.', 'no evidence supports it'],
])('a key claim %s is left out and reported', (_, text, reason) => {
  const { memo, unresolved } = memoOf({ key_claim_texts: [text, 'Sales rose.'] });
  expect(memo.key_claims).toHaveLength(1);
  expect(unresolved).toEqual([
    { companyId: 'company#1', field: 'key_claim_texts', text, usedIn: 'key claims', reason },
  ]);
});

test('a memo without any key claim that can be checked fails with a reason', () => {
  const failing = (): unknown => memoOf({ key_claim_texts: ['Sales stood still.'] });
  expect(failing).toThrow('none of the 1 key claims of the memo on Acme');
  expect(failing).toThrow('diligence.memo_ungrounded');
});

test('every question of the company is there, also those that the model left out', () => {
  const questions = [{ question: 'Why?', status: 'answered' as const, claim_texts: ['Sales rose.'] }];
  expect(memoOf({ questions }).memo.thesis_questions_addressed).toEqual([
    { question: 'Why?', status: 'answered', claim_ids: ['claim#5'] },
    { question: 'When?', status: 'skipped', claim_ids: [] },
  ]);
});

test('a question that no claim answers is not called answered', () => {
  const questions = ['Why?', 'When?'].map((question) => ({
    question,
    status: 'answered' as const,
    claim_texts: ['?'],
  }));
  const { memo, unresolved } = memoOf({ questions });
  expect(memo.thesis_questions_addressed.map(({ status }) => status)).toEqual(['open', 'skipped']);
  expect(unresolved.map(({ field, usedIn }) => [field, usedIn])).toEqual([
    ['questions.claim_texts', 'Why?'],
    ['questions.claim_texts', 'When?'],
  ]);
});

test('a question that the company does not have is reported', () => {
  const questions = [{ question: 'Who?', status: 'open' as const, claim_texts: [] }];
  expect(memoOf({ questions }).unresolved).toMatchObject([{ field: 'questions.question', text: 'Who?' }]);
});

test('open contradictions come from the graph, those of the company alone', () => {
  const { graph } = scratch;
  const third = addClaim('Sales halved.', 'company#1', false);
  graph.addObject('contradiction', {
    claim_a_id: 'claim#5',
    claim_b_id: 'claim#7',
    rationale: 'Both cannot be.',
  });
  graph.addObject('contradiction', { claim_a_id: 'claim#5', claim_b_id: third, status: 'resolved' });
  graph.addObject('contradiction', { claim_a_id: 'claim#5', claim_b_id: 'claim#8' });
  expect(memoOf().memo.open_contradictions).toEqual([graph.objects('contradiction')[0]?.id]);
});

test('the note of the model cannot deny a contradiction that is there', () => {
  scratch.graph.addObject('contradiction', {
    claim_a_id: 'claim#5',
    claim_b_id: 'claim#7',
    rationale: 'Both cannot be.',
  });
  expect(memoOf({ contradictions_note: 'No contradictions found' }).memo.contradictions_note).toBe(
    'Both cannot be.',
  );
  expect(memoOf({ contradictions_note: 'Check sales first.' }).memo.contradictions_note).toBe(
    'Check sales first.',
  );
});

test('the note of the model cannot invent a contradiction', () => {
  expect(memoOf({ contradictions_note: 'Grave doubts.' }).memo.contradictions_note).toBe(
    'no contradictions found',
  );
});

test('the risks are those that the graph has of the company', () => {
  for (const companyId of ['company#1', 'company#2']) {
    scratch.graph.addObject('risk', { title: 't', description: 'd', company_id: companyId });
  }
  expect(memoOf().memo.risks).toEqual([scratch.graph.objects('risk')[0]?.id]);
});
