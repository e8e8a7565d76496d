/** The command `import`: takes runs from a file of events into a store, or the sessions of the Agent Orchestrator. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { shellWord } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';
import { importAo, type ImportReport, importFile, type MigrationReport } from '../../app/index.ts';
import { importText, importToJson, migrationText, migrationToJson } from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';
import { progressBar } from '../progress-bar.ts';
import { usageError } from '../usage-error.ts';

interface ImportFlags {
  readonly to: string;
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly skipCorrupted?: boolean;
  readonly json?: boolean;
}

export const declareImport: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument(
        '<file>',
        'what export-trace --format jsonl has written; - for standard input; ao, with --from, for the Agent Orchestrator',
      )
      .requiredOption('--to <url>', 'the store to write; made when it is not there', notEmpty)
      .option('--from <place>', 'with ao: a home with its state, or the database of its rewrite', notEmpty)
      .option('--dry-run', 'with ao: show what would be done, and write nothing')
      .option('--skip-corrupted', 'with ao: leave out events that cannot be kept'),
  )
    .addHelp(
      examples(
        'runlog import demo.jsonl --to sqlite:///new.db',
        'cat a.jsonl b.jsonl | runlog import - --to sqlite:///new.db',
        'runlog import ao --from "$HOME" --to sqlite:///history.db --dry-run',
      ),
    )
    .action(async (file: string, flags: ImportFlags) => {
      context.names = { url: flags.to };
      if (flags.from !== undefined) await importHistory(file, flags.from, flags, context);
      else if (file === 'ao' && !existsSync(file)) throw fromWhere(flags.to);
      else if (flags.dryRun === true || flags.skipCorrupted === true)
        throw onlyWithAo(flags.dryRun === true ? '--dry-run' : '--skip-corrupted');
      else await importEvents(file, flags, context);
    });
};

async function importEvents(
  file: string,
  { to, json = false }: ImportFlags,
  context: CliContext,
): Promise<void> {
  const bar = progressBar(context);
  const report = await importFile(file === '-' ? process.stdin : file, to, {
    name: 'standard input',
    signal: context.signal,
    onProgress: ({ runId, run, phase, events, ofEvents }) =>
      bar.show(`${phase} ${run} ${runId}`, events, ofEvents),
  }).finally(() => bar.clear());
  // The standard input is left behind, where something may still come.
  context.endsAtOnce = context.signal.aborted;
  if (json) await printJson(context, importToJson(report));
  else await printLines(context, importText(report));
  context.exitCode = exitCodeOf(report, context);
}

async function importHistory(
  what: string,
  from: string,
  { to, json = false, dryRun = false, skipCorrupted = false }: ImportFlags,
  context: CliContext,
): Promise<void> {
  if (what !== 'ao') throw onlyWithAo('--from');
  const bar = progressBar(context);
  const report = await importAo(from, to, {
    dryRun,
    skipCorrupted,
    env: context.terminal.env,
    signal: context.signal,
    onProgress: ({ runId, run, runs, phase, events, ofEvents }) =>
      bar.show(`${phase} ${run}/${runs} ${runId}`, events, ofEvents),
  }).finally(() => bar.clear());
  if (json) await printJson(context, migrationToJson(report));
  else await printLines(context, migrationText(report));
  context.exitCode = exitCodeOf({ ...report, refused: [] }, context);
}

function fromWhere(to: string): Error {
  return usageError(
    'The history of the Agent Orchestrator needs a place to come from: --from is missing.',
    'runlog import',
    `Name the home that holds \`.agent-orchestrator\`: \`runlog import ao --from "$HOME" --to ${shellWord(withoutCredentials(to))}\`.`,
  );
}

function onlyWithAo(option: string): Error {
  return usageError(
    `${option} goes with ao only.`,
    'runlog import',
    'Write `runlog import ao --from HOME --to URL`, or leave it out.',
  );
}

function exitCodeOf(
  { ok, refused, runs }: Pick<ImportReport, 'ok' | 'refused'> & Pick<MigrationReport, 'runs'>,
  { exitCode }: CliContext,
): number {
  if (ok) return exitCode;
  if (refused.length > 0) return exitCodes.damaged;
  return runs.some(({ status }) => status === 'conflict') && !runs.some(({ status }) => status === 'failed')
    ? exitCodes.conflict
    : exitCodes.failed;
}
