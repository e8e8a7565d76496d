/** Decides how the runs of a store are listed. */
import type { JsonObject } from '../../base/index.ts';
import { type LogInfo, withoutCredentials } from '../../log/index.ts';
import type { SessionStatus } from '../../sessions/index.ts';
import { type Paint, plainPaint, type Style } from '../text/paint.ts';
import { clean, cut, line, pad } from '../text/printable.ts';
import type { RunHolder } from './run-status.ts';

/**
 * What the end of a log says at a glance. `stopped`: there was more to do. `damaged`: it cannot be read in full. Of a session it is
 * the state in its row; `unnamed` is one that has events and no row.
 */
export type RunOutcome =
  | 'empty'
  | 'idle'
  | 'stopped'
  | 'exhausted'
  | 'running'
  | 'damaged'
  | 'unnamed'
  | SessionStatus;

/** A run in a list. */
export interface RunEntry {
  readonly info: LogInfo;
  readonly outcome: RunOutcome;
  /** The first goal, where there is one that can be read. */
  readonly goal: string | null;
  readonly holder: RunHolder | null;
  /** Of a fork: the id of the last event that it shares; `null` for a run of its own, or one that cannot be read. */
  readonly forkEvent: string | null;
  /** True for a fork that asks models and tools again. */
  readonly isRecording: boolean;
}

/** What `--json` prints of a run. */
export function runToJson({ info, outcome, goal, holder, forkEvent, isRecording }: RunEntry): JsonObject {
  return {
    run_id: info.id,
    kind: info.kind,
    label: info.label,
    created_at: info.createdAt,
    events: info.head.seq,
    head_hash: info.head.hash,
    state: outcome,
    goal,
    parent_run_id: info.parent?.logId ?? null,
    forked_at_seq: info.parent?.atSeq ?? null,
    forked_at_event_id: forkEvent,
    recording: isRecording,
    held_by: holder === null ? null : { host: holder.host, pid: holder.pid, expires_at: holder.expiresAt },
  };
}

/** The line above a list of runs. */
export const runListHeading = `${pad('RUN', 28)} ${pad('CREATED', 20)} ${'EVENTS'.padStart(8)}  ${pad('STATE', 10)} ABOUT`;

/** One line a run, so that a store of any size can be listed while it is read. `columns` bounds the length of a line. */
export function runLine(
  { info, outcome, goal, isRecording }: RunEntry,
  options: { readonly paint?: Paint; readonly columns?: number } = {},
): string {
  const { paint = plainPaint, columns = 160 } = options;
  const from = info.parent === null ? '' : line`fork of ${info.parent.logId} at ${info.parent.atSeq}`;
  const recording = isRecording ? '(recording)' : '';
  const about = [info.label === null ? '' : line`[${info.label}]`, goal ?? '', from, recording]
    .filter((part) => part !== '')
    .join('  ');
  const start = `${pad(info.id, 28)} ${pad(`${info.createdAt.slice(0, 19)}Z`, 20)} ${String(info.head.seq).padStart(8)}  `;
  const room = Math.max(8, columns - start.length - 11);
  return `${start}${paint(outcomeStyles[outcome], pad(outcome, 10))} ${cut(about, room)}`.trimEnd();
}

/** What stands instead of a list without runs. */
export function noRunsText(location: string): string {
  return `(no runs in ${clean(withoutCredentials(location))})`;
}

const outcomeStyles: Readonly<Record<RunOutcome, Style>> = {
  empty: 'dim',
  idle: 'good',
  running: 'good',
  stopped: 'warning',
  exhausted: 'bad',
  damaged: 'bad',
  unnamed: 'warning',
  pending: 'dim',
  active: 'good',
  paused: 'warning',
  completed: 'good',
  failed: 'bad',
  cancelled: 'warning',
};
