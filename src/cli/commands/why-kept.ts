/** The command `why-kept`: what keeps a run in a store, and what would let it go. */
import { whyKept } from '../../app/index.ts';
import { whyKeptText, whyKeptToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';
import { looseOf, type PolicyFlags, takesPolicy } from '../arguments/retention-options.ts';

interface WhyKeptFlags extends PolicyFlags {
  readonly json?: boolean;
}

export const declareWhyKept: DeclareCommand = (command, context) => {
  takesJson(
    takesPolicy(
      command.argument('<url>', 'the store, such as sqlite:///run.db').argument('<run>', 'the run'),
    ),
  )
    .addHelp(
      examples(
        'runlog why-kept sqlite:///run.db demo',
        'runlog why-kept sqlite:///run.db demo --older-than 30d',
      ),
    )
    .action(async (url: string, runId: string, { json = false, ...flags }: WhyKeptFlags) => {
      context.names = { url, runId };
      const reasons = await whyKept(url, runId, looseOf(flags));
      if (json) await printJson(context, whyKeptToJson(runId, reasons));
      else await printLines(context, whyKeptText(runId, reasons, context.names));
    });
};
