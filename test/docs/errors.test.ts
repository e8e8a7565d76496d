import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readErrorClasses } from '../../scripts/error-classes.ts';
import { syncErrorPages } from '../../scripts/error-pages.ts';
import { errorPages } from '../../scripts/error-samples.ts';
import { sessionErrorCodes, sessionErrorMeaning } from '../../src/sessions/index.ts';

const classes = await readErrorClasses();
const sources = globSync('src/**/*.ts')
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => readFileSync(path, 'utf8'));

/** Errors of sessions are made by their code, also when one is read back. */
const ofCodes = new Set(sessionErrorCodes.map((code) => sessionErrorMeaning(code).of.name));

describe('the pages of errors', () => {
  it('are there for each class, with the address that the error names', () => {
    const codes = classes.map(({ code }) => `${code}.md`);
    expect(globSync('*.md', { cwd: 'docs/errors' }).sort()).toEqual(['README.md', ...codes].sort());
  });

  it('are what ./dev fix would write', async () => {
    expect(await syncErrorPages(true)).toEqual([]);
  });

  it('know no class that the sources do not have', () => {
    expect(Object.keys(errorPages).sort()).toEqual(classes.map(({ name }) => name).sort());
  });

  it('have a code of their own each', () => {
    expect(new Set(classes.map(({ code }) => code)).size).toBe(classes.length);
  });

  it.each(classes)('show a sample of $name exactly when the sources make one', ({ name }) => {
    const isMade = ofCodes.has(name) || sources.some((source) => source.includes(`new ${name}(`));
    expect(errorPages[name]?.sample !== undefined).toBe(isMade);
  });

  it.each(classes.filter(({ name }) => errorPages[name]?.sample !== undefined))(
    'show a sample that is a $name',
    async ({ name, code }) => {
      const error = await errorPages[name]?.sample?.();
      expect(error).toMatchObject({ name, code });
    },
  );
});
