/** Decides what is told of the run of an agent: that it began, how it ended, what it used, and what the agent told meanwhile. */
import type { JsonObject, Redactor } from '../../base/index.ts';
import type { AgentEvent } from '../agents/port.ts';
import { sessionErrorCode } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { Session } from '../model/session.ts';
import { resolveEventType } from '../pipeline/raw-event.ts';
import { numbersOf, type TelemetryOutlet } from './telemetry.ts';

export interface RunOfAgent {
  readonly session: Session;
  readonly run: Execution;
  readonly provider: string;
  readonly redactor: Redactor | null;
  readonly nowMs: () => number;
}

/** What of a result is told. */
export interface ToldResult {
  readonly run: Execution;
  readonly tokenUsage: JsonObject;
  readonly costUsd: string | null;
}

export class RunTelemetry {
  readonly #outlet: TelemetryOutlet;
  readonly #redactor: Redactor | null;
  readonly #nowMs: () => number;
  readonly #metadata: JsonObject;
  readonly #beganMs: number;

  /** Tells of the beginning. */
  constructor(outlet: TelemetryOutlet, told: RunOfAgent) {
    const { session, run, provider, redactor, nowMs } = told;
    this.#outlet = outlet;
    this.#redactor = redactor;
    this.#nowMs = nowMs;
    this.#metadata = { run_id: run.id, session_id: session.id, agent_id: session.agentId, provider };
    this.#beganMs = nowMs();
    outlet.tellNow('run.start', this.#metadata);
  }

  /** It is stored that the agent completed it. */
  stopped({ run, tokenUsage, costUsd }: ToldResult): void {
    const used = { ...numbersOf(tokenUsage), ...(costUsd === null ? {} : { cost_usd: Number(costUsd) }) };
    this.#outlet.tellNow(
      'run.stop',
      { ...this.#metadata, status: run.status },
      { ...this.#duration(), ...used },
    );
    if (Object.keys(used).length > 0) this.#outlet.tell('usage.report', used, this.#metadata);
  }

  /** It ended in another way, or its end could not be stored. */
  failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code = sessionErrorCode(error);
    const status = code === 'cancelled' || code === 'timeout' ? code : 'failed';
    const metadata = {
      ...this.#metadata,
      status,
      error_code: code,
      error_message: this.#redactor?.text(message) ?? message,
    };
    this.#outlet.tellNow('run.exception', metadata, this.#duration());
  }

  /** An event of the agent, stored or not. A piece of a message is told without its text: its secrets are known with the whole only. */
  told({ type, data }: AgentEvent): void {
    const known = resolveEventType(type);
    const { tool_name: toolName } = data;
    const metadata = {
      ...this.#metadata,
      ...(known === 'message_streamed' ? {} : { event_data: this.#redactor?.object(data) ?? data }),
      ...(typeof toolName === 'string' ? { tool_name: toolName } : {}),
    };
    this.#outlet.tellNow(`adapter.${known}`, metadata, numbersOf(data));
  }

  #duration(): Readonly<Record<string, number>> {
    return { duration_ms: Math.max(0, this.#nowMs() - this.#beganMs) };
  }
}
