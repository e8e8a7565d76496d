import { readFileSync } from 'node:fs';
import { open } from 'runlog';
import { describe, expect, it } from 'vitest';
import { readErrorClasses } from '../../scripts/error-classes.ts';
import { errorPages } from '../../scripts/error-samples.ts';
import { readSubpaths } from '../../scripts/subpaths.ts';
import { inMemoryContext } from '../../src/cli/in-memory-context.ts';
import { main } from '../../src/cli/main.ts';
import { exitCodeOf } from '../../src/cli/exit-code.ts';

function rowsBelow(page: string, heading: RegExp): readonly string[] {
  const sections = readFileSync(page, 'utf8').split(/^#+ /m);
  const section = sections.find((text) => heading.test(text)) ?? '';
  return Array.from(section.matchAll(/^\| .+ \|$/gm), ([row]) => row);
}

/** The first cell of each row of the table below a heading, without backticks. */
function firstCells(page: string, heading: RegExp): readonly string[] {
  const cells = rowsBelow(page, heading).map((row) => /^\| (.+?) \|/.exec(row)?.[1] ?? '');
  return cells.filter((cell) => cell.includes('`')).map((cell) => cell.replaceAll('`', ''));
}

async function helpOf(...command: readonly string[]): Promise<string> {
  const { terminal, out } = inMemoryContext();
  expect(await main([...command, '--help'], terminal)).toBe(0);
  return out.join('');
}

const listed = (await helpOf()).split('Start here:')[1]?.split('Examples:')[0] ?? '';
const commands = Array.from(listed.matchAll(/^ {2}([a-z-]+) {2}/gm), ([, name = '']) => name);

describe('the page of the command', () => {
  it('lists the commands that there are', () => {
    expect(commands).toContain('quickstart');
    expect(firstCells('docs/reference/cli.md', /^The command\n/)).toEqual(commands);
  });

  it.each(commands)('lists the options of %s', async (name) => {
    const options = Array.from(
      (await helpOf(name)).matchAll(/^ {2}((?:-\w, )?--[a-z-]+(?: <\w+>)?)/gm),
      ([, option = '']) => option,
    ).filter((option) => !option.includes('--help'));
    const listed = firstCells('docs/reference/cli.md', new RegExp(`^\`${name}\`\n`));
    expect(listed.toSorted()).toEqual(options.toSorted());
  });
});

describe('the page of exit codes', () => {
  it('has every error in the row of its code', async () => {
    const rows = rowsBelow('docs/reference/exit-codes.md', /^Exit codes\n/);
    const misplaced: string[] = [];
    for (const { name, ancestors, builtin } of await readErrorClasses()) {
      const sample = await errorPages[name]?.sample?.();
      const code = exitCodeOf(sample);
      if (sample === undefined || code === 1) continue;
      const row = rows.find((text) => text.startsWith(`| ${code} |`)) ?? '';
      if (![name, ...ancestors, builtin].some((known) => row.includes(`\`${known}\``)))
        misplaced.push(`${name}: ${code}`);
    }
    expect(misplaced).toEqual([]);
  });
});

describe('the page of budgets', () => {
  it('lists every dimension', async () => {
    const budget: object = { noSuchLimit: 1 };
    const refusal = await open('memory:', { budget }).catch((error: unknown) => String(error));
    const listed = firstCells('docs/reference/budgets.md', /^Budgets\n/);
    expect(listed.length).toBeGreaterThan(5);
    expect(refusal).toContain(`Use ${listed.join(', ')};`);
  });
});

describe('the README', () => {
  it('lists every door of the package', () => {
    const doors = readSubpaths().map(({ specifier }) => specifier);
    expect(firstCells('README.md', /^Doors\n/).toSorted()).toEqual(doors.toSorted());
  });
});
