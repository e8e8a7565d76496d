// The site leads to every page, and what language models are given is made of the same map. `./dev docs` builds it, and fails on a
// link that leads nowhere; continuous integration does so on every push.
import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSiteMap } from '../../scripts/site-map.ts';

const sections = readSiteMap();
const listed = sections.flatMap(({ pages }) => pages.map(({ path }) => path));

it('the site has its sections in the order in which one reads', () => {
  const titles = ['Start', 'Concepts', 'Guides', 'Reference', 'Errors', 'Internals', 'Decisions'];
  expect(sections.map(({ title }) => title)).toEqual(titles);
  expect(sections.filter(({ pages }) => pages.length === 0)).toEqual([]);
});

it('the site leads to every page', () => {
  const pages = globSync('**/*.md', { cwd: 'docs', exclude: ['.vitepress/**'] });
  expect(pages.filter((path) => path !== 'README.md' && !listed.includes(path))).toEqual([]);
});

it('the site leads to nothing that is not there', () => {
  const pages = new Set(globSync('**/*.md', { cwd: 'docs' }));
  expect(listed.filter((path) => !pages.has(path))).toEqual([]);
});
