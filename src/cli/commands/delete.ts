/** The command `delete`: removes runs that a policy lets go, for good. */
import { deleteRuns } from '../../app/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printRetention } from '../print-retention.ts';
import { policyOf, type PolicyFlags, takesPolicy, takesRunIds } from '../arguments/retention-options.ts';

interface DeleteFlags extends PolicyFlags {
  readonly apply?: boolean;
  readonly artifacts?: string;
  readonly json?: boolean;
}

export const declareDelete: DeclareCommand = (command, context) => {
  takesJson(
    takesPolicy(takesRunIds(command).argument('<url>', 'the store, such as sqlite:///run.db'))
      .option(
        '--artifacts <place>',
        'the folder or s3:// bucket with the artifacts of sessions, which go with them',
        notEmpty,
      )
      .option('--apply', 'do it; without it nothing is changed'),
  )
    .addHelp(
      examples(
        'runlog delete sqlite:///run.db --label test',
        'runlog delete sqlite:///run.db --label test --apply',
        'runlog delete sqlite:///sessions.db --run-id ses_1 --status session --artifacts ./artifacts --apply',
      ),
    )
    .action(async (url: string, { apply = false, json = false, artifacts, ...flags }: DeleteFlags) => {
      context.names = { url };
      const policy = policyOf(flags, 'runlog delete');
      await printRetention(
        context,
        await deleteRuns(url, {
          ...policy,
          apply,
          signal: context.signal,
          ...(artifacts === undefined ? {} : { artifacts }),
        }),
        json,
      );
    });
};
