/** Decides how a command line that is not plain is read: by a library, which has the words for mistakes, and for help in other spellings. */
import { Command, CommanderError } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { commandTable } from '../command-table.ts';
import type { TableEntry } from '../table-entry.ts';
import type { Terminal } from '../terminal.ts';
import { programSummary } from '../top-help.ts';
import type { Declaration } from './declaration.ts';
import { declareToLibrary } from './declare-to-library.ts';

/** The command that is named, if there is such, and what it takes. */
interface Declared {
  readonly meant: TableEntry | undefined;
  readonly declaration: Declaration | undefined;
}

/** Rejects with `CommanderError` for what it cannot read. */
export async function carryOutByLibrary(
  argv: readonly string[],
  context: CliContext,
  declared: Declared,
): Promise<void> {
  const help: string[] = [];
  const program = programFor(declared, context.terminal, (text) => help.push(text));
  try {
    // Help for a command that is not there is a mistake as the command itself is one.
    const isOfNone = argv[0] === 'help' && argv.length > 1 && declared.meant === undefined;
    await program.parseAsync(isOfNone ? argv.slice(1) : [...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = error.code === 'commander.help' || error.code === 'commander.helpDisplayed';
    if (!isHelp) throw error;
    // A command line without a command is answered by help that nobody asked for.
    if (error.exitCode === 0) await context.terminal.out(help.join(''));
    else await context.terminal.err(`${help.join('').trimEnd()}\n`);
    context.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** Only the command that is meant is declared; of the others, mistakes need the name. */
function programFor(
  { meant, declaration }: Declared,
  terminal: Terminal,
  collect: (text: string) => void,
): Command {
  const program = new Command('runlog')
    .description(programSummary)
    .option('-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: collect,
      writeErr: collect,
      outputError: () => undefined,
      ...helpShape(terminal),
    });
  for (const entry of commandTable) {
    const command = program
      .command(entry.name, { hidden: entry.isHidden === true })
      .description(entry.summary);
    if (entry === meant && declaration !== undefined) declareToLibrary(command, declaration);
  }
  return program;
}

function helpShape({ columns }: Terminal): object {
  return {
    getOutHelpWidth: () => columns ?? 100,
    getErrHelpWidth: () => columns ?? 100,
    getOutHasColors: () => false,
  };
}
