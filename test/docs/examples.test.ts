import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';

const examples = globSync('examples/*.ts').sort();
const readme = parseMarkdown(readFileSync('README.md', 'utf8'));

/** From the folder of the project, so that `runlog` is the built package. */
function outputOf(path: string): string {
  const args = ['--disable-warning=ExperimentalWarning', path];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** What the comment at the end of an example says that it prints. */
function promised(path: string): string {
  const [, comment] = readFileSync(path, 'utf8').split('// Prints:\n');
  if (comment === undefined) throw new Error(`${path} does not say what it prints`);
  return comment.replaceAll(/^\/\/ ?/gm, '');
}

function blockAfterExample(): string {
  const at = readme.blocks.findIndex(({ text }) => text.startsWith('// Shows:'));
  return `${readme.blocks[at + 1]?.text}\n`;
}

describe('the examples', () => {
  it.each(examples.filter((path) => !path.includes('01-')))('%s prints what it says', (path) => {
    expect(outputOf(path)).toBe(promised(path));
  });

  it('01-first-run.ts prints what the README shows', () => {
    expect(outputOf('examples/01-first-run.ts')).toBe(blockAfterExample());
  });

  it('01-first-run.ts is the example of the README', () => {
    const text = readFileSync('examples/01-first-run.ts', 'utf8');
    expect(readme.blocks.map((block) => `${block.text}\n`)).toContain(text);
  });

  it('are short', () => {
    const lengths = examples.map(
      (path) => [path, readFileSync(path, 'utf8').split('\n').length - 1] as const,
    );
    const limit = (path: string) => (path.includes('01-') ? 40 : 79);
    expect(lengths.filter(([path, lines]) => lines > limit(path))).toEqual([]);
  });

  it('import what the package hands out, zod and the platform', () => {
    const specifiers = examples.flatMap((path) =>
      Array.from(readFileSync(path, 'utf8').matchAll(/from '([^']+)'/g), ([, specifier = '']) => specifier),
    );
    expect(specifiers.filter((specifier) => !/^(runlog(\/view)?|zod|node:\w+)$/.test(specifier))).toEqual([]);
  });
});
