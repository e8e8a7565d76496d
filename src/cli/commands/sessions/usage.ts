/** The command `usage`: what the agents of a store have used, and what it cost. Reads only. */
import { sumUsageOfStore, type UsageAsked } from '../../../app/index.ts';
import { usageReportText, usageReportToJson } from '../../../view/index.ts';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import { priceRow, sinceMoment, takesJson } from '../../arguments/option-values.ts';
import { printJson, printLines } from '../../print.ts';
import { programName } from '../../program-name.ts';

type Price = NonNullable<UsageAsked['prices']>[number];

interface UsageFlags extends Omit<UsageAsked, 'prices'> {
  readonly price?: readonly Price[];
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
      .option('--since <time>', 'only runs made since then: 30d, 12h, 2026-11-21', sinceMoment)
      .listOption(
        '--price <price>',
        'count a model at these dollars for a million tokens, as provider/model=input,output; may be given again',
        collectPrice,
      ),
  )
    .addHelp(
      examples(
        'runlog usage sqlite:///sessions.db',
        'runlog usage sqlite:///sessions.db --by day --since 30d',
        'runlog usage sqlite:///sessions.db --by agent --json',
        'runlog usage sqlite:///sessions.db --price house/model-9=3,15',
      ),
    )
    .action(async (url: string, { json = false, price: prices = [], ...asked }: UsageFlags) => {
      context.names = { url };
      const names = { url, program: programName(context.terminal.env) };
      const report = await sumUsageOfStore(url, { ...asked, prices });
      if (json) await printJson(context, usageReportToJson(report));
      else await printLines(context, usageReportText(report, { paint: context.paint, names }));
    });
};

function collectPrice(text: string, before: readonly Price[] | undefined): readonly Price[] {
  return [...(before ?? []), priceRow(text)];
}
