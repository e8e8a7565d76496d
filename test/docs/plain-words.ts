// Decides which command lines of pages need no shell: those of words alone, quoted or not, and perhaps a comment.

/** The words of a line; `null` when a shell would make something else of it. */
export function plainWords(line: string): readonly string[] | null {
  const text = line.replace(/ # .*$/, '').trimEnd();
  const word = /\s*(?:'([^']*)'|"([^"$`\\]*)"|([\w@%+=:,./-]+))(?=\s|$)/y;
  const words: string[] = [];
  while (word.lastIndex < text.length) {
    const found = word.exec(text);
    if (found === null) return null;
    words.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return words;
}
