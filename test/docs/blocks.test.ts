import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropSchema, sql } from '../harness/postgres/scratch-schema.ts';
import { Workplace } from './page-run.ts';
import { stepsOf } from './page-steps.ts';
import { readPages } from './pages.ts';

const pages = readPages()
  .map((page) => ({ path: page.path, steps: stepsOf(page) }))
  .filter(({ steps }) => steps.length > 0);

/** `tutorial.test.ts` follows these line by line. */
const followed = ['docs/start.md', 'docs/guides/upgrade-and-migrate.md'];

describe('the code of the documentation', () => {
  const workplace = new Workplace();
  // What the reader of a page has already on the server: the tables of LangGraph.js.
  beforeAll(async () => sql(readFileSync('test/fixtures/langgraph/postgres.sql', 'utf8')));
  afterAll(async () => {
    workplace.remove();
    await dropSchema('langgraph');
  });

  it.each(pages.filter(({ path }) => !followed.includes(path)))(
    '$path does what it says',
    async ({ path, steps }) => {
      const folder = workplace.folderOf(path);
      const problems: string[] = [];
      for (const step of steps) problems.push(...(await workplace.run(step, folder)));
      expect(problems.join('\n')).toBe('');
    },
  );

  it('fits the types of the package', () => {
    for (const { path, steps } of pages.filter((page) => followed.includes(page.path)))
      workplace.save(steps, workplace.folderOf(path));
    expect(workplace.typeErrors()).toBe('');
  });

  it('is there at all', () => {
    const kinds = pages.flatMap(({ steps }) => steps.map(({ kind }) => kind));
    expect(kinds).toContain('program');
    expect(kinds).toContain('shell');
  });
});
