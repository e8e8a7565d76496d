/** The command `fork`: makes a run that shares the beginning of another, under other settings where it is told to. */
import { forkRun, type SettingText } from '../../app/index.ts';
import { forkText, forkToJson } from '../../view/index.ts';
import { type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, settingText, takesJson } from '../option-values.ts';
import { printJson, printLines } from '../print.ts';

interface ForkFlags {
  readonly runId: string;
  readonly atEvent: string;
  readonly label?: string;
  readonly set: readonly SettingText[];
  readonly record?: boolean;
  readonly json?: boolean;
}

export const declareFork: DeclareCommand = (command, context) => {
  takesJson(command.argument('<url>', 'the store, such as sqlite:///run.db'))
    .requiredOption('--run-id <run>', 'the run to fork', notEmpty)
    .requiredOption('--at-event <event>', 'the last event that the fork shares', notEmpty)
    .option('--label <text>', 'what to call the fork in lists', notEmpty)
    .option<readonly SettingText[]>(
      '--set <setting>',
      'another value for a setting of a pack, as pack.key=value; may be given more than once',
      (text, before) => [...before, settingText(text)],
      [],
    )
    .option('--record', 'ask models and tools again after the fork point, and record their answers')
    .addHelpText(
      'after',
      examples(
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042',
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042 --set diligence.max_questions=5',
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042 --record --label "another model"',
      ),
    )
    .action(async (url: string, { runId, atEvent, label, set, record, json }: ForkFlags) => {
      context.names = { url, runId };
      const report = await forkRun(url, {
        runId,
        atEvent,
        set,
        record: record === true,
        ...(label === undefined ? {} : { label }),
      });
      if (json === true) await printJson(context, forkToJson(report));
      else await printLines(context, forkText(report));
    });
};
