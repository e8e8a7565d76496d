/** Decides how the sessions of a store are listed: one line each, with the beginning of what was said, or with the words that were looked for. */
import type { JsonObject } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';
import type { Session, SessionStatus, TranscriptMessage } from '../../sessions/index.ts';
import { sessionFields } from './session-fields.ts';
import { type Paint, plainPaint, type Style } from '../text/paint.ts';
import { clean, cut, line, pad } from '../text/printable.ts';

/** A session in a list, and the message that was found. */
export interface ListedSession {
  readonly session: Session;
  /** The first that was said to the agent, or the message that was found; `null` where nothing was said. */
  readonly message: TranscriptMessage | null;
  /** True when the message was looked for. */
  readonly isFound: boolean;
}

/** The line above a list of sessions. */
export const sessionListHeading = `${pad('SESSION', 36)} ${pad('UPDATED', 20)} ${pad('STATE', 10)} ${pad('AGENT', 10)} ABOUT`;

/** `text` is what was looked for: the line shows what stands around it. `columns` bounds the length of a line. */
export function sessionLine(
  { session, message }: ListedSession,
  options: { readonly paint?: Paint; readonly columns?: number; readonly text?: string } = {},
): string {
  const { paint = plainPaint, columns = 160, text } = options;
  const { id, agentId, status, tags, updatedAt, deletedAt } = session;
  const said = message?.content ?? '';
  const about = [
    deletedAt === null ? '' : '(deleted)',
    tags.length === 0 ? '' : line`[${tags.join(', ')}]`,
    (text === undefined ? said : around(said, text)).replaceAll(/\s+/g, ' ').trim(),
  ].filter((part) => part !== '');
  const start = `${pad(id, 36)} ${pad(`${updatedAt.slice(0, 19)}Z`, 20)} `;
  const room = Math.max(8, columns - start.length - Math.max(10, agentId.length) - 12);
  return `${start}${paint(styles[status], pad(status, 10))} ${pad(agentId, 10)} ${cut(about.join('  '), room)}`.trimEnd();
}

/** What `--json` prints of a session in a list. */
export function listedSessionToJson({ session, message, isFound }: ListedSession): JsonObject {
  return {
    session_id: session.id,
    ...sessionFields(session),
    [isFound ? 'match' : 'first_message']:
      message === null
        ? null
        : {
            role: message.role,
            content: message.content,
            run_id: message.runId,
            sequence_number: message.sequenceNumber,
            timestamp: message.timestamp,
          },
  };
}

/** What stands instead of a list without sessions. */
export function noSessionsText(location: string): string {
  return `(no such sessions in ${clean(withoutCredentials(location))})`;
}

const before = 30;

function around(said: string, text: string): string {
  const at = said.toLowerCase().indexOf(text.toLowerCase());
  return at <= before ? said : `…${said.slice(at - before)}`;
}

const styles: Readonly<Record<SessionStatus, Style>> = {
  pending: 'dim',
  active: 'good',
  paused: 'warning',
  completed: 'good',
  failed: 'bad',
  cancelled: 'warning',
};
