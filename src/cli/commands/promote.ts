/** The command `promote`: takes the changes of a fork into its parent, or shows what that would do. */
import { planPromotion, promoteFork } from '../../app/index.ts';
import { promotionText, promotionToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';

interface PromoteFlags {
  readonly runId: string;
  readonly by: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const declarePromote: DeclareCommand = (command, context) => {
  takesJson(command.argument('<url>', 'the store, such as sqlite:///run.db'))
    .addOption({
      flags: '--run-id <fork>',
      about: 'the fork; its changes go into its parent',
      read: notEmpty,
      isMandatory: true,
    })
    .option('--by <name>', 'who promotes; the history of the parent keeps it', notEmpty, 'user')
    .option('--dry-run', 'show what would change, and write nothing')
    .addHelp(
      examples(
        'runlog promote sqlite:///run.db --run-id demo-fork --dry-run',
        'runlog promote sqlite:///run.db --run-id demo-fork --by jane',
      ),
    )
    .action(async (url: string, { runId, by, dryRun, json }: PromoteFlags) => {
      context.names = { url, runId };
      const promotion =
        dryRun === true
          ? { plan: await planPromotion(url, { runId }) }
          : await promoteFork(url, { runId, by });
      if (json === true) await printJson(context, promotionToJson(promotion));
      else await printLines(context, promotionText(promotion));
    });
};
