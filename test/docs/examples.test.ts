import { execFile, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openLocalAnthropic } from '../harness/anthropic/local-anthropic.ts';
import { askProgram } from '../harness/kept-process/ask-kept.ts';
import { parseMarkdown } from './markdown.ts';

const examples = globSync('examples/*.ts').sort();
const readme = parseMarkdown(readFileSync('README.md', 'utf8'));

/** From the folder of the project, so that `runlog` is the built package. */
async function outputOf(path: string): Promise<string> {
  const { PATH, TMPDIR = tmpdir() } = process.env;
  const answer = await askProgram(resolve(path), { cwd: resolve('.'), env: { PATH, TMPDIR } });
  const args = ['--disable-warning=ExperimentalWarning', path];
  const { status, stdout, stderr } =
    answer === null
      ? spawnSync(process.execPath, args, { encoding: 'utf8' })
      : { ...answer, status: answer.code };
  expect(status, stderr).toBe(0);
  return stdout;
}

/** As `outputOf`, with a server on the loopback in the place of Anthropic's. */
async function outputOverVendor(path: string): Promise<string> {
  const price = { type: 'tool_use', id: 'toolu_1', name: 'prices', input: { article: 'desk' } } as const;
  const choice = JSON.stringify({ article: 'desk', euros: 240, why: 'The chair can wait.' });
  const replies = [{ content: [price] }, { content: [{ type: 'text', text: choice } as const] }];
  await using server = await openLocalAnthropic({ replies, apiKey: 'offline' });
  const args = ['--disable-warning=ExperimentalWarning', path];
  const env = { ...process.env, ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'offline' };
  return (await promisify(execFile)(process.execPath, args, { env })).stdout;
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
  it('11-anthropic.ts prints what it says, when the vendor answers so', async () => {
    expect(await outputOverVendor('examples/11-anthropic.ts')).toBe(promised('examples/11-anthropic.ts'));
  });

  it.each(examples.filter((path) => !/01-|11-/.test(path)))('%s prints what it says', async (path) => {
    expect(await outputOf(path)).toBe(promised(path));
  });

  it('01-first-run.ts prints what the README shows', async () => {
    expect(await outputOf('examples/01-first-run.ts')).toBe(blockAfterExample());
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
    expect(
      specifiers.filter(
        (specifier) => !/^(runlog(\/view|\/models\/anthropic)?|zod|node:\w+)$/.test(specifier),
      ),
    ).toEqual([]);
  });
});
