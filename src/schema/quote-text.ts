/** Decides how a text is written into a statement: the port of migrations has no parameters, whose signs differ by dialect. */

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
