/** Decides how the arguments of a command are read, and its help is told. Loaded for commands: help of the whole answers without it. */
import { Command, CommanderError } from 'commander';
import type { CliContext } from './cli-context.ts';
import { commandTable } from './command-table.ts';
import type { TableEntry } from './table-entry.ts';
import type { Terminal } from './terminal.ts';
import { programSummary } from './top-help.ts';

/** `meant` is the command that is named, if there is such. Rejects with `CommanderError` for what it cannot read. */
export async function carryOutCommand(
  argv: readonly string[],
  context: CliContext,
  meant: TableEntry | undefined,
): Promise<void> {
  const help: string[] = [];
  const program = await programFor(meant, context, (text) => help.push(text));
  try {
    // Help for a command that is not there is a mistake as the command itself is one.
    const isOfNone = argv[0] === 'help' && argv.length > 1 && meant === undefined;
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

/** Only the command that is meant is loaded; of the others, mistakes need the name. */
async function programFor(
  meant: TableEntry | undefined,
  context: CliContext,
  collect: (text: string) => void,
): Promise<Command> {
  const program = new Command('runlog')
    .description(programSummary)
    .option('-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: collect,
      writeErr: collect,
      outputError: () => undefined,
      ...helpShape(context.terminal),
    });
  for (const entry of commandTable) {
    const command = program
      .command(entry.name, { hidden: entry.isHidden === true })
      .description(entry.summary);
    if (entry === meant) (await entry.load())(command, context);
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
