// Decides how the pages become a site. `./dev docs` puts the pages together first, those that are generated included.
import { defineConfig } from 'vitepress';
import { anchorOf } from '../../scripts/anchor-of.ts';
import { readSiteMap } from '../../scripts/site-map.ts';
import { readSubpaths } from '../../scripts/subpaths.ts';

function addressOf(path: string): string {
  return `/${path.replace(/(^|\/)README\.md$/, '$1').replace(/\.md$/, '')}`;
}

const sections = readSiteMap().map(({ title, pages }) => ({
  text: title,
  collapsed: title !== 'Start' && title !== 'Guides',
  items: pages.map((page) => ({ text: page.title, link: addressOf(page.path) })),
}));
const api = {
  text: 'API',
  collapsed: true,
  items: readSubpaths().map(({ specifier }) => ({
    text: specifier,
    link: `/reference/api/${specifier.replaceAll('/', '.')}`,
  })),
};
const afterReference = sections.findIndex(({ text }) => text === 'Reference') + 1;

export default defineConfig({
  title: 'runlog',
  description: 'A durable, event-sourced runtime and store for runs of AI agents: the log is the run.',
  lang: 'en',
  srcDir: '.vitepress/pages',
  cleanUrls: true,
  head: [
    // There is no picture, and no browser has to ask for one.
    ['link', { rel: 'icon', href: 'data:,' }],
    // A path in a cell makes a table wider than the page; on a phone it scrolls, which narrow columns do not make better.
    ['style', {}, '@media (min-width: 960px) { .vp-doc td code { overflow-wrap: anywhere; } }'],
  ],
  // The compiler's settings are those of the package, and its target is one that this bundler does not know.
  vite: { esbuild: { target: 'es2022', tsconfigRaw: {} }, build: { chunkSizeWarningLimit: 4000 } },
  // Anchors are spelled as the repository's own pages link them.
  markdown: { anchor: { slugify: anchorOf } },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Guides', link: '/guides/install' },
      { text: 'Reference', link: '/reference/cli' },
      { text: 'Errors', link: '/errors/' },
    ],
    sidebar: [...sections.slice(0, afterReference), api, ...sections.slice(afterReference)],
  },
});
