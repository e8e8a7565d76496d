/** Decides how a fork that was just made is told: what it shares, what it does differently, and what to do with it. */
import { canonicalJson, type JsonObject, type JsonValue } from '../../base/index.ts';
import { clean, line } from '../text/printable.ts';
import { countText } from '../text/number-text.ts';

/** What is shown of a fork that was made. */
export interface ForkReport {
  readonly parentRunId: string;
  readonly runId: string;
  readonly atEvent: string;
  readonly label: string | null;
  /** How many events it shares with its parent. */
  readonly sharedEvents: number;
  readonly overrides: readonly { readonly pack: string; readonly key: string; readonly value: JsonValue }[];
  readonly isRecording: boolean;
}

/** `events_copied` has the name of the specification; the events are shared, and none is copied. */
export function forkToJson(report: ForkReport): JsonObject {
  const { overrides, isRecording } = report;
  return {
    parent_run_id: report.parentRunId,
    new_run_id: report.runId,
    at_event: report.atEvent,
    label: report.label,
    events_copied: report.sharedEvents,
    ...(overrides.length === 0
      ? {}
      : { overrides: overrides.map(({ pack, key, value }) => ({ pack, key, value })) }),
    ...(isRecording ? { recording: true } : {}),
  };
}

/** The lines that a person reads of a fork. */
export function forkText(report: ForkReport): readonly string[] {
  const { parentRunId, atEvent, runId, sharedEvents, overrides, isRecording } = report;
  const count = countText(sharedEvents, 'event');
  return [
    line`forked ${parentRunId} at ${atEvent} -> ${runId} (${count})`,
    ...overrides.map(
      ({ pack, key, value }) => `  override: ${clean(`${pack}.${key}=${canonicalJson(value)}`)}`,
    ),
    ...(isRecording
      ? ['  recording: models and tools are asked again after this event, when its program loads it']
      : []),
  ];
}
