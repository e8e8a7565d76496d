/** The command `inspect`: what is known of a run, or of one event, its behaviors, packs or memos; or which events hold a text. Reads only. */
import {
  type Inspected,
  inspectBehaviors,
  inspectEvent,
  inspectLog,
  inspectMemos,
  inspectPacks,
  searchEvents,
} from '../../app/index.ts';
import { type JsonValue, shellWord } from '../../base/index.ts';
import {
  behaviorsText,
  behaviorsToJson,
  eventDetailText,
  eventDetailToJson,
  eventLines,
  memoText,
  memoToJson,
  packsText,
  packsToJson,
  sessionText,
  sessionToJson,
  statusText,
  statusToJson,
} from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, tailCount, takesJson, takesRun } from '../arguments/option-values.ts';
import { noteRun, pointTo, printJson, printJsonLine, printLines, printNote, storeWord } from '../print.ts';
import { usageError } from '../usage-error.ts';

interface InspectFlags {
  readonly runId?: string;
  readonly tail: number;
  readonly event?: string;
  readonly behaviors?: boolean;
  readonly packVersion?: boolean;
  readonly memo?: boolean;
  readonly search?: string;
  readonly verify?: boolean;
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
    .option('--memo', 'print the memos of the run')
    .option('--verify', 'read the whole log and compute every hash of its chain')
    .option('--search <text>', 'list the events that hold a text, in capitals or not', notEmpty)
    .addHelp(
      examples(
        'runlog inspect sqlite:///run.db',
        'runlog inspect sqlite:///run.db --run-id demo --tail 100',
        'runlog inspect sqlite:///run.db --verify',
        'runlog inspect sqlite:///run.db --event evt_042 --json',
        'runlog inspect sqlite:///run.db --pack-version',
        'runlog inspect sqlite:///run.db --search revenue',
      ) + '\n`runlog session URL SESSION` shows what was said in a session of an agent.\n',
    )
    .action(async (url: string, flags: InspectFlags) => {
      context.names = { url, ...named(flags) };
      refuseTwo(flags);
      if (flags.search !== undefined) {
        await printFound(url, flags.search, flags, context);
        return;
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

/** Each says what is printed instead of the status. */
function refuseTwo({ event, behaviors, packVersion, memo, search, verify }: InspectFlags): void {
  const given = [
    event !== undefined,
    behaviors === true,
    packVersion === true,
    memo === true,
    search !== undefined,
    verify === true,
  ];
  if (given.filter(Boolean).length < 2) return;
  throw usageError(
    '--event, --behaviors, --pack-version, --memo, --search, and --verify are mutually exclusive.',
    'runlog inspect',
    'Give one of them.',
  );
}

/** Printed while they are found. */
async function printFound(
  url: string,
  text: string,
  flags: InspectFlags,
  context: CliContext,
): Promise<void> {
  const { paint, terminal } = context;
  const columns = terminal.columns === null ? {} : { columns: terminal.columns };
  let count = 0;
  for await (const { runId, isNewest, event } of searchEvents(url, { ...named(flags), text })) {
    if (flags.json === true) await printJsonLine(context, eventDetailToJson(event));
    else {
      if (count === 0 && isNewest) await noteRun(context, runId);
      await printLines(context, eventLines(event, { paint, ...columns }));
    }
    count += 1;
  }
  if (count === 0 && flags.json !== true) await printNote(context, 'No event holds this text.');
}

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
  if (flags.memo === true) {
    const found = await inspectMemos(url, run);
    const { memos, find } = found.value;
    const lines = memos.flatMap((memo, index) => [
      ...(index === 0 ? [] : ['']),
      ...memoText(memo, { paint, find }),
    ]);
    return answered(found, memos.map(memoToJson), lines.length === 0 ? ['(no memos in this run)'] : lines);
  }
  const { kind, report } = await inspectLog(url, { ...run, tail: flags.tail, verify: flags.verify === true });
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
