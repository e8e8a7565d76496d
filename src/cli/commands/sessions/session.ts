/** The command `session`: what was said in a session of an agent, or its events, also while they come. Reads only. */
import { readSession, readSessionEvents } from '../../../app/index.ts';
import { shellWord } from '../../../base/index.ts';
import {
  sessionEventJson,
  sessionEventText,
  sessionPartsJson,
  conversationText,
} from '../../../view/index.ts';
import { type DeclareCommand, examples } from '../../cli-context.ts';
import { takesJson } from '../../arguments/option-values.ts';
import { programName } from '../../program-name.ts';
import { pointTo, printJson, printJsonLine, printLines, storeWord } from '../../print.ts';

interface SessionFlags {
  readonly events?: boolean;
  readonly follow?: boolean;
  readonly json?: boolean;
}

export const declareSession: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///sessions.db')
      .argument('<session>', 'the session')
      .option('--events', 'the events instead of what was said')
      .option('--follow', 'go on with each new event, until interrupted; implies --events'),
  )
    .addHelp(
      examples(
        'runlog session sqlite:///sessions.db ses_1',
        'runlog session sqlite:///sessions.db ses_1 --events --follow',
      ) + '\n`runlog inspect URL --run-id SESSION` shows the log of a session: hashes and last events.\n',
    )
    .action(async (url: string, sessionId: string, { events, follow, json }: SessionFlags) => {
      context.names = { url };
      const isFollowed = follow === true;
      if (events === true || isFollowed) {
        for await (const event of readSessionEvents(url, sessionId, { isFollowed })) {
          if (json === true) await printJsonLine(context, sessionEventJson(event));
          else await printLines(context, [sessionEventText(event)]);
        }
        return;
      }
      const shown = await readSession(url, sessionId);
      const { paint, terminal } = context;
      const names = { url, program: programName(terminal.env) };
      const columns = terminal.columns === null ? {} : { columns: terminal.columns };
      if (json === true) await printJson(context, sessionPartsJson(shown));
      else await printLines(context, conversationText(shown, { paint, names, ...columns }));
      if (json !== true)
        await pointTo(
          context,
          `inspect ${storeWord(url)} --run-id ${shellWord(sessionId)}`,
          'its hashes and last events',
        );
    });
};
