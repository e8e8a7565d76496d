/** Decides how a session reads: its row, the runs of its agent, and its last events. */
import type { JsonObject } from '../../base/index.ts';
import type { LogEvent, LogInfo } from '../../log/index.ts';
import type { Session } from '../../sessions/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, pad } from '../text/printable.ts';
import { executionFields, executionLine, sessionFields, type ShownExecution } from './session-fields.ts';
import { type BroughtFrom, broughtToJson, leftOutText } from '../run/brought-from.ts';
import { eventLines } from '../run/run-status.ts';

/** What is shown of a session. */
export interface SessionReport {
  readonly info: LogInfo;
  /** `null` for a session that has events and no row. */
  readonly session: Session | null;
  /** In the order in which they were made. */
  readonly runs: readonly ShownExecution[];
  /** The last events, oldest first. */
  readonly tail: readonly LogEvent[];
  /** From which other store it was brought; `null` for a session that was made here, or came whole from a store of runlog. */
  readonly brought: BroughtFrom | null;
  /** True when nobody named it, and it is the one that was created last. */
  readonly isNewest: boolean;
  /** True when every hash of the log was computed, and is the one that stands there. */
  readonly isVerified: boolean;
}

/** What `--json` prints of a session. */
export function sessionToJson({ info, session, runs, tail, brought, isVerified }: SessionReport): JsonObject {
  return {
    session_id: info.id,
    kind: info.kind,
    created_at: info.createdAt,
    events: info.head.seq,
    head_hash: info.head.hash,
    verified: isVerified,
    session: session === null ? null : sessionFields(session),
    runs: runs.map(executionFields),
    recent_events: tail.map(({ id, type, timestamp }) => ({ id, type, timestamp })),
    brought_from: broughtToJson(brought),
  };
}

const runsShown = 20;

/** The lines that a person reads of a session. */
export function sessionText(
  { info, session, runs, tail, brought, isNewest, isVerified }: SessionReport,
  options: { readonly paint?: Paint; readonly columns?: number } = {},
): readonly string[] {
  const { paint = plainPaint, columns = 160 } = options;
  const facts: readonly (readonly [string, string])[] = [
    ['session', isNewest ? `${info.id}  (created last)` : info.id],
    ['state', session?.status ?? 'no row is there, only events'],
    ['agent', session?.agentId ?? '-'],
    ['created', info.createdAt],
    ['updated', session?.updatedAt ?? '-'],
    ...(session?.deletedAt === null || session === null ? [] : [['deleted', session.deletedAt] as const]),
    ...(session === null || session.tags.length === 0 ? [] : [['tags', session.tags.join(', ')] as const]),
    ['events', `${info.head.seq}  (head ${info.head.hash.slice(0, 12)})`],
    ...(isVerified ? [['verified', 'every hash of its log'] as const] : []),
    ['runs', String(runs.length)],
  ];
  const left = runs.length - runsShown;
  const leftOut = leftOutText(brought);
  return [
    ...facts.map(([name, value]) => `${paint('dim', pad(name, 9))} ${clean(value)}`),
    ...(leftOut === null ? [] : [`${paint('warning', 'incomplete')} ${leftOut.sum}`, ...leftOut.lines]),
    ...(left > 0 ? [`  (${left} before these)`] : []),
    ...runs.slice(-runsShown).map(executionLine),
    ...(tail.length === 0 ? [] : ['last events']),
    ...tail.flatMap((event) => eventLines(event, { paint, columns })),
  ];
}
