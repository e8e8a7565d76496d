import { afterAll, describe, expect, it } from 'vitest';
import { Workplace } from './page-run.ts';
import { stepsOf } from './page-steps.ts';
import { readPages } from './pages.ts';

const pages = readPages()
  .map((page) => ({ path: page.path, steps: stepsOf(page) }))
  .filter(({ steps }) => steps.length > 0);

describe('the code of the documentation', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.remove());

  it.each(pages)('$path does what it says', ({ path, steps }) => {
    const folder = workplace.folderOf(path);
    expect(steps.flatMap((step) => workplace.run(step, folder)).join('\n')).toBe('');
  });

  it('fits the types of the package', () => {
    expect(workplace.typeErrors()).toBe('');
  });

  it('is there at all', () => {
    const kinds = pages.flatMap(({ steps }) => steps.map(({ kind }) => kind));
    expect(kinds).toContain('program');
    expect(kinds).toContain('shell');
  });
});
