import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import { memoText } from './memo-text.ts';

function object(id: string, data: JsonObject): GraphObject {
  return { id, type: id.split('#')[0] ?? '', data, version: 1, provenance: {} };
}

const graph = [
  object('company#1', { name: 'Northwind Robotics' }),
  object('document#2', { title: 'Annual Report' }),
  object('evidence#3', { text: 'Revenue grew 18%.', document_id: 'document#2', claim_id: 'claim#4' }),
  object('contradiction#5', {
    claim_a_id: 'claim#4',
    claim_b_id: 'claim#6',
    rationale: 'one says up, one says down',
  }),
];
const find = (id: string): GraphObject | undefined => graph.find((element) => element.id === id);

const memo = object('memo#9', {
  company_id: 'company#1',
  summary: 'First line.\nSecond line.',
  thesis_questions_addressed: [{ question: 'Is it growing?', status: 'answered', claim_ids: ['claim#4'] }],
  key_claims: [{ claim_id: 'claim#4', text: 'It grows.', evidence_ids: ['evidence#3'] }],
  open_contradictions: [],
  contradictions_note: '',
  risks: [{ title: 'Concentration', severity: 'high', description: 'Two customers.' }],
});

function changed(data: JsonObject): readonly string[] {
  return memoText(object('memo#9', { ...memo.data, ...data }), { find });
}

describe('memoText', () => {
  it('has the five sections in order, and quotes the evidence of each claim', () => {
    expect(memoText(memo, { find })).toEqual([
      'Memo memo#9: Northwind Robotics',
      '',
      'Summary',
      '  First line.',
      '  Second line.',
      '',
      'Thesis Questions Addressed',
      '  - Is it growing? [answered] (claim#4)',
      '',
      'Key Claims',
      '  - It grows. (claim#4)',
      '      "Revenue grew 18%." (evidence#3, Annual Report)',
      '',
      'Open Contradictions',
      '  no contradictions found',
      '',
      'Risks',
      '  - Concentration [high]',
      '      Two customers.',
    ]);
  });

  it('shows both claims of a contradiction and why they are at odds', () => {
    expect(changed({ open_contradictions: ['contradiction#5'] })).toContain(
      '  - contradiction#5: claim#4 against claim#6: one says up, one says down',
    );
  });

  it('takes contradictions and risks that are written out', () => {
    const lines = changed({ open_contradictions: ['they disagree'], risks: ['unknown'] });
    expect(lines).toEqual(expect.arrayContaining(['  - they disagree', '  - unknown']));
  });

  it('says of a claim without evidence that none is cited', () => {
    expect(changed({ key_claims: [{ claim_id: 'claim#4', text: 'It grows.', evidence_ids: [] }] })).toContain(
      '      (no evidence cited)',
    );
  });

  it('says of evidence that is gone that it is not there', () => {
    expect(
      changed({ key_claims: [{ claim_id: 'claim#4', text: 'x', evidence_ids: ['evidence#99'] }] }),
    ).toContain('      evidence#99: (not in this graph)');
  });

  it('takes a memo that says nothing', () => {
    expect(memoText(object('memo#9', {}), { find }).filter((text) => text === '  (none)')).toHaveLength(4);
  });

  it('lets no text of a model steer the terminal or pass for a heading', () => {
    const lines = changed({ summary: 'x\u001b[2J\n\nRisks\n\u009b31m' });
    expect(lines.filter((text) => text === 'Risks')).toHaveLength(1);
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
