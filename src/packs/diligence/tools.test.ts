/** Proves what the three tools answer from the bundled documents. */
import { expect, test } from 'vitest';
import { type JsonObject, validate } from '../../base/index.ts';
import type { Tool } from '../../effects/index.ts';
import { fetchCompanyDocs, searchFilings, summarizeDocument } from './tools.ts';

/** Calls a tool as the runtime does: arguments and result go through its schemas. */
function call(tool: Tool, args: JsonObject): unknown {
  const { inputSchema, outputSchema } = tool;
  if (inputSchema === null || outputSchema === null) throw new Error(`${tool.name} has no schemas`);
  const input = validate(inputSchema, args);
  if (!input.ok) throw new Error(JSON.stringify(input.issues));
  const context = {
    behavior: 'b',
    eventId: 'e',
    idempotencyKey: 'k',
    timeoutMs: 1,
    signal: new AbortController().signal,
  };
  const output = validate(outputSchema, tool.run(input.value as JsonObject, context));
  if (!output.ok) throw new Error(JSON.stringify(output.issues));
  return output.value;
}

test('fetch_company_docs lists the documents of one company', () => {
  const { documents } = call(fetchCompanyDocs, { company_name: 'Pinecone Bio' }) as {
    documents: { url: string }[];
  };
  expect(documents.map(({ url }) => url)).toEqual([
    'https://filings.example/pcb/annual-report-2024',
    'https://interviews.example/pcb/former-clinical-operations-interview',
    'https://news.example/ledger-of-biomedicine/pcb-industry-news-feature',
  ]);
});

test('fetch_company_docs lists no more than was asked for', () => {
  expect(call(fetchCompanyDocs, { company_name: 'Pinecone Bio', max_results: 2 })).toMatchObject({
    documents: [{}, {}],
  });
});

test('fetch_company_docs has nothing on a company that is not bundled', () => {
  expect(call(fetchCompanyDocs, { company_name: 'Acme' })).toEqual({ documents: [] });
});

test('search_filings returns the paragraphs that hold the word', () => {
  expect(call(searchFilings, { company_name: 'Stellar Logistics', keyword: 'AMMONIA' })).toEqual({
    filings: [
      {
        title: 'Stellar Logistics Annual Report 2024 (Excerpt)',
        url: 'https://filings.example/stlg/annual-report-2024',
        published_at: '2025-03-20',
        passages: [expect.stringContaining('a leak of ammonia closed the Savannah warehouse')],
      },
    ],
  });
});

test('search_filings leaves out filings without the word', () => {
  expect(call(searchFilings, { company_name: 'Stellar Logistics', keyword: 'zeppelin' })).toEqual({
    filings: [],
  });
});

test('search_filings without a word lists all filings', () => {
  expect(call(searchFilings, { company_name: 'Stellar Logistics' })).toMatchObject({
    filings: [{ passages: [] }],
  });
});

test('summarize_document gives the summary and the facts', () => {
  const { summary, extracted_facts: facts } = call(summarizeDocument, {
    url: 'https://filings.example/stlg/annual-report-2024',
  }) as { summary: string; extracted_facts: string[] };
  expect(summary).toMatch(/^Stellar reports contracted volume up 18%/);
  expect(facts).toContain('Driver turnover was 61%, up from 49%.');
});

test('summarize_document cuts at eight characters a word', () => {
  const cut = call(summarizeDocument, {
    url: 'https://filings.example/stlg/annual-report-2024',
    max_words: 3,
  });
  expect(cut).toMatchObject({ summary: 'Stellar reports contract' });
});

test('summarize_document refuses an address that it does not have', () => {
  expect(() => call(summarizeDocument, { url: 'https://elsewhere.example/' })).toThrow(
    "no bundled document has the address 'https://elsewhere.example/'",
  );
});
