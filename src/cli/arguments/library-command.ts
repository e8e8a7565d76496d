/** Decides how the library that reads command lines is told what a command takes. Loaded for help, for mistakes and for Tab. */
import { Argument, Command, CommanderError, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { commandTable } from '../command-table.ts';
import type { TableEntry } from '../table-entry.ts';
import type { Terminal } from '../terminal.ts';
import { programSummary } from '../top-help.ts';
import type { ArgumentWords, Declaration, OptionWords, ReadValue } from './declaration.ts';

/** Gives a command of the library what was declared. */
export function declareToLibrary(command: Command, declaration: Declaration): Command {
  const { usage, takes, options, after, act } = declaration;
  if (usage !== undefined) command.configureHelp({ commandUsage: () => usage, visibleArguments: () => [] });
  for (const words of takes) command.addArgument(argumentOf(words));
  for (const words of options) command.addOption(optionOf(words));
  if (after !== '') command.addHelpText('after', after);
  return command.action(async (...given: unknown[]) => {
    // The last one is the library's own.
    await Reflect.apply(act, undefined, given.slice(0, -1));
  });
}

function argumentOf({ name, about, read, choices }: ArgumentWords): Argument {
  const argument = new Argument(name, about);
  if (choices !== undefined) argument.choices(choices);
  if (read !== undefined) argument.argParser(readBy(read));
  return argument;
}

function optionOf(words: OptionWords): Option {
  const { flags, about, read, choices, initial, isMandatory, conflicts, isHidden } = words;
  const option = new Option(flags, about).hideHelp(isHidden === true);
  if (initial !== undefined) option.default(initial);
  if (choices !== undefined) option.choices(choices);
  if (read !== undefined) option.argParser(readBy(read));
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  return option.makeOptionMandatory(isMandatory === true);
}

function readBy(read: ReadValue): (text: string, before: unknown) => unknown {
  return (text, before): unknown => Reflect.apply(read, undefined, [text, before]);
}

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
