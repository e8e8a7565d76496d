import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSubpaths } from '../../scripts/subpaths.ts';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };

describe('the doors of the package', () => {
  it('are the subpaths that the compiler and the build know', () => {
    const expected = readSubpaths().map(({ specifier, output }) => [
      specifier.replace('runlog', '.'),
      { types: `./dist/${output}.d.ts`, default: `./dist/${output}.js` },
    ]);
    const data = { './schemas/*.json': './dist/schemas/*.json', './package.json': './package.json' };
    expect(exports).toEqual({ ...Object.fromEntries(expected), ...data });
  });

  it('are all named after their room', () => {
    for (const { output, source } of readSubpaths()) {
      const room =
        output === 'index' ? 'app' : output.replace(/^(stores|models|agents|artifacts)\//, 'adapters/$1/');
      expect(source).toBe(`src/${room}/index.ts`);
    }
  });
});
