/** The command `status`: how a run stands, once or until interrupted with a line for each change. Reads only. */
import { inspectRun, watchRun } from '../../app/index.ts';
import { statusLine, statusText, statusToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { takesJson, takesRun } from '../arguments/option-values.ts';
import { printJson, printJsonLine, printLines } from '../print.ts';

interface StatusFlags {
  readonly runId?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

export const declareStatus: DeclareCommand = (command, context) => {
  takesJson(takesRun(command).option('--watch', 'a line for each change, until interrupted'))
    .addHelp(
      examples(
        'runlog status sqlite:///run.db',
        'runlog status sqlite:///run.db --run-id demo --watch',
        'runlog status sqlite:///run.db --json',
      ),
    )
    .action(async (url: string, { runId, watch, json }: StatusFlags) => {
      const run = runId === undefined ? {} : { runId };
      context.names = { url, ...run };
      const { paint } = context;
      if (watch === true) {
        for await (const report of watchRun(url, run)) {
          if (json === true) await printJsonLine(context, statusToJson(report));
          else await printLines(context, [statusLine(report, { paint })]);
        }
        return;
      }
      const report = await inspectRun(url, { ...run, tail: 0 });
      if (json === true) await printJson(context, statusToJson(report));
      else await printLines(context, statusText(report, { paint }));
    });
};
