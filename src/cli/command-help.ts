/**
 * Decides how the help of one command is laid out, out of words that were taken from its declaration when it was written: loading the
 * declaration, what it does and the library that reads arguments takes five times as long. The layout is that library's.
 */

/** A term, and what it means. */
type Row = readonly [term: string, meaning: string];

export interface CommandHelp {
  readonly usage: string;
  readonly about: string;
  readonly arguments: readonly Row[];
  readonly options: readonly Row[];
  /** Examples and more, as they stand below. */
  readonly after: string;
}

/** Where there is no terminal. */
const usualColumns = 100;
/** Narrower than this, lines are left whole. */
const fewestColumns = 40;

/** The text of `runlog COMMAND --help`, in lines that fit the terminal. */
export function commandHelp(help: CommandHelp, columns: number | null): string {
  const { usage, about, arguments: given, options, after } = help;
  const width = Math.max(...[...given, ...options].map(([term]) => term.length), 0);
  const most = columns ?? usualColumns;
  const section = (title: string, rows: readonly Row[]): readonly string[] =>
    rows.length === 0 ? [] : [title, ...rows.map((row) => item(row, width, most)), ''];
  const parts = [
    ...[`Usage: ${usage}`, '', wrapped(about, most).join('\n'), ''],
    ...section('Arguments:', given),
    ...section('Options:', options),
  ];
  return `${parts.join('\n')}${after}`;
}

function item([term, meaning]: Row, width: number, columns: number): string {
  if (meaning === '') return `  ${term}`;
  const lines = wrapped(meaning, columns - width - 4);
  return `  ${term.padEnd(width)}  ${lines.join(`\n${' '.repeat(width + 4)}`)}`;
}

function wrapped(text: string, columns: number): readonly string[] {
  if (columns < fewestColumns) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
