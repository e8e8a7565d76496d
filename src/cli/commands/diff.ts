/** The command `diff`: how two runs of a store differ. Reads only. */
import { diffRuns } from '../../app/index.ts';
import { runDiffText, runDiffToJson } from '../../view/index.ts';
import type { OptionWords } from '../arguments/declaration.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';

interface DiffFlags {
  readonly runA: string;
  readonly runB: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export const declareDiff: DeclareCommand = (command, context) => {
  takesJson(command.argument('<url>', 'the store, such as sqlite:///run.db'))
    .addOption(namedRun('--run-a <run>', 'the run to compare, called parent in counts and JSON'))
    .addOption(namedRun('--run-b <run>', 'the run to compare it with'))
    .option('--all', 'print every difference, however many')
    .addHelp(
      examples(
        'runlog diff sqlite:///run.db --run-a demo --run-b demo-fork',
        'runlog diff sqlite:///run.db --run-a demo --run-b demo-fork --json',
      ),
    )
    .action(async (url: string, { runA, runB, all = false, json }: DiffFlags) => {
      context.names = { url };
      const diff = await diffRuns(url, { runA, runB });
      if (json === true) {
        await printJson(context, runDiffToJson(diff));
        return;
      }
      const { columns } = context.terminal;
      await printLines(context, runDiffText(diff, { all, ...(columns === null ? {} : { columns }) }));
    });
};

function namedRun(flags: string, description: string): OptionWords {
  return { flags, about: description, read: notEmpty, isMandatory: true };
}
