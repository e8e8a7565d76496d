// Decides which pages belong to the documentation, and reads them.
import { globSync, readFileSync } from 'node:fs';
import { type MarkdownPage, parseMarkdown } from './markdown.ts';

export interface DocPage extends MarkdownPage {
  /** From the root of the project, with forward slashes. */
  readonly path: string;
}

export function readPages(): readonly DocPage[] {
  const paths = globSync(['*.md', 'docs/**/*.md']).map((path) => path.replaceAll('\\', '/'));
  return paths.sort().map((path) => ({ path, ...parseMarkdown(readFileSync(path, 'utf8')) }));
}
