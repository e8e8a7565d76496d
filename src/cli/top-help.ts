/**
 * Decides what `runlog` by itself says: the commands under their headings, with what to do first on top. Written here and not by the
 * library that reads arguments, because loading that takes longer than all the rest.
 */
import { examples } from './cli-context.ts';
import { commandTable } from './command-table.ts';

export const programSummary =
  'A durable, event-sourced runtime and store for AI agent runs: the log is the run.';

const options = [
  ['-V, --version', 'print the version'],
  ['-h, --help', 'display help for command'],
] as const;
const help = ['help [command]', 'show help for a command'] as const;

/** Where there is no terminal. */
const usualColumns = 100;

/** The text of `runlog --help`, in lines that fit the terminal. */
export function topHelp(columns: number | null): string {
  const listed = commandTable.filter(({ isHidden }) => isHidden !== true);
  const groups = [...new Set(listed.map(({ group }) => group))];
  const labels = [...options.map(([label]) => label), help[0], ...listed.map(({ name }) => name)];
  const width = Math.max(...labels.map(({ length }) => length)) + 2;
  const entry = (label: string, text: string): string =>
    `  ${label.padEnd(width)}${wrapped(text, (columns ?? usualColumns) - width - 2, width + 2)}`;
  return [
    'Usage: runlog [options] [command]',
    '',
    programSummary,
    '',
    'Options:',
    ...options.map(([label, text]) => entry(label, text)),
    ...groups.flatMap((group) => [
      '',
      group,
      ...listed.filter((each) => each.group === group).map(({ name, summary }) => entry(name, summary)),
      ...(group === groups.at(-1) ? [entry(...help)] : []),
    ]),
    examples('runlog quickstart', 'runlog runs sqlite:///run.db', 'runlog inspect --help'),
  ].join('\n');
}

/** Breaks between words; a window too narrow for that gets whole lines. */
function wrapped(text: string, columns: number, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && columns >= 20 && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
