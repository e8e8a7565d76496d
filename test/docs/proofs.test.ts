// Pages that promise name the test of each promise, and that test is there under that name.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemOf, proofsOf, tableRows } from './proofs.ts';

const pages = ['SECURITY.md', 'docs/concepts/guarantees.md', 'docs/reference/coming-from.md'].filter((path) =>
  existsSync(path),
);

describe.each(pages)('%s', (path) => {
  const page = readFileSync(path, 'utf8');
  const rows = tableRows(page);

  it('names tests that are there', () => {
    expect(
      proofsOf(page)
        .map(problemOf)
        .filter((problem) => problem !== null),
    ).toEqual([]);
  });

  it('has in each row a test, or the reason why there is none', () => {
    expect(rows.length).toBeGreaterThan(10);
    const bare = rows.filter(
      (cells) => proofsOf(cells.at(-1) ?? '').length === 0 && !/^why: ./.test(cells.at(-1) ?? ''),
    );
    expect(bare).toEqual([]);
  });
});

describe('a proof', () => {
  it('is refused when its file is not there, or has no test of that name', () => {
    expect(
      proofsOf('| x | `test/none.test.ts`; `test/docs/links.test.ts` "no such name" |').map(problemOf),
    ).toEqual(['there is no test/none.test.ts', "test/docs/links.test.ts has no test 'no such name'"]);
  });

  it('is found in the cells of a table, and the head is none of them', () => {
    expect(tableRows('| a | b |\n|---|---|\n| c | d |\n\ntext')).toEqual([['c', 'd']]);
  });
});
