// Decides the order of the documentation: the map in docs/README.md is the one list; the errors and internals are read from their folders.
import { globSync, readFileSync } from 'node:fs';

export interface SitePage {
  readonly title: string;
  /** In docs/, as `concepts/log.md`. */
  readonly path: string;
  /** What the map says behind the link, or nothing. */
  readonly note: string;
}

export interface SiteSection {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

export function titleOf(text: string, path: string): string {
  return (/^# (.+)$/m.exec(text)?.[1] ?? path).replaceAll('`', '');
}

function pagesOf(folder: string): readonly SitePage[] {
  return globSync(`${folder}/*.md`, { cwd: 'docs' })
    .sort()
    .map((path) => ({ title: titleOf(readFileSync(`docs/${path}`, 'utf8'), path), path, note: '' }));
}

/** Start, Concepts, Guides, Reference, Internals as the map has them; errors behind the reference, decisions last. */
export function readSiteMap(): readonly SiteSection[] {
  const [intro = '', ...parts] = readFileSync('docs/README.md', 'utf8').split(/^## /m);
  const sections = parts.map((part) => {
    const [heading = ''] = part.split('\n', 1);
    return { title: heading.split(':')[0] ?? heading, pages: linkedPages(part) };
  });
  const internals = sections.findIndex(({ title }) => title === 'Internals');
  const errors = { title: 'Errors', pages: pagesOf('errors') };
  const decisions = { title: 'Decisions', pages: pagesOf('internals/decisions') };
  return [
    { title: 'Start', pages: linkedPages(intro) },
    ...sections.slice(0, internals),
    errors,
    ...sections.slice(internals),
    decisions,
  ];
}

function linkedPages(text: string): readonly SitePage[] {
  const links = text.matchAll(/^- \[(.+?)\]\(([\w/.-]+\.md)\)(?:[:,] ?(.*))?$/gm);
  return Array.from(links, ([, title = '', path = '', note = '']) => ({ title, path, note }));
}
