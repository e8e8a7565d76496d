import { afterAll, describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import { Workplace } from './page-run.ts';
import { stepsOf } from './page-steps.ts';

function steps(text: string) {
  return stepsOf({ path: 'page.md', blocks: parseMarkdown(text).blocks });
}

const hello = "```ts\nimport 'node:fs';\nconsole.log('a');\n```\n";

describe('the steps of a page', () => {
  it('join a program that goes on, and what it prints', () => {
    const text = `${hello}\`\`\`text\na\n\`\`\`\nthen\n\`\`\`ts\nconsole.log('b');\n\`\`\`\n\`\`\`text\nb\n\`\`\``;
    expect(steps(text)).toEqual([
      {
        kind: 'program',
        line: 1,
        file: 'line-1.ts',
        text: "import 'node:fs';\nconsole.log('a');\n\nconsole.log('b');\n",
        expected: 'a\nb\n',
      },
    ]);
  });

  it('take a text block for an output only behind what prints it', () => {
    expect(steps(`${hello}\`\`\`json\n{}\n\`\`\`\n\`\`\`text\nb\n\`\`\``)).toMatchObject([
      { expected: null },
    ]);
  });

  it('read the exit code that a comment names', () => {
    expect(steps('```sh\nrunlog inspect x # exit 3\n```')).toMatchObject([
      { commands: [{ text: 'runlog inspect x # exit 3', exitCode: 3 }] },
    ]);
  });

  it('refuse code that begins in the middle', () => {
    expect(() => steps('```ts\nconsole.log(1);\n```')).toThrow('page.md:1');
  });
});

describe('running a page', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.remove());

  async function problemsOf(text: string): Promise<string> {
    const folder = workplace.folderOf('planted.md');
    const problems: string[] = [];
    for (const step of steps(text)) problems.push(...(await workplace.run(step, folder)));
    return problems.join('\n');
  }

  it.each([
    ['another output', `${hello}\`\`\`text\nb\n\`\`\``, 'line 1 prints\na\n'],
    ['a program that fails', "```ts\nimport 'node:nothing';\n```", 'ends with 1'],
    ['another exit code', '```sh\nrunlog nonsense\n```', 'ends with 2, the page says 0'],
    ['a verb that does not exist', '```sh\n./dev quikstart\n```', "./dev has no verb 'quikstart'"],
    ['a program that throws', "```ts\nimport 'runlog';\nthrow new Error('thrown');\n```", 'Error: thrown'],
    ['an unknown program', '```sh\nrm -r x\n```', "'rm' is not a command"],
  ])('reports %s', async (_what, text, expected) => {
    expect(await problemsOf(text)).toContain(expected);
  });

  it('says nothing about a page that is right', async () => {
    expect(
      await problemsOf(
        `${hello}\`\`\`text\na\n\`\`\`\n\`\`\`sh\n./dev test\nrunlog nonsense # exit 2\n\`\`\``,
      ),
    ).toBe('');
  });

  it('reports a program that does not fit the types of the package', async () => {
    await problemsOf(
      "```ts\n// wrong-types.ts\nimport { behavior } from 'runlog';\nconsole.log(typeof behavior satisfies number);\n```",
    );
    expect(workplace.typeErrors()).toContain('wrong-types.ts');
  });
});
