/**
 * Decides what the words of a command line are, where no shell may look at it: what a shell would do more with than split it is
 * refused, not guessed.
 */

/** The words, or what stands in the line that only a shell understands. */
export type CommandWords = { readonly words: readonly string[] } | { readonly refused: string };

/** Outside of quotes a shell acts on these; at the beginning of a word also on `~`, `#` and `!`. */
const active = /[;&|<>$`(){}[\]*?\n\r!\0]/;

export function commandWords(line: string): CommandWords {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === ' ' || character === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === "'" || character === '"') {
      const end = line.indexOf(character, at + 1);
      if (end === -1) return { refused: `a quote (${character}) that is not closed` };
      const quoted = line.slice(at + 1, end);
      const found = character === '"' ? /[$`\\!\n\r]/.exec(quoted)?.[0] : undefined;
      if (found !== undefined) return { refused: named(found) };
      word = (word ?? '') + quoted;
      at = end;
    } else {
      if (active.test(character) || character === '\\') return { refused: named(character) };
      if (word === null && /[~#]/.test(character)) return { refused: named(character) };
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  const [first = ''] = words;
  // `NAME=value command` sets a variable for the command, the search path for example.
  if (/^[A-Za-z_]\w*\+?=/.test(first)) return { refused: `a variable (${first})` };
  return { words };
}

function named(character: string): string {
  return character === '\n' || character === '\r' ? 'a new line' : `'${character}'`;
}
