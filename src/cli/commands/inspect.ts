/** The command `inspect`: what is known of a run, or of one event, its behaviors or its packs. Reads only. */
import { type Inspected, inspectBehaviors, inspectEvent, inspectLog, inspectPacks } from '../../app/index.ts';
import { type JsonValue, shellWord } from '../../base/index.ts';
import {
  behaviorsText,
  behaviorsToJson,
  eventDetailText,
  eventDetailToJson,
  packsText,
  packsToJson,
  sessionText,
  sessionToJson,
  statusText,
  statusToJson,
} from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, tailCount, takesJson, takesRun } from '../option-values.ts';
import { noteRun, pointTo, printJson, printLines, storeWord } from '../print.ts';
import { usageError } from '../usage-error.ts';

interface InspectFlags {
  readonly runId?: string;
  readonly tail: number;
  readonly event?: string;
  readonly behaviors?: boolean;
  readonly packVersion?: boolean;
  readonly json?: boolean;
}

interface Answer {
  readonly json: JsonValue;
  readonly text: readonly string[];
  /** The run that was taken, where nobody named one and the text does not say it. */
  readonly newestRun: string | null;
  /** The session that it is, where it is none of a graph. */
  readonly session?: string;
}

export const declareInspect: DeclareCommand = (command, context) => {
  takesJson(takesRun(command))
    .option('--tail <n>', 'how many of the last events to list', tailCount, 20)
    .option('--event <id>', 'show one event in full', notEmpty)
    .option('--behaviors', 'list the behaviors of the run')
    .option('--pack-version', 'list the packs of the run and the hashes of their prompts')
    .addHelpText(
      'after',
      examples(
        'runlog inspect sqlite:///run.db',
        'runlog inspect sqlite:///run.db --run-id demo --tail 100',
        'runlog inspect sqlite:///run.db --event evt_042 --json',
        'runlog inspect sqlite:///run.db --pack-version',
      ) + '\n`runlog session URL SESSION` shows what was said in a session of an agent.\n',
    )
    .action(async (url: string, flags: InspectFlags) => {
      context.names = { url, ...named(flags) };
      const selectors = [flags.event !== undefined, flags.behaviors === true, flags.packVersion === true];
      if (selectors.filter(Boolean).length > 1) {
        throw usageError(
          '--event, --behaviors, and --pack-version are mutually exclusive.',
          'runlog inspect',
          'Give one of them.',
        );
      }
      const { json, text, newestRun, session } = await answer(url, flags, context);
      if (flags.json === true) {
        await printJson(context, json);
        return;
      }
      if (newestRun !== null) await noteRun(context, newestRun);
      await printLines(context, text);
      if (session !== undefined)
        await pointTo(context, `session ${storeWord(url)} ${shellWord(session)}`, 'what was said');
    });
};

async function answer(url: string, flags: InspectFlags, { paint, terminal }: CliContext): Promise<Answer> {
  const run = named(flags);
  if (flags.event !== undefined) {
    const found = await inspectEvent(url, { ...run, eventId: flags.event });
    return answered(found, eventDetailToJson(found.value), eventDetailText(found.value, { paint }));
  }
  if (flags.behaviors === true) {
    const found = await inspectBehaviors(url, run);
    return answered(found, behaviorsToJson(found.value), behaviorsText(found.value));
  }
  if (flags.packVersion === true) {
    const found = await inspectPacks(url, run);
    return answered(found, packsToJson(found.value), packsText(found.value));
  }
  const { kind, report } = await inspectLog(url, { ...run, tail: flags.tail });
  const columns = terminal.columns === null ? {} : { columns: terminal.columns };
  if (kind === 'session')
    return {
      json: sessionToJson(report),
      text: sessionText(report, { paint, ...columns }),
      newestRun: null,
      session: report.info.id,
    };
  return { json: statusToJson(report), text: statusText(report, { paint, ...columns }), newestRun: null };
}

function answered({ runId, isNewest }: Inspected<unknown>, json: JsonValue, text: readonly string[]): Answer {
  return { json, text, newestRun: isNewest ? runId : null };
}

function named({ runId }: InspectFlags): { readonly runId?: string } {
  return runId === undefined ? {} : { runId };
}
