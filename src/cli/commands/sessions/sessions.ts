/** The command `sessions`: which sessions of agents there are in a store, or in which of them something was said. Reads only. */
import { InvalidValue } from '../../arguments/invalid-value.ts';
import { listSessions, type SessionsAsked, sessionStatuses } from '../../../app/index.ts';
import { listedSessionToJson, noSessionsText, sessionLine, sessionListHeading } from '../../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../../cli-context.ts';
import { notEmpty, pageSize, sinceMoment, takesJson } from '../../arguments/option-values.ts';
import { printJson, printLines, printNote, storeWord } from '../../print.ts';
import { programName } from '../../program-name.ts';

interface SessionsFlags {
  readonly status?: readonly StatusName[];
  readonly agent?: string;
  readonly tag?: readonly string[];
  readonly since?: string;
  readonly search?: string;
  readonly deleted?: boolean;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}
type StatusName = (typeof sessionStatuses)[number];

export const declareSessions: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<url>', 'the store, such as sqlite:///sessions.db')
      .listOption('--status <state>', 'only sessions in this state; may be given again', collectStatus)
      .option('--agent <name>', 'only sessions of this agent', notEmpty)
      .listOption('--tag <tag>', 'only sessions with this tag; given again, with all of them', collect)
      .option('--since <time>', 'only sessions made since then: 30d, 12h, 2026-11-21', sinceMoment)
      .option('--search <text>', 'only sessions in which this was said; shows the message', notEmpty)
      .option('--deleted', 'those that are marked as deleted, too')
      .option('--limit <n>', 'how many at most', pageSize, 50)
      .option('--cursor <cursor>', 'go on behind the page that said this', notEmpty),
  )
    .addHelp(
      examples(
        'runlog sessions sqlite:///sessions.db',
        'runlog sessions sqlite:///sessions.db --status active --agent claude --since 7d',
        'runlog sessions sqlite:///sessions.db --search "flaky test" --limit 5 --json',
      ),
    )
    .action(async (url: string, flags: SessionsFlags) => {
      context.names = { url };
      const page = await listSessions(url, askedOf(flags));
      if (flags.json === true) {
        const { sessions, cursor, totalCount } = page;
        await printJson(context, {
          sessions: sessions.map(listedSessionToJson),
          cursor,
          total_count: totalCount,
        });
        return;
      }
      const { paint, terminal } = context;
      const shape = {
        paint,
        ...(terminal.columns === null ? {} : { columns: terminal.columns }),
        ...(flags.search === undefined ? {} : { text: flags.search }),
      };
      const lines = page.sessions.map((session) => sessionLine(session, shape));
      await printLines(context, lines.length === 0 ? [noSessionsText(url)] : [sessionListHeading, ...lines]);
      if (page.cursor !== null) await noteNext(context, url, page.cursor);
    });
};

function askedOf(flags: SessionsFlags): SessionsAsked {
  const { status, agent, tag, since, search, deleted = false, limit, cursor } = flags;
  return {
    limit,
    includeDeleted: deleted,
    ...(status === undefined ? {} : { status }),
    ...(agent === undefined ? {} : { agentId: agent }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(since === undefined ? {} : { createdAfter: since }),
    ...(search === undefined ? {} : { text: search }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

async function noteNext(context: CliContext, url: string, cursor: string): Promise<void> {
  const program = programName(context.terminal.env);
  await printNote(
    context,
    `more: ${program} sessions ${storeWord(url)} --cursor ${cursor}  (with the same options)`,
  );
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), notEmpty(value)];
}

function collectStatus(value: string, before: readonly StatusName[] | undefined): readonly StatusName[] {
  const status = sessionStatuses.find((known) => known === value);
  if (status === undefined) throw new InvalidValue(`Allowed choices are ${sessionStatuses.join(', ')}.`);
  return [...(before ?? []), status];
}
