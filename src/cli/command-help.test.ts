import { describe, expect, it } from 'vitest';
import { libraryHelp } from '../../scripts/help-texts.ts';
import { commandHelp } from './command-help.ts';
import { commandTable } from './command-table.ts';
import { helpTexts } from './help-texts.gen.ts';

const names = commandTable.filter(({ isHidden }) => isHidden !== true).map(({ name }) => name);

describe('the help of a command', () => {
  it('is there for every command that help lists', () => {
    expect(Object.keys(helpTexts)).toEqual(names);
  });

  it.each(names)('%s is what the library would lay out of its declaration, at any width', async (name) => {
    for (const columns of [30, 50, 64, 80, 100, 140]) {
      const help = helpTexts[name];
      expect(help === undefined ? '' : commandHelp(help, columns)).toBe(await libraryHelp(name, columns));
    }
  });
});
