/** The command `maintain`: lets old sessions go by a policy in a file. */
import { maintainStore } from '../../../app/index.ts';
import { maintenanceText, maintenanceToJson } from '../../../view/index.ts';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import { exitCodes } from '../../exit-code.ts';
import { notEmpty, takesJson } from '../../arguments/option-values.ts';
import { printJson, printLines } from '../../print.ts';
import { progressBar } from '../../progress-bar.ts';

interface MaintainFlags {
  readonly policy: string;
  readonly artifacts?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const declareMaintain: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///sessions.db')
      .requiredOption('--policy <file>', 'what goes, and when: JSON, or YAML in a .yaml file', notEmpty)
      .option(
        '--artifacts <place>',
        'the folder or s3:// bucket with the artifacts of the sessions',
        notEmpty,
      )
      .option('--dry-run', 'show what would be done, and change nothing'),
  )
    .addHelp(
      examples(
        'runlog maintain sqlite:///sessions.db --policy policy.json --dry-run',
        'runlog maintain sqlite:///sessions.db --policy policy.yaml',
        'runlog maintain sqlite:///sessions.db --policy policy.json --artifacts ./artifacts',
      ),
    )
    .action(async (url: string, { policy, artifacts, dryRun = false, json = false }: MaintainFlags) => {
      context.names = { url };
      const bar = progressBar(context, 'items');
      const report = await maintainStore(url, policy, {
        dryRun,
        signal: context.signal,
        ...(artifacts === undefined ? {} : { artifacts }),
        onProgress: ({ step, done, of }) => bar.show(step, done, of),
      }).finally(() => bar.clear());
      if (json) await printJson(context, maintenanceToJson(report));
      else await printLines(context, maintenanceText(report));
      if (!report.ok) context.exitCode = exitCodes.failed;
    });
};
