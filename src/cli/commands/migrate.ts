/** The command `migrate`: moves runs from one store to another, and proves that they came. */
import { failedStore, migrateStore } from '../../app/index.ts';
import { migrationText, migrationToJson } from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';
import { usageError } from '../usage-error.ts';
import { progressBar } from '../progress-bar.ts';

interface MigrateFlags {
  readonly from: string;
  readonly to: string;
  readonly runId?: readonly string[];
  readonly detach?: boolean;
  readonly artifactsFrom?: string;
  readonly artifactsTo?: string;
  readonly dryRun?: boolean;
  readonly skipCorrupted?: boolean;
  readonly json?: boolean;
}

export const declareMigrate: DeclareCommand = (command, context) => {
  takesJson(
    command
      .requiredOption('--from <url>', 'the store to read; nothing in it is changed', notEmpty)
      .requiredOption('--to <url>', 'the store to write; made when it is not there', notEmpty)
      .listOption('--run-id <run>', 'only this run, and what it was forked from; may be given again', collect)
      .option('--detach', 'take forks for themselves, without what they were forked from')
      .option(
        '--artifacts-from <place>',
        'the folder or s3:// bucket with the artifacts of sessions',
        notEmpty,
      )
      .option('--artifacts-to <place>', 'where these artifacts go, with their sessions', notEmpty)
      .option('--dry-run', 'show what would be done, and write nothing')
      .option('--skip-corrupted', 'leave out events that cannot be kept, and mark their runs as partial'),
  )
    .addHelp(
      examples(
        'runlog migrate --from sqlite:///old.db --to sqlite:///new.db --dry-run',
        'runlog migrate --from sqlite:///old.db --to sqlite:///new.db',
        'runlog migrate --from sqlite:///old.db --to sqlite:///new.db --run-id demo',
      ),
    )
    .action(async (flags: MigrateFlags) => {
      context.names = { url: flags.from };
      try {
        await carryOut(flags, context);
      } catch (error) {
        context.names = { url: failedStore(error) ?? flags.from };
        throw error;
      }
    });
};

async function carryOut(
  { from, to, runId, detach, dryRun, skipCorrupted, json, ...places }: MigrateFlags,
  context: CliContext,
): Promise<void> {
  const bar = progressBar(context);
  const report = await migrateStore(from, to, {
    ...(runId === undefined ? {} : { runIds: runId }),
    ...artifactsOf(places),
    detach: detach === true,
    dryRun: dryRun === true,
    skipCorrupted: skipCorrupted === true,
    signal: context.signal,
    onProgress: ({ runId: id, run, runs, phase, events, ofEvents }) =>
      bar.show(`${phase} ${run}/${runs} ${id}`, events, ofEvents),
  }).finally(() => bar.clear());
  if (json === true) await printJson(context, migrationToJson(report));
  else await printLines(context, migrationText(report));
  if (report.ok) return;
  const isFailed = report.runs.some(({ status }) => status === 'failed');
  context.exitCode = isFailed ? exitCodes.failed : exitCodes.conflict;
}

/** Throws `UsageError` when one of the two is given alone. */
function artifactsOf({
  artifactsFrom: from,
  artifactsTo: to,
}: Pick<MigrateFlags, 'artifactsFrom' | 'artifactsTo'>) {
  if (from === undefined && to === undefined) return {};
  if (from !== undefined && to !== undefined) return { artifacts: { from, to } };
  throw usageError(
    'Only one place of artifacts is named.',
    'runlog migrate',
    'Give --artifacts-from and --artifacts-to together.',
  );
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), notEmpty(value)];
}
