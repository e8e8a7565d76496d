/** The command `approvals`: what waits for somebody's decision in a run of a graph, and in sessions of agents. Reads only. */
import { listApprovals } from '../../app/index.ts';
import {
  approvalsText,
  approvalToJson,
  clean,
  sessionApprovalsText,
  sessionApprovalToJson,
} from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { takesJson, takesRun } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';

interface ApprovalsFlags {
  readonly runId?: string;
  readonly json?: boolean;
}

export const declareApprovals: DeclareCommand = (command, context) => {
  takesJson(takesRun(command))
    .addHelp(
      examples('runlog approvals sqlite:///run.db', 'runlog approvals sqlite:///run.db --run-id demo --json'),
    )
    .action(async (url: string, { runId, json }: ApprovalsFlags) => {
      const named = runId === undefined ? {} : { runId };
      context.names = { url, ...named };
      const { paint, terminal } = context;
      const { approvals, ofAgents, runId: taken, isNewest } = await listApprovals(url, named);
      if (json === true) {
        await printJson(context, [...approvals.map(approvalToJson), ...ofAgents.map(sessionApprovalToJson)]);
        return;
      }
      const columns = terminal.columns === null ? {} : { columns: terminal.columns };
      const shape = { paint, ...columns };
      const heading = `run_id: ${clean(taken ?? '')}${isNewest ? '  (the run created last)' : ''}`;
      const lines = [
        ...(taken === null ? [] : [heading, ...approvalsText(approvals, shape)]),
        ...sessionApprovalsText(ofAgents, shape),
      ];
      await printLines(context, lines.length === 0 ? ['(nothing waits for a decision)'] : lines);
    });
};
