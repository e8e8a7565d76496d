/** Decides which words a command line of the environment has: spaces part them, quotes and backslashes hold them together, as in a shell. */

const piece = /[^\s"'\\]+|'[^']*'|"(?:[^"\\]|\\.)*"|\\./gs;

/** `null` where a quote is not closed. Variables, patterns and pipes are not looked into. */
export function commandWords(command: string): readonly string[] | null {
  const words: string[] = [];
  let end = 0;
  for (const { 0: text, index } of command.matchAll(piece)) {
    const between = command.slice(end, index);
    if (between.trim() !== '') return null;
    if (words.length === 0 || between !== '') words.push('');
    words.push(`${words.pop() ?? ''}${meant(text)}`);
    end = index + text.length;
  }
  return command.slice(end).trim() === '' ? words : null;
}

function meant(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1);
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll(/\\(["$`\\])/g, '$1');
  return text.startsWith('\\') ? text.slice(1) : text;
}
