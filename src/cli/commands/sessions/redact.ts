/** The command `redact`: drops what events of a session said, for good, and keeps their places. */
import { redactEvents, type SessionEventType, sessionEventTypes } from '../../../app/index.ts';
import { shellWord } from '../../../base/index.ts';
import { commitLimits } from '../../../log/index.ts';
import { redactionText, redactionToJson } from '../../../view/index.ts';
import { InvalidValue } from '../../arguments/invalid-value.ts';
import { notEmpty, takesJson, textUpTo } from '../../arguments/option-values.ts';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import { printJson, printLines } from '../../print.ts';
import { usageError } from '../../usage-error.ts';

interface RedactFlags {
  readonly event?: readonly string[];
  readonly type?: readonly SessionEventType[];
  readonly reason: string;
  readonly by: string;
  readonly apply?: boolean;
  readonly json?: boolean;
}

export const declareRedact: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///sessions.db')
      .argument('<session>', 'the session')
      .listOption('--event <id>', 'this event; may be given again', collect)
      .listOption('--type <type>', 'every event of this type; may be given again', collectType)
      .requiredOption('--reason <text>', 'why; stands where the data stood, so without the data', notEmpty)
      .requiredOption('--by <name>', 'who redacts; stands there too', textUpTo(commitLimits.idCharacters))
      .option('--apply', 'do it; without it nothing is changed'),
  )
    .addHelp(
      examples(
        'runlog redact sqlite:///sessions.db ses_1 --event evt_2 --event evt_7 --by ops --reason "request 17"',
        'runlog redact sqlite:///sessions.db ses_1 --type message_sent --by ops --reason "request 17" --apply',
      ) +
        '\n`runlog inspect URL --run-id SESSION --search TEXT` lists the events that hold a text, with their ids.\n' +
        'What a PostgreSQL server, backups and archives still hold is for whoever runs them.\n',
    )
    .action(async (url: string, sessionId: string, flags: RedactFlags) => {
      context.names = { url };
      const { event: eventIds = [], type: types = [], reason, by, apply = false, json = false } = flags;
      if (eventIds.length + types.length === 0)
        throw usageError(
          'Nothing says which events are meant.',
          'runlog redact',
          `Give --event or --type. \`runlog delete URL --run-id ${shellWord(sessionId)} --status session\` shows how the whole session would go.`,
        );
      const report = await redactEvents(url, sessionId, { eventIds, types, reason, by, apply });
      if (json) await printJson(context, redactionToJson(report));
      else await printLines(context, redactionText(report));
    });
};

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), notEmpty(value)];
}

function collectType(
  value: string,
  before: readonly SessionEventType[] | undefined,
): readonly SessionEventType[] {
  const type = sessionEventTypes.find((known) => known === value);
  if (type === undefined) throw new InvalidValue(`Allowed choices are ${sessionEventTypes.join(', ')}.`);
  return [...(before ?? []), type];
}
