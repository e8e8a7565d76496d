/** Proves that the bundled texts fit together: what the scripts quote stands in the documents, what they name is there. */
import { describe, expect, test } from 'vitest';
import { bundledCompany, companies, companyGoal } from './companies.ts';
import { scriptedAnswers } from './scripted-answers.ts';

test('the company with the contradiction comes last', () => {
  expect(companies.map(({ key }) => key)).toEqual(['northwind', 'pinecone', 'stellar']);
});

test('a goal names the company', () => {
  expect(companies.map(companyGoal)).toEqual([
    'Diligence: Northwind Robotics',
    'Diligence: Pinecone Bio',
    'Diligence: Stellar Logistics',
  ]);
});

test('a company is found whatever the case of its name', () => {
  expect(bundledCompany(' STELLAR logistics ')?.key).toBe('stellar');
});

describe.each(companies)('the script of $name', (company) => {
  const script = scriptedAnswers(company.name);
  const claims = script?.findings.flatMap((finding) => finding.claims) ?? [];
  const texts = new Set(claims.map(({ text }) => text));

  test('finds something on each of its questions', () => {
    expect(script?.findings.map(({ question }) => question)).toEqual(script?.questions);
  });

  test('quotes documents of the company letter by letter', () => {
    const misquoted = claims.filter(({ source_document_url: url, evidence_quote: quote }) => {
      const document = company.documents.find((bundled) => bundled.url === url);
      return quote === '' || document?.text.includes(quote) !== true;
    });
    expect(misquoted).toEqual([]);
    expect(claims.length).toBeGreaterThan(10);
  });

  test('rests risks and memos on claims that it makes', () => {
    const memos = [script?.memo, script?.memo_without_contradiction].filter((memo) => memo !== undefined);
    const named = [
      ...(script?.risks.flatMap((risk) => risk.related_claim_texts) ?? []),
      ...memos.flatMap((memo) => memo.key_claim_texts),
      ...memos.flatMap((memo) => memo.questions.flatMap((question) => question.claim_texts)),
    ];
    expect(named.filter((text) => !texts.has(text))).toEqual([]);
    expect(named.length).toBeGreaterThan(15);
  });
});
