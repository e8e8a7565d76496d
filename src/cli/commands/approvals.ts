/** The command `approvals`: what waits for somebody's decision in a run. Reads only. */
import { listApprovals } from '../../app/index.ts';
import { approvalsText, approvalToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { takesJson, takesRun } from '../option-values.ts';
import { printJson, printLines } from '../print.ts';

interface ApprovalsFlags {
  readonly runId?: string;
  readonly json?: boolean;
}

export const declareApprovals: DeclareCommand = (command, context) => {
  takesJson(takesRun(command))
    .addHelpText(
      'after',
      examples('runlog approvals sqlite:///run.db', 'runlog approvals sqlite:///run.db --run-id demo --json'),
    )
    .action(async (url: string, { runId, json }: ApprovalsFlags) => {
      const named = runId === undefined ? {} : { runId };
      context.names = { url, ...named };
      const { paint, terminal } = context;
      const { approvals, runId: taken, isNewest } = await listApprovals(url, named);
      if (json === true) {
        await printJson(context, approvals.map(approvalToJson));
        return;
      }
      const columns = terminal.columns === null ? {} : { columns: terminal.columns };
      const heading = `run_id: ${taken}${isNewest ? '  (the run created last)' : ''}`;
      await printLines(context, [heading, ...approvalsText(approvals, { paint, ...columns })]);
    });
};
