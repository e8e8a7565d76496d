/**
 * Decides how a command line is carried out: which command is meant, what it is given, and how its failure is told. Everything
 * else stands in the file of the command.
 */
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { version } from '../base/index.ts';
import { colourPaint, errorText, errorToJson, plainPaint } from '../view/index.ts';
import { type CliContext, examples } from './cli-context.ts';
import { commandTable } from './command-table.ts';
import { type Interruption, noInterruption, watchForInterruption } from './interruption.ts';
import { nodeTerminal } from './node-terminal.ts';
import { paged, type Paged } from './pager.ts';
import { printErrorJson, printErrorLines, printText } from './print.ts';
import type { TableEntry } from './table-entry.ts';
import { OutputClosed, OutputRefused, type Terminal } from './terminal.ts';
import { isCalledAoMigrate, programName } from './program-name.ts';
import { usageErrorOf } from './usage-error.ts';

/** Carries a command line out. Resolves to the exit code of the process; never rejects. */
export async function main(argv: readonly string[], terminal: Terminal = nodeTerminal()): Promise<number> {
  const interruption = interruptionOf(commandOf(argv));
  const page = pageFor(argv, terminal);
  const context: CliContext = {
    terminal: page.terminal,
    paint: hasColour(terminal) ? colourPaint : plainPaint,
    signal: interruption.signal,
    insisted: interruption.insisted,
    names: {},
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

/** What goes on until it is interrupted is read while it comes. */
function pageFor(argv: readonly string[], terminal: Terminal): Paged {
  const isEndless = argv.includes('--follow') || argv.includes('--watch');
  return commandOf(argv)?.isPaged === true && !isEndless
    ? paged(terminal)
    : { terminal, end: async () => undefined };
}

function interruptionOf(entry: TableEntry | undefined): Interruption {
  if (entry?.endsOrderly !== true) return noInterruption();
  return watchForInterruption({ heedsSecond: entry.heedsSecond === true });
}

/** https://no-color.org: any value but the empty one switches colours off. */
function hasColour({ isTty, env }: Terminal): boolean {
  return isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

async function carryOut(argv: readonly string[], context: CliContext): Promise<void> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    await printText(context, `runlog ${version}\n`);
    return;
  }
  const help: string[] = [];
  const program = await programFor(argv, context, (text) => help.push(text));
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = error.code === 'commander.help' || error.code === 'commander.helpDisplayed';
    if (!isHelp) throw usageErrorOf(error, commandNamed(argv));
    // A command line without a command is answered by help that nobody asked for.
    if (error.exitCode === 0) await printText(context, help.join(''));
    else await printErrorLines(context, help.join('').trimEnd().split('\n'));
    context.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** Only the command that is meant is loaded; of the others, help needs the name and the summary. */
async function programFor(
  argv: readonly string[],
  context: CliContext,
  collect: (text: string) => void,
): Promise<Command> {
  const program = new Command('runlog')
    .description('A durable, event-sourced runtime and store for AI agent runs: the log is the run.')
    .addHelpCommand(
      new Command('help').argument('[command]').description('show help for a command').helpGroup('Shell:'),
    )
    .option('-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: collect,
      writeErr: collect,
      outputError: () => undefined,
      ...helpShape(context.terminal),
    })
    .addHelpText(
      'after',
      examples('runlog quickstart', 'runlog runs sqlite:///run.db', 'runlog inspect --help'),
    );
  const meant = commandOf(argv);
  for (const entry of commandTable) {
    const command = program
      .command(entry.name, { hidden: entry.isHidden === true })
      .description(entry.summary)
      .helpGroup(entry.group);
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
  const { exitCodeOf } = await import('./exit-code.ts');
  const told = error instanceof OutputRefused ? await refusedOutput(error) : error;
  try {
    await tell(told, argv, context);
  } catch {
    // Nobody can be told; the exit code says it.
  }
  return interruption.exitCode ?? commandOf(argv)?.failsWith ?? exitCodeOf(told);
}

async function refusedOutput({ cause }: OutputRefused): Promise<Error> {
  const { outputFailed } = await import('../app/index.ts');
  return outputFailed(
    'standard output',
    cause,
    'Check where the output is redirected to: whether it can be written, and has room.',
  );
}

async function tell(error: unknown, argv: readonly string[], context: CliContext): Promise<void> {
  const { terminal } = context;
  const names = { ...context.names, program: programName(terminal.env) };
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (options.includes('--json')) await printErrorJson(context, errorToJson(error, { names }));
  else await printErrorLines(context, errorText(error, { names }));
  const wantsStack = (terminal.env['RUNLOG_DEBUG'] ?? '') !== '';
  if (wantsStack && error instanceof Error) await printErrorLines(context, ['', error.stack ?? '(no stack)']);
}
