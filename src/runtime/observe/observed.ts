/** Decides what of a run can be observed: durable events, each with when it happened and how long what it ends took. */
import type { Usd } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** An event as it was appended; it is told of when it is durable. */
export interface Noted {
  readonly event: LogEvent;
  /** Milliseconds since 1970, by the clock of the machine. */
  readonly atMs: number;
  /** Events that wait to be worked off; `null` where the event does not change that. */
  readonly queueDepth: number | null;
  /** What is left of the cost limit behind an answer that was paid for; `null` elsewhere. */
  readonly remainingUsd: Usd | null;
}

/** A durable event, and what is known of it beside its payload. */
export interface Observed extends Noted {
  /** Since the start that this event is the end of, or the request that it answers; `null` when that was another process. */
  readonly seconds: number | null;
  /** The model that was asked last in this invocation, by the name it was asked under. */
  readonly model: string | null;
}

/** An event of the queue that was worked off. */
export interface WorkedOff {
  readonly queueDepth: number;
  /** What is left of the limit of events; `null` without one. */
  readonly remainingEvents: number | null;
}

/** What hears of a run. Whatever it does with it, it throws nothing. */
export interface RunEar {
  observed(observed: Observed): void;
  workedOff(left: WorkedOff): void;
}

/** Text of a field of a payload; empty when it is none. */
export function textOf(event: LogEvent, field: string): string {
  const value = event.payload[field];
  return typeof value === 'string' ? value : '';
}

/** The reason code of a failure; `exception.Class` for what has none. */
export function reasonOf(failed: LogEvent): string {
  const reason = textOf(failed, 'reason');
  return reason === '' ? `exception.${textOf(failed, 'exception_type')}` : reason;
}

/** A number or a decimal text of a payload, as a number; 0 when it is neither. */
export function numberOf(event: LogEvent, field: string): number {
  const value = event.payload[field];
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
}

export function isCacheHit(event: LogEvent): boolean {
  return event.payload['cache_hit'] === true;
}
