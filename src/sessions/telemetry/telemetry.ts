/**
 * Decides what sessions tell of themselves to those who watch: events with a name, numbers and facts, through one hook that is
 * handed in. A hook that throws disturbs nobody.
 */
import type { JsonObject } from '../../base/index.ts';
import type { SessionEventType } from '../model/event-types.ts';

/** What is told. `adapter.TYPE` is an event of the agent. */
export type TelemetryName =
  | 'run.start'
  | 'run.stop'
  | 'run.exception'
  | 'usage.report'
  | `adapter.${SessionEventType}`
  | 'persistence.event_persisted'
  | 'persistence.event_spooled'
  | 'persistence.event_validation_warning'
  | 'persistence.event_rejected'
  | 'persistence.event_redacted'
  | 'runtime.session_server.start'
  | 'runtime.session_server.subscribe'
  | 'runtime.session_server.unsubscribe'
  | 'runtime.session_server.queue.enqueue'
  | 'runtime.session_server.queue.dequeue'
  | 'runtime.session_server.run.start'
  | 'runtime.session_server.run.stop'
  | 'runtime.session_server.cancel.active'
  | 'runtime.session_server.cancel.queued'
  | 'runtime.session_server.cancel.failed'
  | 'router.attempt.start'
  | 'router.attempt.stop'
  | 'router.attempt.exception'
  | 'maintenance.complete';

/** One event of telemetry: name, measurements, metadata. */
export interface TelemetryEvent {
  readonly name: TelemetryName;
  /** Counts, and times in milliseconds. */
  readonly measurements: Readonly<Record<string, number>>;
  /** Ids, names and codes. Texts are freed of secrets. */
  readonly metadata: JsonObject;
}

/** Called while sessions go on, so it has to be quick. What it throws is told once as a warning and goes no further. */
export type OnTelemetry = (event: TelemetryEvent) => void;

export interface TelemetryPlatform {
  /** The moment of a telling; it has none when this is left out. */
  readonly nowMs?: () => number;
  readonly warn?: (message: string) => void;
}

/** The one way from a session to the hook. */
export class TelemetryOutlet {
  readonly #hook: OnTelemetry;
  readonly #platform: TelemetryPlatform;
  #hasWarned = false;

  constructor(hook: OnTelemetry, platform: TelemetryPlatform) {
    this.#hook = hook;
    this.#platform = platform;
  }

  tell(name: TelemetryName, measurements: Readonly<Record<string, number>>, metadata: JsonObject): void {
    try {
      this.#hook({ name, measurements, metadata });
    } catch (error) {
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      const what = error instanceof Error ? error.message : String(error);
      this.#platform.warn?.(`a hook for telemetry failed, and is told no failure again: ${what}`);
    }
  }

  /** With the moment as a measurement. */
  tellNow(name: TelemetryName, metadata: JsonObject, more: Readonly<Record<string, number>> = {}): void {
    const { nowMs } = this.#platform;
    const moment = nowMs === undefined ? {} : { system_time_ms: nowMs() };
    this.tell(name, { ...moment, ...more }, metadata);
  }
}

/** `null` when nobody listens, so that nothing is done for it. */
export function openTelemetry(
  hook: OnTelemetry | null | undefined,
  platform: TelemetryPlatform,
): TelemetryOutlet | null {
  return hook === undefined || hook === null ? null : new TelemetryOutlet(hook, platform);
}

/** The numbers of a map, for measurements. */
export function numbersOf(map: JsonObject): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(map)) if (typeof value === 'number') numbers[key] = value;
  return numbers;
}
