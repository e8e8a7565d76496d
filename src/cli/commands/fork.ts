/** The command `fork`: makes a run that shares the beginning of another, or tells what it would cost, under other settings where it is told to. */
import { forkRun, packsOfFile, planStoredFork, type SettingText } from '../../app/index.ts';
import { commitLimits } from '../../log/index.ts';
import { forkPlanText, forkPlanToJson, forkText, forkToJson } from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { newId, notEmpty, settingText, takesJson, textUpTo } from '../arguments/option-values.ts';
import { printJson, printLines } from '../print.ts';
import { usageError } from '../usage-error.ts';

interface ForkFlags {
  readonly runId: string;
  readonly atEvent: string;
  readonly id?: string;
  readonly label?: string;
  readonly set: readonly SettingText[];
  readonly record?: boolean;
  readonly plan?: boolean;
  readonly program?: string;
  readonly json?: boolean;
}

export const declareFork: DeclareCommand = (command, context) => {
  takesJson(command.argument('<url>', 'the store, such as sqlite:///run.db'))
    .requiredOption('--run-id <run>', 'the run to fork', notEmpty)
    .requiredOption('--at-event <event>', 'the last event that the fork shares', notEmpty)
    .option('--id <run>', 'the id of the fork; drawn without it', newId)
    .option('--label <text>', 'what to call the fork in lists', textUpTo(commitLimits.labelCharacters))
    .listOption(
      '--set <setting>',
      'another value for a setting of a pack, as pack.key=value; may be given more than once',
      collectSetting,
      [],
    )
    .option('--record', 'ask models and tools again after the fork point, and record their answers')
    .option('--plan', 'make nothing: list the calls that the record cannot answer, with what they may cost')
    .option(
      '--program <file>',
      'a module with what drives the run, for --plan and for the packs of --set',
      notEmpty,
    )
    .addHelp(
      examples(
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042',
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042 --id demo-fork',
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042 --set diligence.max_questions=5',
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042 --record --label "another model"',
        'runlog fork sqlite:///run.db --run-id demo --at-event evt_042 --plan --program ./program.js',
      ),
    )
    .action(async (url: string, flags: ForkFlags) => {
      const { runId, atEvent, id, label, set, record, program, json } = flags;
      context.names = { url, runId };
      checkFlags(flags);
      if (flags.plan === true) {
        await printPlan(url, flags, context);
        return;
      }
      const packs = program === undefined ? [] : await packsOfFile(program);
      const report = await forkRun(url, {
        runId,
        atEvent,
        set,
        record: record === true,
        packs,
        ...(id === undefined ? {} : { newRunId: id }),
        ...(label === undefined ? {} : { label }),
      });
      if (json === true) await printJson(context, forkToJson(report));
      else await printLines(context, forkText(report));
    });
};

function checkFlags({ plan, label, program, set }: ForkFlags): void {
  if (plan === true && label !== undefined)
    throw usageError(
      '--label is not for --plan.',
      'runlog fork',
      'A plan makes no fork that could be called something.',
    );
  if (plan !== true && program !== undefined && set.length === 0)
    throw usageError('--program needs --plan or --set.', 'runlog fork', 'Making a fork needs no program.');
}

async function printPlan(url: string, flags: ForkFlags, context: CliContext): Promise<void> {
  const { runId, atEvent, id, set, record, program, json } = flags;
  const fork = {
    ...{ parent: runId, atEvent, set, record: record === true },
    ...(id === undefined ? {} : { runId: id }),
  };
  const plan = await planStoredFork(url, { ...fork, ...(program === undefined ? {} : { file: program }) });
  if (json === true) await printJson(context, forkPlanToJson(plan));
  else await printLines(context, forkPlanText(plan, { paint: context.paint }));
}

function collectSetting(text: string, before: readonly SettingText[]): readonly SettingText[] {
  return [...before, settingText(text)];
}
