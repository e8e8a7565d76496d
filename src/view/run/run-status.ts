/** Decides how the status of a run reads: the text for people, and the JSON with the field names of the specification. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { RuntimeStatus } from '../../runtime/index.ts';
import { type Paint, plainPaint, type Style } from '../text/paint.ts';
import { clean, cut, line, pad } from '../text/printable.ts';
import { pythonText } from '../text/python-text.ts';
import { eventBodies } from '../trace/event-line.ts';
import { behaviorLines } from './behavior-list.ts';
import { type BroughtFrom, broughtToJson, leftOutText } from './brought-from.ts';

/** Who is writing a run just now. */
export interface RunHolder {
  readonly host: string;
  readonly pid: number;
  readonly expiresAt: string;
}

export interface ForkedFrom {
  readonly parentRunId: string;
  /** The last event that is shared; `null` for a fork from before the first one. */
  readonly atEvent: string | null;
  readonly label: string | null;
  /** True when models and tools are asked again. */
  readonly isRecording: boolean;
}

/** A status, and what the store says beside the log. */
export interface RunReport {
  readonly status: RuntimeStatus;
  readonly holder: RunHolder | null;
  /** The last events in full, oldest first. */
  readonly tail: readonly LogEvent[];
  /** What a fork shares with which run; `null` for a run of its own. */
  readonly fork: ForkedFrom | null;
  /** From which other store it was brought; `null` for a run that was made here, or came whole from a store of runlog. */
  readonly brought: BroughtFrom | null;
  /** True when nobody named the run, and it is the one that was created last. */
  readonly isNewest: boolean;
  /** True when every hash of the log was computed, and is the one that stands there. */
  readonly isVerified: boolean;
}

/** What `--json` prints of the status of a run. */
export function statusToJson({
  status,
  holder,
  fork,
  brought,
  isVerified,
}: Pick<RunReport, 'status' | 'holder' | 'fork' | 'brought' | 'isVerified'>): JsonObject {
  return {
    run_id: status.runId,
    state: status.state,
    queue_depth: status.queueDepth,
    events_processed: status.eventsProcessed,
    budget: status.budget,
    frame: status.frame === null ? null : { id: status.frame.id, name: status.frame.goal },
    registered_behaviors: status.behaviors.map(({ name, kind, subscribedTo, activateAfter }) => ({
      name,
      kind,
      subscribed_to: [...subscribedTo],
      pattern: null,
      activate_after: activateAfter,
    })),
    verified: isVerified,
    recent_events: status.recentEvents.map(({ id, type, actor, timestamp }) => ({
      id,
      type,
      actor,
      timestamp,
    })),
    scheduled: status.scheduled,
    pending_approvals: status.pendingApprovals,
    failures: status.failures,
    held_by: holder === null ? null : { host: holder.host, pid: holder.pid, expires_at: holder.expiresAt },
    forked_from:
      fork === null
        ? null
        : {
            parent_run_id: fork.parentRunId,
            at_event: fork.atEvent,
            label: fork.label,
            recording: fork.isRecording,
          },
    brought_from: broughtToJson(brought),
  };
}

export interface StatusTextOptions {
  readonly paint?: Paint;
  /** Where lines are cut; nowhere by default. */
  readonly columns?: number;
}

/** The lines that a person reads of the status of a run. */
export function statusText(report: RunReport, options: StatusTextOptions = {}): readonly string[] {
  const { paint = plainPaint } = options;
  const { status, holder, fork, brought, tail, isNewest, isVerified } = report;
  const { frame } = status;
  const leftOut = leftOutText(brought);
  return [
    labelled('run_id', clean(status.runId) + (isNewest ? paint('dim', '  (the run created last)') : '')),
    labelled('state', paint(stateStyles[status.state], status.state)),
    labelled('queue_depth', String(status.queueDepth)),
    labelled('events_processed', String(status.eventsProcessed)),
    ...(isVerified ? [labelled('verified', 'every hash of its log')] : []),
    ...(fork === null ? [] : [labelled('forked_from', forkText(fork))]),
    ...(leftOut === null ? [] : [labelled('incomplete', paint('warning', leftOut.sum)), ...leftOut.lines]),
    ...(frame === null ? [] : [labelled('frame', line`${frame.id} (${frame.goal ?? 'None'})`)]),
    ...counted('scheduled', status.scheduled),
    ...counted('approvals', status.pendingApprovals),
    ...counted('failures', status.failures),
    ...(holder === null
      ? []
      : [labelled('held_by', line`process ${holder.pid} on ${holder.host} until ${holder.expiresAt}`)]),
    'budget:',
    ...budgetLines(status.budget),
    ...(status.behaviors.length === 0 ? [] : ['registered behaviors:', ...behaviorLines(status.behaviors)]),
    ...(tail.length === 0 ? [] : [`recent events (last ${tail.length}):`]),
    ...tail.flatMap((event) => eventLines(event, options)),
  ];
}

const idColumns = 18;
const typeColumns = 24;

/** Id and type of an event, and behind them what a trace says of it; what takes more lines stands below. */
export function eventLines(
  event: LogEvent,
  { paint = plainPaint, columns }: StatusTextOptions = {},
): readonly string[] {
  const indent = ' '.repeat(idColumns + typeColumns + 5);
  const lines = eventBodies(event).map((body) =>
    columns === undefined ? body : cut(body, Math.max(20, columns - indent.length)),
  );
  const [first = '', ...more] = lines;
  const type = first === '' ? clean(event.type) : pad(event.type, typeColumns);
  return [
    `  ${pad(event.id, idColumns)} ${paint('name', type)}${first === '' ? '' : `  ${first}`}`,
    ...more.map((body) => indent + body),
  ];
}

export const stateStyles: Readonly<Record<RuntimeStatus['state'], Style>> = {
  idle: 'good',
  running: 'good',
  stopped: 'warning',
  exhausted: 'bad',
};

function forkText({ parentRunId, atEvent, label, isRecording }: ForkedFrom): string {
  const place = atEvent === null ? line`${parentRunId} at its beginning` : line`${parentRunId} at ${atEvent}`;
  return [place, ...(label === null ? [] : [line`[${label}]`]), ...(isRecording ? ['(recording)'] : [])].join(
    '  ',
  );
}

function labelled(label: string, value: string): string {
  return `${`${label}:`.padEnd(17)} ${value}`;
}

function counted(label: string, count: number): readonly string[] {
  return count === 0 ? [] : [labelled(label, String(count))];
}

/** Cost is shown as the exact text, everything else as the number in the snapshot. */
function budgetLines(budget: JsonObject): readonly string[] {
  const {
    used,
    limits,
    cost_used_usd: costUsed,
    cost_limit_usd: costLimit,
    exhausted_by: exhaustedBy,
  } = budget;
  const limitOf = (name: string): JsonValue => (isJsonObject(limits) ? (limits[name] ?? null) : null);
  const lines = Object.entries(isJsonObject(used) ? used : {}).map(([name, amount]) => {
    const isCost = name === 'max_cost_usd';
    const limit = (isCost ? costLimit : undefined) ?? limitOf(name);
    return `  ${pad(name, 20)} ${line`${pythonText(isCost ? (costUsed ?? amount) : amount)} / ${limit === null ? 'unlimited' : pythonText(limit)}`}`;
  });
  return typeof exhaustedBy === 'string'
    ? [...lines, `  ${pad('exhausted_by:', 20)} ${clean(exhaustedBy)}`]
    : lines;
}
