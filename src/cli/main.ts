/**
 * Decides how a command line is carried out: which command is meant, what it is given, and how its failure is told. Everything
 * else stands in the file of the command.
 */
import process from 'node:process';
import type { CliContext } from './cli-context.ts';
import { commandTable } from './command-table.ts';
import { type Interruption, noInterruption, watchForInterruption } from './interruption.ts';
import { nodeTerminal } from './node-terminal.ts';
import type { Paged } from './pager.ts';
import { isCalledAoMigrate, programName } from './program-name.ts';
import type { CommandNames } from '../view/index.ts';
import type { TableEntry } from './table-entry.ts';
import { OutputClosed, type Terminal } from './terminal.ts';
import { topHelp } from './top-help.ts';

/** Carries a command line out. Resolves to the exit code of the process; never rejects. */
export async function main(argv: readonly string[], terminal: Terminal = nodeTerminal()): Promise<number> {
  const entry = commandOf(argv);
  const interruption = interruptionOf(entry);
  const page = await pageFor(entry, argv, terminal);
  let names: CommandNames = {};
  const context: CliContext = {
    terminal: page.terminal,
    // Help has no colours, and answers without what paints them.
    paint: (_style, text) => text,
    signal: interruption.signal,
    insisted: interruption.insisted,
    // Whatever a command names, what it prints can be typed again as it was typed now.
    get names() {
      return { program: programName(terminal.env), ...names };
    },
    set names(given) {
      names = given;
    },
    exitCode: 0,
    endsAtOnce: false,
  };
  try {
    await carryOut(argv, context);
    await page.end();
    const exitCode = interruption.exitCode ?? context.exitCode;
    // What was given up goes on by itself, and nobody waits for it.
    if (context.endsAtOnce) process.exit(exitCode);
    return exitCode;
  } catch (error) {
    await page.end();
    return await failed(error, argv, { ...context, terminal }, interruption);
  } finally {
    interruption.dispose();
  }
}

/**
 * Tells what nobody has caught, such as what a program that was given does beside its export. Resolves to the exit code that the
 * process has to end with; never rejects.
 */
export async function tellUncaught(
  error: unknown,
  argv: readonly string[],
  terminal: Terminal = nodeTerminal(),
): Promise<number> {
  const { tellFailure } = await import('./tell-failure.ts');
  const exitCode = await tellFailure(error, argv, {
    context: { terminal, names: {} },
    command: commandNamed(argv),
  });
  return commandOf(argv)?.failsWith ?? exitCode;
}

/** What goes on until it is interrupted is read while it comes. */
async function pageFor(
  entry: TableEntry | undefined,
  argv: readonly string[],
  terminal: Terminal,
): Promise<Paged> {
  const isEndless = argv.includes('--follow') || argv.includes('--watch');
  if (entry?.isPaged !== true || isEndless || !terminal.isTty)
    return { terminal, end: async () => undefined };
  return (await import('./pager.ts')).paged(terminal);
}

function interruptionOf(entry: TableEntry | undefined): Interruption {
  if (entry?.endsOrderly !== true) return noInterruption();
  return watchForInterruption({ heedsSecond: entry.heedsSecond === true });
}

async function carryOut(argv: readonly string[], context: CliContext): Promise<void> {
  const { terminal } = context;
  const [first, ...more] = argv;
  if (first === '--version' || first === '-V') {
    await (await import('./output/print-version.ts')).printVersion(terminal);
  } else if (first === undefined) {
    // Help that nobody asked for.
    await terminal.err(topHelp(terminal.columns));
    context.exitCode = 2;
  } else if (more.length === 0 && ['--help', '-h', 'help'].includes(first)) {
    await terminal.out(topHelp(terminal.columns));
  } else if (helpAskedOf(argv) !== undefined) {
    await terminal.out(await helpTextOf(helpAskedOf(argv), terminal));
  } else if (isOption('--json-schema', argv) && (await printsSchema(commandOf(argv), terminal))) {
    return;
  } else if (isWord(first === 'help' ? more[0] : first) && commandOf(argv) === undefined) {
    const { unknownCommand } = await import('./usage-error.ts');
    const known = commandTable.filter(({ isHidden }) => isHidden !== true).map(({ name }) => name);
    throw unknownCommand(first === 'help' ? (more[0] ?? '') : first, known);
  } else {
    const { carryOutCommand } = await import('./carry-out-command.ts');
    await carryOutCommand(argv, context, commandOf(argv));
  }
}

function isWord(text: string | undefined): boolean {
  return text !== undefined && !text.startsWith('-');
}

/** The command whose help is asked for, and nothing else. What is spelled in another way is read by the library. */
function helpAskedOf(argv: readonly string[]): TableEntry | undefined {
  const [first = '', second = '', ...more] = argv;
  const isAsked = more.length === 0 && (first === 'help' || second === '--help' || second === '-h');
  const entry = isAsked ? commandOf(argv) : undefined;
  const hasOtherName = entry?.name === 'ao' && isCalledAoMigrate();
  return entry?.isHidden === true || hasOtherName ? undefined : entry;
}

/** Out of words that were written down: what the command is made of is not loaded. */
async function helpTextOf(entry: TableEntry | undefined, { columns }: Terminal): Promise<string> {
  const [{ commandHelp }, { helpTexts }] = await Promise.all([
    import('./command-help.ts'),
    import('./help-texts.gen.ts'),
  ]);
  const help = entry === undefined ? undefined : helpTexts[entry.name];
  return help === undefined ? topHelp(columns) : commandHelp(help, columns);
}

function isOption(name: string, argv: readonly string[]): boolean {
  return argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length).includes(name);
}

/** As help does, it needs nothing of what the command needs. False for a command that prints no JSON. */
async function printsSchema(entry: TableEntry | undefined, terminal: Terminal): Promise<boolean> {
  const { jsonSchemaOf } = await import('./json-forms/json-forms.ts');
  const schema = entry === undefined ? undefined : jsonSchemaOf(entry.name);
  if (schema !== undefined) await terminal.out(`${JSON.stringify(schema, null, 2)}\n`);
  return schema !== undefined;
}

function commandNamed(argv: readonly string[]): string {
  const entry = commandOf(argv);
  if (entry?.name === 'ao' && isCalledAoMigrate()) return 'ao-migrate';
  return entry === undefined ? 'runlog' : `runlog ${entry.name}`;
}

/** The command that is carried out, or that help is asked for. */
function commandOf(argv: readonly string[]): TableEntry | undefined {
  const words = argv.filter((word) => !word.startsWith('-'));
  const meant = words[0] === 'help' ? words[1] : words[0];
  return commandTable.find(({ name }) => name === meant);
}

async function failed(
  error: unknown,
  argv: readonly string[],
  context: CliContext,
  interruption: Interruption,
): Promise<number> {
  if (error instanceof OutputClosed) return interruption.exitCode ?? 0;
  if (interruption.exitCode !== null && error === interruption.signal.reason) return interruption.exitCode;
  const { tellFailure } = await import('./tell-failure.ts');
  const exitCode = await tellFailure(error, argv, { context, command: commandNamed(argv) });
  return interruption.exitCode ?? commandOf(argv)?.failsWith ?? exitCode;
}
