// The page of the kit names cases that there are, and a case for each point of ActiveGraph's suite.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allStoreCases, killCases } from '../../src/conformance/index.ts';

const page = readFileSync('docs/reference/conformance.md', 'utf8');
const ids = new Set([...allStoreCases, ...killCases].map(({ id }) => id));

it('names a case that there is for each of the eleven points', () => {
  const section = page.split(/^## /m).find((text) => text.startsWith('The promises of ActiveGraph')) ?? '';
  const rows = Array.from(section.matchAll(/^\| (.+) \| (.+) \|$/gm)).filter(([, , cells = '']) =>
    cells.includes('/'),
  );
  expect(rows).toHaveLength(11);
  for (const [, , cells = ''] of rows) {
    const named = Array.from(cells.matchAll(/`([a-z/-]+)`/g), ([, id = '']) => id);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  }
});

it('has every case', () => {
  expect([...ids].filter((id) => !page.includes(`| \`${id}\` |`))).toEqual([]);
});
