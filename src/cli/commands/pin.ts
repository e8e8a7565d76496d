/** The commands `pin` and `unpin`: keep a run from every policy, and let it go again. */
import { pinRun, unpinRun } from '../../app/index.ts';
import { clean } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';

interface PinFlags {
  readonly runId: string;
  readonly reason?: string;
  readonly json?: boolean;
}

export const declarePin: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///run.db')
      .requiredOption('--run-id <run>', 'the run to keep', notEmpty)
      .option('--reason <text>', 'why; why-kept tells it', notEmpty),
  )
    .addHelp(examples('runlog pin sqlite:///run.db --run-id demo --reason "evidence of case 7"'))
    .action(async (url: string, { runId, reason = '', json = false }: PinFlags) => {
      context.names = { url, runId };
      await pinRun(url, runId, reason);
      if (json) await printJson(context, { run_id: runId, pinned: true, reason });
      else await printLines(context, [`pinned ${clean(runId)}`]);
    });
};

export const declareUnpin: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///run.db')
      .requiredOption('--run-id <run>', 'the run to let go', notEmpty),
  )
    .addHelp(examples('runlog unpin sqlite:///run.db --run-id demo'))
    .action(async (url: string, { runId, json = false }: PinFlags) => {
      context.names = { url, runId };
      const wasPinned = await unpinRun(url, runId);
      if (json) await printJson(context, { run_id: runId, pinned: false, was_pinned: wasPinned });
      else
        await printLines(context, [
          wasPinned ? `unpinned ${clean(runId)}` : `${clean(runId)} was not pinned`,
        ]);
    });
};
