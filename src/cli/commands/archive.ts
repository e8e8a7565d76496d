/** The command `archive`: moves runs that a policy lets go into another store, proves them there, and removes them here. */
import { archiveRuns, failedStore } from '../../app/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printRetention } from '../print-retention.ts';
import { progressBar } from '../progress-bar.ts';
import { policyOf, type PolicyFlags, takesPolicy, takesRunIds } from '../arguments/retention-options.ts';

interface ArchiveFlags extends PolicyFlags {
  readonly to: string;
  readonly apply?: boolean;
  readonly json?: boolean;
}

export const declareArchive: DeclareCommand = (command, context) => {
  takesJson(
    takesPolicy(
      takesRunIds(command)
        .argument('<url>', 'the store, such as sqlite:///run.db')
        .requiredOption('--to <url>', 'the archive, another store; made when it is not there', notEmpty),
    ).option('--apply', 'do it; without it nothing is changed'),
  )
    .addHelp(
      examples(
        'runlog archive sqlite:///run.db --to sqlite:///2026.db --older-than 30d',
        'runlog archive sqlite:///run.db --to sqlite:///2026.db --older-than 30d --apply',
      ),
    )
    .action(async (url: string, { to, apply = false, json = false, ...flags }: ArchiveFlags) => {
      context.names = { url };
      const bar = progressBar(context);
      const report = await archiveRuns(url, to, {
        ...policyOf(flags, 'runlog archive'),
        apply,
        signal: context.signal,
        onProgress: ({ runId, run, runs, phase, events, ofEvents }) =>
          bar.show(`${phase} ${run}/${runs} ${runId}`, events, ofEvents),
      })
        .catch((error: unknown) => {
          context.names = { url: failedStore(error) ?? url };
          throw error;
        })
        .finally(() => bar.clear());
      await printRetention(context, report, json);
    });
};
