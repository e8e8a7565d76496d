/** The command `approve`: grants a proposal, or what an agent waits for, in somebody's name. */
import { decideApproval } from '../../app/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { byOption, takesJson, takesRun } from '../arguments/option-values.ts';
import { printDecision } from '../print-decision.ts';

interface ApproveFlags {
  readonly runId?: string;
  readonly by: string;
  readonly json?: boolean;
}

export const declareApprove: DeclareCommand = (command, context) => {
  takesJson(
    takesRun(command).argument('<id>', 'the proposal, such as approval_001, or the request of an agent'),
  )
    .addOption(byOption())
    .addHelp(examples('runlog approve sqlite:///run.db approval_001 --by jane'))
    .action(async (url: string, id: string, { runId, by, json }: ApproveFlags) => {
      const named = runId === undefined ? {} : { runId };
      context.names = { url, ...named };
      const decision = await decideApproval(url, { ...named, approvalId: id, verdict: 'approve', by });
      await printDecision(context, decision, json === true);
    });
};
