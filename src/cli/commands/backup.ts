/** The command `backup`: copies a store into a file while others write, and looks at the copy. */
import { backupStore } from '../../app/index.ts';
import { backupText, backupToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { healthCodes } from '../exit-code.ts';
import { filePath, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';
import { progressBar } from '../progress-bar.ts';

interface BackupFlags {
  readonly json?: boolean;
}

export const declareBackup: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///run.db')
      .argument('<file>', 'the path of the file to make; one that is there is never replaced', filePath),
  )
    .addHelp(
      examples('runlog backup sqlite:///run.db monday.db', 'runlog backup sqlite:///monday.db restored.db'),
    )
    .action(async (url: string, file: string, { json = false }: BackupFlags) => {
      context.names = { url };
      const bar = progressBar(context);
      const report = await backupStore(url, file, {
        signal: context.signal,
        onProgress: ({ phase, logId, events, ofEvents }) =>
          bar.show(`check ${phase} ${logId}`, events, ofEvents),
      }).finally(() => bar.clear());
      const { paint } = context;
      const names = { ...context.names, url: report.url };
      if (json) await printJson(context, backupToJson(report, { names }));
      else await printLines(context, backupText(report, { names, paint }));
      context.exitCode = healthCodes[report.health.state];
    });
};
