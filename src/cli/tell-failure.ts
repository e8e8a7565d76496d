/** Decides how a failure is told, to a person or as JSON. Loaded when something fails: help and version answer without it. */
import { errorText, errorToJson } from '../view/index.ts';
import type { CliContext } from './cli-context.ts';
import { printErrorJson, printErrorLines } from './print.ts';
import { programName } from './program-name.ts';
import { OutputRefused } from './terminal.ts';
import { isFromCommander, UsageError, usageErrorOf } from './usage-error.ts';

const usageCode = 2;

type Told = Pick<CliContext, 'terminal' | 'names'>;

/** Returns the exit code that stands for the error, also when nobody can be told. */
export async function tellFailure(
  error: unknown,
  argv: readonly string[],
  { context, command }: { readonly context: Told; readonly command: string },
): Promise<number> {
  const told = await inOurWords(error, command);
  try {
    await tell(told, argv, context);
  } catch {
    // Nobody can be told; the exit code says it.
  }
  // Mistakes are answered without all that the other classes are made of.
  if (told instanceof UsageError) return usageCode;
  const { exitCodeOf } = await import('./exit-code.ts');
  return exitCodeOf(told);
}

async function inOurWords(error: unknown, command: string): Promise<unknown> {
  if (isFromCommander(error)) return usageErrorOf(error, command);
  if (!(error instanceof OutputRefused)) return error;
  return (await import('./output/refused-output.ts')).refusedOutput(error);
}

async function tell(error: unknown, argv: readonly string[], context: Told): Promise<void> {
  const { terminal } = context;
  const names = { ...context.names, program: programName(terminal.env) };
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (options.includes('--json')) await printErrorJson(context, errorToJson(error, { names }));
  else await printErrorLines(context, errorText(error, { names }));
  const wantsStack = (terminal.env['RUNLOG_DEBUG'] ?? '') !== '';
  if (wantsStack && error instanceof Error) await printErrorLines(context, ['', error.stack ?? '(no stack)']);
}
