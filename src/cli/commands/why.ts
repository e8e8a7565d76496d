/** The command `why`: the chain of calls and events that led to an object, up to the goal, and its patches. Reads only. */
import { whyObject } from '../../app/index.ts';
import { chainText, chainToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson, takesRun } from '../arguments/option-values.ts';
import { noteRun, printJson, printLines } from '../print.ts';

interface WhyFlags {
  readonly runId?: string;
  readonly json?: boolean;
}

export const declareWhy: DeclareCommand = (command, context) => {
  takesJson(takesRun(command).argument('<object>', 'the object, such as claim#2', notEmpty))
    .addHelp(
      examples(
        "runlog why sqlite:///run.db 'claim#2'",
        "runlog why sqlite:///run.db 'memo#9' --run-id demo --json",
      ),
    )
    .action(async (url: string, objectId: string, { runId, json }: WhyFlags) => {
      const named = runId === undefined ? {} : { runId };
      context.names = { url, ...named };
      const found = await whyObject(url, { ...named, objectId });
      if (json === true) {
        await printJson(context, chainToJson(found.value));
        return;
      }
      if (found.isNewest) await noteRun(context, found.runId);
      await printLines(context, chainText(found.value, objectId, { paint: context.paint }));
    });
};
