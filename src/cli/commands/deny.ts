/** The command `deny`: denies a proposal, or what an agent waits for, in somebody's name, for good. */
import { decideApproval } from '../../app/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { byOption, takesJson, takesRun } from '../arguments/option-values.ts';
import { printDecision } from '../print-decision.ts';

interface DenyFlags {
  readonly runId?: string;
  readonly by: string;
  readonly reason?: string;
  readonly json?: boolean;
}

export const declareDeny: DeclareCommand = (command, context) => {
  takesJson(
    takesRun(command).argument('<id>', 'the proposal, such as approval_001, or the request of an agent'),
  )
    .addOption(byOption())
    .option('--reason <text>', 'why; the history of the run keeps it')
    .addHelp(examples('runlog deny sqlite:///run.db approval_001 --by jane --reason "no source"'))
    .action(async (url: string, id: string, { runId, by, reason, json }: DenyFlags) => {
      const named = runId === undefined ? {} : { runId };
      context.names = { url, ...named };
      const why = reason === undefined ? {} : { reason };
      const decision = await decideApproval(url, { ...named, ...why, approvalId: id, verdict: 'deny', by });
      await printDecision(context, decision, json === true);
    });
};
