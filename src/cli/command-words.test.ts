import { expect, test } from 'vitest';
import { commandWords } from './command-words.ts';

test.each([
  ['less', ['less']],
  ['  less  -F\t-X ', ['less', '-F', '-X']],
  ['"/opt/my pager" -x', ['/opt/my pager', '-x']],
  [String.raw`/opt/my\ pager 'a "b"' "c 'd' \"e\" \n"`, ['/opt/my pager', 'a "b"', String.raw`c 'd' "e" \n`]],
  [`less -P'a b'"c"d`, ['less', '-Pa bcd']],
  [`less ''`, ['less', '']],
  ['', []],
])('%j is %j', (command, words) => {
  expect(commandWords(command)).toEqual(words);
});

test.each(['"less', "less 'a", 'less \\'])('%j is no command: something is not closed', (command) => {
  expect(commandWords(command)).toBeNull();
});
