/** Decides how what became of runs that should go is printed, and what it ends with. */
import type { RetentionReport } from '../app/index.ts';
import { retentionText, retentionToJson } from '../view/index.ts';
import type { CliContext } from './cli-context.ts';
import { exitCodes } from './exit-code.ts';
import { printJson, printLines } from './print.ts';

export async function printRetention(
  context: CliContext,
  report: RetentionReport,
  asJson: boolean,
): Promise<void> {
  if (asJson) await printJson(context, retentionToJson(report));
  else await printLines(context, retentionText(report, context.names));
  if (!report.ok) context.exitCode = exitCodes.failed;
}
