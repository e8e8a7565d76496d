/** The command `usage`: what the agents of a store have used, and what it cost. Reads only. */
import { sumUsageOfStore, type UsageAsked } from '../../../app/index.ts';
import { usageReportText, usageReportToJson } from '../../../view/index.ts';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import { sinceMoment, takesJson } from '../../arguments/option-values.ts';
import { printJson, printLines } from '../../print.ts';

interface UsageFlags extends UsageAsked {
  readonly json?: boolean;
}

export const declareUsage: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///sessions.db')
      .addOption({
        flags: '--by <group>',
        about: 'what the lines are of',
        choices: ['day', 'model', 'agent'],
        initial: 'model',
      })
      .option('--since <time>', 'only runs made since then: 30d, 12h, 2026-11-21', sinceMoment),
  )
    .addHelp(
      examples(
        'runlog usage sqlite:///sessions.db',
        'runlog usage sqlite:///sessions.db --by day --since 30d',
        'runlog usage sqlite:///sessions.db --by agent --json',
      ),
    )
    .action(async (url: string, { json = false, ...asked }: UsageFlags) => {
      context.names = { url };
      const report = await sumUsageOfStore(url, asked);
      if (json) await printJson(context, usageReportToJson(report));
      else await printLines(context, usageReportText(report, { paint: context.paint }));
    });
};
