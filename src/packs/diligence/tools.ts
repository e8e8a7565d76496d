/** Decides how documents are reached: listed by company, searched by word, summarized by address. They answer from the bundled texts. */
import { z } from 'zod';
import { type Tool, tool, toolError } from '../../effects/index.ts';
import { bundledCompany, bundledDocument, companies, type BundledDocument } from './companies.ts';

const fetchInput = z.object({
  company_name: z.string().min(1),
  max_results: z.int().min(1).default(5),
});

/** Lists the documents of a company; none for a company that is not bundled. */
export const fetchCompanyDocs: Tool = tool({
  name: 'fetch_company_docs',
  description: 'Lists documents about a company with title, address and summary.',
  inputSchema: fetchInput,
  outputSchema: z.object({
    documents: z.array(z.object({ title: z.string(), url: z.string(), summary: z.string() })),
  }),
  costPerCallUsd: '0.005',
  timeoutMs: 15_000,
  run: ({ company_name: name, max_results: limit }) => ({
    documents: documentsOf(name)
      .slice(0, limit)
      .map(({ title, url, summary }) => ({ title, url, summary })),
  }),
});

const searchInput = z.object({ company_name: z.string().min(1), keyword: z.string().default('') });

/** How many passages of one filing are shown. */
const passagesShown = 5;

/** Finds filings of a company with the paragraphs that hold a word; without a word, all filings. */
export const searchFilings: Tool = tool({
  name: 'search_filings',
  description: 'Searches the filings of a company for a keyword and returns the paragraphs that contain it.',
  inputSchema: searchInput,
  outputSchema: z.object({
    filings: z.array(
      z.object({
        title: z.string(),
        url: z.string(),
        published_at: z.string(),
        passages: z.array(z.string()),
      }),
    ),
  }),
  costPerCallUsd: '0.003',
  timeoutMs: 15_000,
  run: ({ company_name: name, keyword }) => ({
    filings: documentsOf(name)
      .filter(({ kind }) => kind === 'filing')
      .map((document) => ({ document, passages: passagesWith(document, keyword.trim()) }))
      .filter(({ passages }) => keyword.trim() === '' || passages.length > 0)
      .map(({ document: { title, url, publishedAt }, passages }) => ({
        title,
        url,
        published_at: publishedAt,
        passages: passages.slice(0, passagesShown),
      })),
  }),
});

const summarizeInput = z.object({ url: z.string().min(1), max_words: z.int().min(1).default(100) });

/** A word with its space, as the length of a summary is measured. */
const charactersPerWord = 8;

/** Summarizes one document. Fails with `tool.invalid_input` for an address that no bundled document has. */
export const summarizeDocument: Tool = tool({
  name: 'summarize_document',
  description: 'Summarizes the document at an address and lists the facts found in it.',
  inputSchema: summarizeInput,
  outputSchema: z.object({ summary: z.string(), extracted_facts: z.array(z.string()) }),
  costPerCallUsd: '0.002',
  timeoutMs: 30_000,
  run: ({ url, max_words: words }) => {
    const document = bundledDocument(url);
    if (document === undefined) throw unknownAddress(url);
    return { summary: document.summary.slice(0, words * charactersPerWord), extracted_facts: document.facts };
  },
});

/** Tools of the pack; they read bundled documents. */
export const tools: readonly Tool[] = [fetchCompanyDocs, searchFilings, summarizeDocument];

function documentsOf(companyName: string): readonly BundledDocument[] {
  return bundledCompany(companyName)?.documents ?? [];
}

/** Paragraphs that hold the word, upper and lower case aside; none for no word. */
function passagesWith({ text }: BundledDocument, keyword: string): readonly string[] {
  if (keyword === '') return [];
  const wanted = keyword.toLowerCase();
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => paragraph.trim());
  return paragraphs.filter((paragraph) => paragraph.toLowerCase().includes(wanted));
}

function unknownAddress(url: string): Error {
  const known = companies.flatMap(({ documents }) => documents.map((document) => document.url));
  return toolError(
    'tool.invalid_input',
    `no bundled document has the address '${url}'; fetch_company_docs lists the addresses of a company`,
    { url, known_urls: known },
  );
}
