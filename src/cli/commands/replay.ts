/** The command `replay`: rebuilds a run from its log, or verifies it with the program that drives it. Reads only. */
import { projectRun, verifyStoredRun } from '../../app/index.ts';
import { projectedText, projectedToJson, verifyText, verifyToJson } from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printErrorLines, printJson, printLines } from '../print.ts';
import { usageError } from '../usage-error.ts';

interface ReplayFlags {
  readonly runId: string;
  readonly verify?: boolean;
  readonly program?: string;
  readonly json?: boolean;
}

export const declareReplay: DeclareCommand = (command, context) => {
  takesJson(command.argument('<url>', 'the store, such as sqlite:///run.db'))
    .requiredOption('--run-id <run>', 'the run', notEmpty)
    .option('--verify', 'run the behaviors again on the recorded answers, and compare every event')
    .option('--program <file>', 'a module with what drives the run, for --verify', notEmpty)
    .addHelp(
      examples(
        'runlog replay sqlite:///run.db --run-id demo',
        'runlog replay sqlite:///.runlog/quickstart.db --run-id quickstart --verify',
        'runlog replay sqlite:///run.db --run-id demo --verify --program ./program.js',
      ),
    )
    .action(async (url: string, flags: ReplayFlags) => {
      const { runId } = flags;
      context.names = { url, runId };
      if (flags.verify === true) {
        await verify(url, flags, context);
        return;
      }
      if (flags.program !== undefined)
        throw usageError('--program needs --verify.', 'runlog replay', 'Rebuilding a run needs no program.');
      const report = await projectRun(url, { runId });
      if (flags.json === true) await printJson(context, projectedToJson(report));
      else await printLines(context, projectedText(report));
    });
};

async function verify(url: string, flags: ReplayFlags, context: CliContext): Promise<void> {
  const { runId, program, json } = flags;
  const report = await verifyStoredRun(url, { runId, ...(program === undefined ? {} : { file: program }) });
  const { paint, terminal } = context;
  const columns = terminal.columns === null ? {} : { columns: terminal.columns };
  if (json === true) await printJson(context, verifyToJson(report));
  else await printLines(context, verifyText(report, { paint, ...columns }));
  if (report.divergence === null) return;
  context.exitCode = exitCodes.conflict;
  if (program === undefined && json !== true)
    await printErrorLines(context, ['No program was given; name the one of the run with --program FILE.']);
}
