/** The command `ao migrate`: the legacy state of the Agent Orchestrator into the database of its rewrite. */
import {
  aoReportJson,
  aoReportLines,
  type AoMigration,
  hasAoMigrationFailed,
  migrateAoHome,
  migrationRefused,
} from '../../app/index.ts';
import type { JsonObject } from '../../base/index.ts';
import { clean } from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import { notEmpty } from '../arguments/option-values.ts';
import { isCalledAoMigrate } from '../program-name.ts';
import { printErrorLines, printLines, printText } from '../print.ts';

interface AoFlags {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly config?: string;
  readonly asRestorable?: boolean;
  readonly strictParity?: boolean;
  readonly keepGoing?: boolean;
}

export const declareAo: DeclareCommand = (command, context) => {
  // Its action is part of that name.
  if (isCalledAoMigrate()) command.calledAs('ao-migrate [options]');
  command
    .addArgument({ name: '<action>', about: 'what to do; ao-migrate is ao migrate', choices: ['migrate'] })
    .option('--dry-run', 'show what would be done, and write nothing')
    .option('--check', 'a dry run that ends with 1 when a real run would be refused')
    .option('--json', 'print one line of JSON; notes are left out')
    .option('--json-schema', 'print the JSON Schema of that, and do nothing else')
    .option('--config <file>', 'read this file in place of the registry', notEmpty)
    .option('--as-restorable', 'orchestrators arrive stopped, so that the rewrite can restore them')
    .option('--strict-parity', 'write the rows that the first `ao migrate` wrote')
    .option('--keep-going', 'keep the rows that went in when others fail')
    .addHelp(
      isCalledAoMigrate()
        ? examples('ao-migrate --dry-run', 'ao-migrate --json', 'ao-migrate --as-restorable')
        : examples('runlog ao migrate --dry-run', 'runlog ao migrate --json', 'ao-migrate --as-restorable'),
    )
    .action(async (_action: string, flags: AoFlags) => {
      const { check = false, json = false, ...choices } = flags;
      const dryRun = check || choices.dryRun === true;
      await log(context, 'cli.migration_invoked', { dryRun, json });
      const result = await migrateAoHome({ ...choices, env: context.terminal.env, dryRun }).catch(
        async (error: unknown) => {
          const errorMessage = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
          await log(context, 'cli.migration_failed', { errorMessage });
          throw error;
        },
      );
      const isRefused = result.refusal !== null && (check || !dryRun);
      const failed = hasAoMigrationFailed(result) || isRefused;
      await tell(context, result, { json, isRefused });
      await log(context, failed ? 'cli.migration_failed' : 'cli.migration_completed', {
        dryRun,
        ...aoReportJson(result),
      });
      context.exitCode = failed ? exitCodes.failed : exitCodes.ok;
    });
};

async function tell(
  context: CliContext,
  result: AoMigration,
  { json, isRefused }: { readonly json: boolean; readonly isRefused: boolean },
): Promise<void> {
  const { refusal, isDryRun } = result;
  // One line: whoever called parses the object that it finds.
  if (json) await printText(context, `${JSON.stringify(aoReportJson(result))}\n`);
  else if (refusal === null || isDryRun) await printLines(context, linesOf(result));
  // The object has no room for the reason.
  const isAnyLeft = hasAoMigrationFailed(result) || result.failedTranscripts > 0;
  if (json && isAnyLeft && refusal === null) await printErrorLines(context, linesOf(result));
  // A dry run has it among its notes, and a check is asked for it.
  if (refusal === null || !isRefused) return;
  const { summary, howToFix } = migrationRefused(refusal);
  await printErrorLines(context, [summary, `How to fix: ${howToFix}`]);
}

/** Nothing of it is painted by us: a colour in a name would hide what stands behind it. */
function linesOf(result: AoMigration): readonly string[] {
  return aoReportLines(result).map((line) => clean(line));
}

/** Beside the result, where it disturbs nobody who reads it. */
async function log(context: CliContext, event: string, data: JsonObject): Promise<void> {
  await printErrorLines(context, [`${new Date().toISOString()} ${event} ${JSON.stringify(data)}`]);
}
