/** The command `runs`: which runs there are in a store, one line each, printed while they are read. */
import type { JsonObject } from '../../base/index.ts';
import { listRuns } from '../../app/index.ts';
import { noRunsText, runLine, runListHeading, runToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import { takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';

interface RunsFlags {
  readonly json?: boolean;
}

export const declareRuns: DeclareCommand = (command, context) => {
  takesJson(command.argument('<url>', 'the store, such as sqlite:///run.db'))
    .addHelp(examples('runlog runs sqlite:///run.db', 'runlog runs sqlite:////var/lib/agent/runs.db --json'))
    .action(async (url: string, { json }: RunsFlags) => {
      context.names = { url };
      const { paint, terminal } = context;
      const columns = terminal.columns === null ? {} : { columns: terminal.columns };
      const collected: JsonObject[] = [];
      let count = 0;
      for await (const entry of listRuns(url)) {
        if (json === true) collected.push(runToJson(entry));
        else
          await printLines(context, [
            ...(count === 0 ? [runListHeading] : []),
            runLine(entry, { paint, ...columns }),
          ]);
        count += 1;
        if (entry.outcome === 'damaged') context.exitCode = exitCodes.damaged;
      }
      if (json === true) await printJson(context, collected);
      else if (count === 0) await printLines(context, [noRunsText(url)]);
    });
};
