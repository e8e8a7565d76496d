/** The command `schema`: shows the layout of a store, or brings it to the newest version in place. */
import { schemaStatus, upgradeStoreSchema } from '../../app/index.ts';
import {
  schemaStatusText,
  schemaStatusToJson,
  schemaUpgradeText,
  schemaUpgradeToJson,
} from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';
import { usageError } from '../usage-error.ts';

interface SchemaFlags {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const declareSchema: DeclareCommand = (command, context) => {
  takesJson(
    command
      .addArgument({ name: '<action>', about: 'what to do', choices: ['status', 'upgrade'] })
      .argument('<url>', 'the store, such as sqlite:///run.db')
      .option('--dry-run', 'with upgrade: show what would be done, and change nothing'),
  )
    .addHelp(
      examples(
        'runlog schema status sqlite:///run.db',
        'runlog schema upgrade sqlite:///run.db --dry-run',
        'runlog schema upgrade sqlite:///run.db',
      ),
    )
    .action(async (action: string, url: string, { dryRun = false, json = false }: SchemaFlags) => {
      context.names = { url };
      if (action === 'status') {
        if (dryRun)
          throw usageError(
            '--dry-run goes with upgrade.',
            'runlog schema',
            'Leave it out: status changes nothing.',
          );
        const files = await schemaStatus(url);
        if (json) await printJson(context, schemaStatusToJson(files));
        else await printLines(context, schemaStatusText(files));
        return;
      }
      const upgrade = await upgradeStoreSchema(url, { dryRun });
      if (json) await printJson(context, schemaUpgradeToJson(upgrade, dryRun));
      else await printLines(context, schemaUpgradeText(upgrade, dryRun));
    });
};
