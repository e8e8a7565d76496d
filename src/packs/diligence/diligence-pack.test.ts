/** Proves what the pack consists of: names, defaults, endpoints, costs. A change here is a change of the pack's contract. */
import { describe, expect, test } from 'vitest';
import { validate } from '../../base/index.ts';
import { diligence } from './diligence-pack.ts';
import { objectTypes } from './object-types.ts';
import { settingsSchema } from './settings.ts';

const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);

test('the pack is diligence 0.1.0', () => {
  expect([diligence.name, diligence.version]).toEqual(['diligence', '0.1.0']);
});

test('behaviors react in the order of the work', () => {
  expect(diligence.behaviors.map(({ name, kind, on }) => [name, kind, ...on])).toEqual([
    ['company_planner', 'function', 'goal.created'],
    ['question_generator', 'llm', 'object.created'],
    ['document_researcher', 'llm', 'object.created'],
    ['evidence_linker', 'function', 'object.created'],
    ['contradiction_detector', 'function', 'relation.created'],
    ['risk_identifier', 'llm', 'object.created'],
    ['memo_synthesizer', 'llm', 'object.created'],
  ]);
});

test('relation types say what they connect', () => {
  const table = diligence.relationTypes.map(({ name, sourceTypes, targetTypes }) => [
    name,
    sourceTypes.join('|'),
    targetTypes.join('|'),
  ]);
  expect(table).toEqual([
    ['addresses', 'claim', 'question'],
    ['supports', 'evidence', 'claim'],
    ['contradicts', 'claim', 'claim'],
    ['references', 'claim|memo|question|risk|contradiction', 'document|company|claim'],
    ['derived_from', 'claim|evidence', 'document'],
    ['mitigates', 'evidence|claim', 'risk'],
  ]);
});

test('tools say what they cost and how long they may take', () => {
  expect(
    diligence.tools.map(({ name, costPerCallUsd, timeoutMs, deterministic }) => [
      name,
      costPerCallUsd,
      timeoutMs,
      deterministic,
    ]),
  ).toEqual([
    ['fetch_company_docs', '0.005', 15_000, false],
    ['search_filings', '0.003', 15_000, false],
    ['summarize_document', '0.002', 30_000, false],
  ]);
});

test('policies gate memos and risks unless a setting lifts them', () => {
  expect(diligence.policies).toEqual([
    { name: 'memo_approval', requiresApproval: ['memo'], unlessSetting: 'auto_approve_memos' },
    { name: 'risk_approval', requiresApproval: ['risk'], unlessSetting: 'auto_approve_risks' },
  ]);
});

test('every model behavior has a prompt of its name', () => {
  const asking = diligence.behaviors.filter(({ llm }) => llm !== null);
  expect([...names(diligence.prompts)].sort()).toEqual([...names(asking)].sort());
  expect(diligence.prompts.every(({ version, body }) => version === '1.0.0' && body.length > 500)).toBe(true);
});

test('no model behavior shows event ids, so that recorded answers fit other runs', () => {
  const asking = diligence.behaviors.filter(({ llm }) => llm !== null);
  expect(asking.map(({ view }) => [typeof view.around, view.recentEvents])).toEqual(
    asking.map(() => ['string', undefined]),
  );
});

test('settings have defaults for everything', () => {
  expect(validate(settingsSchema, {})).toEqual({
    ok: true,
    value: {
      llm_model: null,
      max_documents_per_company: 5,
      max_claims_per_document: 20,
      confidence_threshold_for_review: 0.7,
      support_threshold: 0.8,
      min_questions: 8,
      max_questions: 15,
      auto_approve_memos: true,
      auto_approve_risks: true,
    },
  });
});

test.each([{ max_question: 3 }, { support_threshold: 1.5 }, { max_questions: 0 }, { llm_model: '' }])(
  'settings %j are refused',
  (settings) => {
    expect(validate(settingsSchema, settings).ok).toBe(false);
  },
);

describe('object types fill in what is left out', () => {
  const minimal: Readonly<Record<string, readonly [given: object, filled: object]>> = {
    company: [{ name: 'n' }, { name: 'n', ticker: null, sector: null, description: '' }],
    document: [
      { title: 't', url: 'u', company_id: 'c' },
      { title: 't', url: 'u', company_id: 'c', summary: '', published_at: null },
    ],
    question: [
      { text: 't', company_id: 'c' },
      { text: 't', company_id: 'c', company_name: '', status: 'open' },
    ],
    claim: [
      { text: 't', confidence: 1, company_id: 'c', extra: 1 },
      { text: 't', confidence: 1, company_id: 'c', source_document_id: null, status: 'open' },
    ],
    evidence: [
      { text: 't', document_id: 'd', claim_id: 'c' },
      { text: 't', document_id: 'd', claim_id: 'c', location: '' },
    ],
    contradiction: [
      { claim_a_id: 'a', claim_b_id: 'b' },
      { claim_a_id: 'a', claim_b_id: 'b', rationale: '', status: 'open' },
    ],
    risk: [
      { title: 't', description: 'd', company_id: 'c' },
      { title: 't', description: 'd', severity: 'medium', company_id: 'c', related_claim_ids: [] },
    ],
    memo: [
      {
        company_id: 'c',
        summary: 's',
        thesis_questions_addressed: [],
        key_claims: [],
        open_contradictions: [],
        risks: [],
      },
      {
        company_id: 'c',
        summary: 's',
        thesis_questions_addressed: [],
        key_claims: [],
        open_contradictions: [],
        contradictions_note: '',
        risks: [],
      },
    ],
  };

  test('for all eight of them', () => {
    expect(names(objectTypes)).toEqual(Object.keys(minimal));
  });

  test.each(objectTypes.map((type) => [type.name, type] as const))('%s', (name, type) => {
    const [given, filled] = minimal[name] ?? [{}, {}];
    expect(validate<unknown>(type.schema, given)).toEqual({ ok: true, value: filled });
  });

  test('a confidence beyond 1 is refused', () => {
    const claim = objectTypes.find(({ name }) => name === 'claim');
    expect(claim?.schema['~standard'].validate({ text: 't', confidence: 2, company_id: 'c' })).toMatchObject({
      issues: [{ path: ['confidence'] }],
    });
  });
});
