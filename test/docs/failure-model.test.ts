// Every line of the failure model names what shows it, and that is there.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/concepts/failure-model.md', 'utf8');
const rows = Array.from(page.matchAll(/^\| (.+) \| (.+) \| (.+) \|$/gm)).filter(
  ([, what]) => what !== 'what happens',
);

it('names for each fault a test, or a page that does', () => {
  expect(rows.length).toBeGreaterThan(15);
  const bare = rows.filter(([, , , shown = '']) => !/`test\/|\]\(|no test: /.test(shown));
  expect(bare.map(([line]) => line)).toEqual([]);
});

it('names tests that are there', () => {
  const named = Array.from(page.matchAll(/`(test\/[^`]+)`/g), ([, path = '']) => path);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});
