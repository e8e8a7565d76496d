/** Decides what a command is given to work with, and what it hands back. */
import type { Declaration } from './arguments/declaration.ts';
import type { CommandNames, Paint } from '../view/index.ts';
import type { Terminal } from './terminal.ts';

export interface CliContext {
  readonly terminal: Terminal;
  /** Leaves all text as it is, until a command is carried out. */
  paint: Paint;
  /** Aborted when somebody asks the process to end: finish the commit under way, and stop. */
  readonly signal: AbortSignal;
  /** Aborted when somebody asks once more, for a command that heeds it. */
  readonly insisted: AbortSignal;
  /** What an error puts for the words URL and RUN in the commands that it recommends. Commands fill it in. */
  names: CommandNames;
  /** The result of the process; 0 unless a command says otherwise. */
  exitCode: number;
  /** True when something was left behind that would keep the process alive. */
  endsAtOnce: boolean;
}

/** Gives a command its arguments, options, examples and action. Its name and summary stand in the table. */
export type DeclareCommand = (command: Declaration, context: CliContext) => void;

/** The examples of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((text) => `  ${text}`).join('\n')}\n`;
}
