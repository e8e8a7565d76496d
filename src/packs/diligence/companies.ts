/** Decides what is known of the three companies that ship with the pack: their profiles and the full texts of their documents. */
import { checkArguments } from '../../base/index.ts';
import { z } from 'zod';
import { texts } from './texts.gen.ts';

/** A document of the bundled example; `publishedAt` is ISO text. */
export interface BundledDocument {
  readonly url: string;
  readonly title: string;
  /** Day of publication, as `2025-04-11`. */
  readonly publishedAt: string;
  readonly kind: 'filing' | 'interview' | 'news';
  readonly summary: string;
  readonly facts: readonly string[];
  /** The whole text, in Markdown. */
  readonly text: string;
}

/** A company of the bundled example, with its documents. */
export interface BundledCompany {
  /** Name of its folder, such as `northwind`. */
  readonly key: string;
  readonly name: string;
  readonly ticker: string;
  readonly sector: string;
  readonly description: string;
  readonly documents: readonly BundledDocument[];
}

const profileSchema = z.object({
  name: z.string(),
  ticker: z.string(),
  sector: z.string(),
  description: z.string(),
  documents: z.array(
    z.object({
      file: z.string(),
      url: z.string(),
      title: z.string(),
      published_at: z.string(),
      kind: z.enum(['filing', 'interview', 'news']),
      summary: z.string(),
      facts: z.array(z.string()),
    }),
  ),
});

/** In the order of the quickstart: the company whose sources contradict each other comes last. */
export const companies: readonly BundledCompany[] = ['northwind', 'pinecone', 'stellar'].map(readCompany);

/** The goal on which `company_planner` opens a company: `Diligence: Northwind Robotics`. */
export function companyGoal(company: { readonly name: string }): string {
  checkArguments('companyGoal', { company: [company, 'with name'] });
  return `Diligence: ${company.name}`;
}

/** The bundled company of exactly this name, upper and lower case aside. */
export function bundledCompany(name: string): BundledCompany | undefined {
  checkArguments('bundledCompany', { name: [name, 'text'] });
  return companies.find((company) => company.name.toLowerCase() === name.trim().toLowerCase());
}

/** The bundled document of a URL. */
export function bundledDocument(url: string): BundledDocument | undefined {
  return companies.flatMap(({ documents }) => documents).find((document) => document.url === url);
}

function readCompany(key: string): BundledCompany {
  const folder = `companies/${key}`;
  const parsed: unknown = JSON.parse(texts[`${folder}/company.json`] ?? 'null');
  const { documents, ...profile } = profileSchema.parse(parsed);
  return {
    key,
    ...profile,
    documents: documents.map(({ file, published_at: publishedAt, ...document }) => ({
      ...document,
      publishedAt,
      text: texts[`${folder}/${file}`] ?? '',
    })),
  };
}
