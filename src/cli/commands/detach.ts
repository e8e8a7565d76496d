/** The command `detach`: gives a fork a copy of what it shares, so that what it was forked from may go. */
import { detachRun } from '../../app/index.ts';
import { clean } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';

interface DetachFlags {
  readonly runId: string;
  readonly json?: boolean;
}

export const declareDetach: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///run.db')
      .requiredOption('--run-id <fork>', 'the fork', notEmpty),
  )
    .addHelp(examples('runlog detach sqlite:///run.db --run-id demo-fork'))
    .action(async (url: string, { runId, json = false }: DetachFlags) => {
      context.names = { url, runId };
      const { info, copied } = await detachRun(url, runId);
      const { seq, hash } = info.head;
      if (json)
        await printJson(context, { run_id: runId, events_copied: copied, events: seq, head_hash: hash });
      else if (copied === 0) await printLines(context, [`${clean(runId)} stands by itself already`]);
      else
        await printLines(context, [
          `detached ${clean(runId)}: ${copied} events copied, head ${hash} as before`,
        ]);
    });
};
