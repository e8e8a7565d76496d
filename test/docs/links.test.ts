import { describe, expect, it } from 'vitest';
import { brokenLinks } from './broken-links.ts';
import { parseMarkdown } from './markdown.ts';
import { readPages } from './pages.ts';

function planted(path: string, text: string) {
  return { path, ...parseMarkdown(text) };
}

describe('links of the documentation', () => {
  it('all lead somewhere', () => {
    expect(brokenLinks(readPages())).toEqual([]);
  });

  it('are found broken when a file is missing', () => {
    const pages = [planted('docs/a.md', '# A\n\nSee [b](guides/b.md).')];
    expect(brokenLinks(pages, () => false)).toEqual([
      "docs/a.md:3 'guides/b.md': there is no docs/guides/b.md",
    ]);
  });

  it('are found broken when a heading is missing', () => {
    const pages = [
      planted('docs/a.md', '[x](b.md#two-words)\n[y](b.md#other)'),
      planted('docs/b.md', '## Two `words`'),
    ];
    expect(brokenLinks(pages, () => true)).toEqual([
      "docs/a.md:2 'b.md#other': docs/b.md has no heading '#other'",
    ]);
  });

  it('in code are no links', () => {
    expect(parseMarkdown('`[a](b)`\n\n```ts\n[c](d)\n```').links).toEqual([]);
  });

  it('lead from the map to every page', () => {
    const pages = readPages().filter(({ path }) => /^docs\/(?!README|internals|errors\/)/.test(path));
    const map = readPages().find(({ path }) => path === 'docs/README.md');
    const listed = new Set(map?.links.map(({ target }) => `docs/${target.split('#')[0]}`));
    expect(pages.map(({ path }) => path).filter((path) => !listed.has(path))).toEqual([]);
  });
});
