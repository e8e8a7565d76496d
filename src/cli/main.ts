/**
 * Decides how a command line is carried out: which command is meant, what it is given, and how its failure is told. Everything
 * else stands in the file of the command.
 */
import { Command, CommanderError } from 'commander';
import { colourPaint, errorText, errorToJson, plainPaint } from '../view/index.ts';
import { type CliContext, examples } from './cli-context.ts';
import { commandTable } from './command-table.ts';
import { type Interruption, watchForInterruption } from './interruption.ts';
import { nodeTerminal } from './node-terminal.ts';
import { printErrorJson, printErrorLines, printText } from './print.ts';
import { OutputClosed, type Terminal } from './terminal.ts';
import { usageErrorOf } from './usage-error.ts';

/** Carries a command line out. Resolves to the exit code of the process; never rejects. */
export async function main(argv: readonly string[], terminal: Terminal = nodeTerminal()): Promise<number> {
  const interruption = watchForInterruption();
  const context: CliContext = {
    terminal,
    paint: hasColour(terminal) ? colourPaint : plainPaint,
    signal: interruption.signal,
    names: {},
    exitCode: 0,
  };
  try {
    await carryOut(argv, context);
    return interruption.exitCode ?? context.exitCode;
  } catch (error) {
    return await failed(error, argv, context, interruption);
  } finally {
    interruption.dispose();
  }
}

/** https://no-color.org: any value but the empty one switches colours off. */
function hasColour({ isTty, env }: Terminal): boolean {
  return isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

async function carryOut(argv: readonly string[], context: CliContext): Promise<void> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    const { version } = await import('../app/index.ts');
    await printText(context, `runlog ${version}\n`);
    return;
  }
  const help: string[] = [];
  const program = await programFor(argv, context, (text) => help.push(text));
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && error.code !== 'commander.help')
      throw usageErrorOf(error, commandNamed(argv));
    // Help that nobody asked for answers a command line without a command.
    context.exitCode = error.code === 'commander.help' ? 2 : 0;
    if (context.exitCode === 0) await printText(context, help.join(''));
    else await printErrorLines(context, help.join('').trimEnd().split('\n'));
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
      examples('runlog runs sqlite:///run.db', 'runlog inspect sqlite:///run.db', 'runlog inspect --help'),
    );
  const meant = argv[0] === 'help' ? argv[1] : argv[0];
  for (const { name, summary, load } of commandTable) {
    const command = program.command(name).description(summary);
    if (name === meant) (await load())(command, context);
    else command.action(() => undefined);
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
  const name = commandTable.find((entry) => entry.name === argv[0])?.name;
  return name === undefined ? 'runlog' : `runlog ${name}`;
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
  try {
    await tell(error, argv, context);
  } catch (unheard) {
    if (!(unheard instanceof OutputClosed)) return 1;
  }
  return interruption.exitCode ?? exitCodeOf(error);
}

async function tell(error: unknown, argv: readonly string[], context: CliContext): Promise<void> {
  const { names, terminal } = context;
  if (argv.includes('--json')) await printErrorJson(context, errorToJson(error, { names }));
  else await printErrorLines(context, errorText(error, { names }));
  const wantsStack = (terminal.env['RUNLOG_DEBUG'] ?? '') !== '';
  if (wantsStack && error instanceof Error) await printErrorLines(context, ['', error.stack ?? '(no stack)']);
}
