/** Proves that the help of the whole names every command and fits the window. */
import { expect, it } from 'vitest';
import { commandTable } from './command-table.ts';
import { topHelp } from './top-help.ts';

it('lists each command once, and none that only programs call', () => {
  const names = Array.from(topHelp(null).matchAll(/^ {2}([a-z-]+) {2}/gm), ([, name]) => name);
  const listed = commandTable.filter(({ isHidden }) => isHidden !== true).map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(listed));
  expect(names).toHaveLength(listed.length);
});

it('breaks long summaries between words, below where they begin', () => {
  const lines = topHelp(60).split('\n').slice(4);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
  expect(lines.join('\n')).toContain(
    '  ao              move the legacy state of the Agent\n                  Orchestrator',
  );
});

it('gives whole lines to a window that is too narrow', () => {
  expect(topHelp(20)).toContain('  pin             keep a run from every policy\n');
});
