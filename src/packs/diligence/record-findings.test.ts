/** Proves what a finding becomes, and that what is left out is reported. */
import { beforeEach, expect, test } from 'vitest';
import { recorded } from './company-records.ts';
import type { Finding } from './model-answers.ts';
import { questionType } from './object-types.ts';
import { FindingsRecorder } from './record-findings.ts';
import { type ScratchGraph, scratchGraph } from './scratch-graph.ts';
import { type DiligenceSettings, settingsSchema } from './settings.ts';

let scratch: ScratchGraph;

beforeEach(() => {
  scratch = scratchGraph();
  scratch.graph.addObject('company', { name: 'Acme' });
});

function recorder(settings: Partial<DiligenceSettings> = {}, companyId = 'company#1'): FindingsRecorder {
  const question = scratch.graph.addObject('question', { text: 'Why?', company_id: companyId });
  return new FindingsRecorder(
    scratch.graph,
    recorded(questionType, question),
    settingsSchema.parse(settings),
  );
}

function finding(text: string, over: Partial<Finding> = {}): Finding {
  return {
    text,
    confidence: 0.9,
    source_document_url: 'https://x.example/a/annual-report_2024',
    evidence_quote: `"${text}"`,
    contradicts_claim_text: null,
    ...over,
  };
}

const edges = (): readonly string[] =>
  scratch.graph.relations().map(({ source, type, target }) => `${source} ${type} ${target}`);

test('a finding becomes a claim with document, evidence and edges', () => {
  expect(recorder().record(finding('Sales rose.'), '')).toBe(true);
  expect(edges()).toEqual([
    'claim#4 derived_from document#3',
    'evidence#5 supports claim#4',
    'claim#4 addresses question#2',
  ]);
  expect(scratch.graph.object('document#3')?.data).toMatchObject({
    title: 'Annual Report 2024',
    company_id: 'company#1',
  });
});

test('a finding without a quote is a claim without evidence', () => {
  recorder().record(finding('Sales rose.', { evidence_quote: ' ' }), '');
  expect(scratch.graph.objects('evidence')).toEqual([]);
  expect(scratch.graph.objects('claim')).toHaveLength(1);
});

test('a finding that names no document is drawn from the one that was relied on', () => {
  recorder().record(finding('Sales rose.', { source_document_url: '' }), 'https://x.example/b');
  expect(scratch.graph.objects('document').map(({ data }) => data['url'])).toEqual(['https://x.example/b']);
});

test('a claim that is known answers a second question, and is not made twice', () => {
  recorder().record(finding('Sales rose.'), '');
  recorder().record(finding('Sales rose.'), '');
  expect(scratch.graph.objects('claim')).toHaveLength(1);
  expect(edges().filter((edge) => edge.includes('addresses'))).toEqual([
    'claim#4 addresses question#2',
    'claim#4 addresses question#6',
  ]);
});

test('the same words about another company are another claim', () => {
  scratch.graph.addObject('company', { name: 'Other' });
  recorder().record(finding('Sales rose.'), '');
  recorder({}, 'company#2').record(finding('Sales rose.'), '');
  expect(scratch.graph.objects('claim').map(({ data }) => data['company_id'])).toEqual([
    'company#1',
    'company#2',
  ]);
  expect(scratch.graph.objects('document').map(({ data }) => data['company_id'])).toEqual([
    'company#1',
    'company#2',
  ]);
});

test('a contradiction is drawn to the claim with exactly the named text', () => {
  const one = recorder();
  one.record(finding('Sales rose.'), '');
  one.record(finding('Sales fell.', { contradicts_claim_text: 'Sales rose.' }), '');
  expect(edges()).toContain('claim#6 contradicts claim#4');
});

test.each(['Sales rise.', 'Sales fell.'])(
  'a contradiction of %j, which is no other claim, is reported',
  (text) => {
    recorder().record(finding('Sales fell.', { contradicts_claim_text: text }), '');
    expect(edges().filter((edge) => edge.includes('contradicts'))).toEqual([]);
    expect(scratch.emitted('diligence.text_unresolved')).toMatchObject([
      { field: 'contradicts_claim_text', text, used_in: 'Sales fell.' },
    ]);
  },
);

test('claims beyond max_claims_per_document are dropped and reported', () => {
  const one = recorder({ max_claims_per_document: 2 });
  expect(['a', 'b', 'c'].map((text) => one.record(finding(text), ''))).toEqual([true, true, false]);
  expect(scratch.emitted('diligence.claim_dropped')).toEqual([
    { company_id: 'company#1', question_id: 'question#2', text: 'c', reason: 'max_claims_per_document is 2' },
  ]);
});

test('claims from documents beyond max_documents_per_company are dropped and reported', () => {
  const one = recorder({ max_documents_per_company: 1 });
  const from = (url: string, text: string): boolean =>
    one.record(finding(text, { source_document_url: url }), '');
  expect([from('u1', 'a'), from('u2', 'b'), from('u1', 'c')]).toEqual([true, false, true]);
  expect(scratch.emitted('diligence.claim_dropped')).toMatchObject([
    { text: 'b', reason: 'max_documents_per_company is 1' },
  ]);
});
