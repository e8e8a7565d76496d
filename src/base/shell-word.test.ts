import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

it.each([
  ['run_x', 'run_x'],
  ['sqlite:///a/b.db', 'sqlite:///a/b.db'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
  ['$(rm x)', "'$(rm x)'"],
])('%s is written as %s', (text, word) => expect(shellWord(text)).toBe(word));
