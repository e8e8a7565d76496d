/** Decides how a text is written into a command that somebody may type: as one word of a shell, whatever stands in it. */

export function shellWord(text: string): string {
  return /^[\w@%+=:,./#-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
