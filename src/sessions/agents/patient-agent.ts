/**
 * Decides what a caller of an agent may rely on, whatever the adapter does: an end within the time, an error with a code, and no
 * event after the end, and an answer that can be stored.
 */
import {
  checkArguments,
  type Canceller,
  isStructuredError,
  type JsonObject,
  type Sleep,
} from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { agentTimeoutMs } from './agent-timeout.ts';
import type { AgentAdapter, AgentCall, AgentEvent, AgentResult } from './port.ts';
import { errorTextLimits } from './provider-failure.ts';
import { soundResult } from './sound-result.ts';

/** Sleep and canceller for agents that need them. */
export interface AgentPlatform {
  readonly sleep: Sleep;
  /** A new one for every use: `() => new AbortController()`. */
  readonly newCanceller: () => Canceller;
}

/** What an adapter gets beyond its time to end what it started. */
export const executeGraceMs = 5_000;
const smallCallMs = 5_000;

/**
 * The adapter, watched. `execute` rejects with `provider_timeout` when the adapter has not ended 5 s after its time; `cancel`,
 * `capabilities`, `validateConfig` and `close` after 5 s. What is thrown without a code becomes `provider_error`.
 */
export function patientAgent(adapter: AgentAdapter, platform: AgentPlatform): AgentAdapter {
  checkArguments('patientAgent', { adapter: [adapter, 'with execute'], platform: [platform, 'object'] });
  const small = <Answer>(operation: string, call: () => Promise<Answer>): Promise<Answer> =>
    within(platform, { operation, adapter: adapter.name, timeoutMs: smallCallMs }, call);
  return Object.freeze({
    name: adapter.name,
    ...(adapter.attempts === undefined ? {} : { attempts: adapter.attempts }),
    capabilities: () => small('capabilities', () => adapter.capabilities()),
    validateConfig: (settings: JsonObject) =>
      small('validate_config', () => adapter.validateConfig(settings)),
    cancel: (runId: string) => small('cancel', () => adapter.cancel(runId)),
    close: () => small('close', () => adapter.close()),
    ...(adapter.endLeftovers === undefined
      ? {}
      : {
          endLeftovers: (runId: string, how?: { readonly isAtOnce?: boolean }) =>
            small('end_leftovers', async () => adapter.endLeftovers?.(runId, how) ?? 0),
        }),
    ...(adapter.remembers === undefined
      ? {}
      : {
          remembers: (providerSessionId: string, event: AgentEvent) =>
            small('remembers', async () => adapter.remembers?.(providerSessionId, event) ?? false),
        }),
    execute: async (...[run, session, call]: Parameters<AgentAdapter['execute']>): Promise<AgentResult> => {
      const timeoutMs = agentTimeoutMs(call.timeoutMs);
      const stop = platform.newCanceller();
      const forward = (): void => stop.abort(call.signal?.reason);
      call.signal?.addEventListener('abort', forward, { once: true });
      if (call.signal?.aborted === true) forward();
      let isOver = false;
      const onEvent: AgentCall['onEvent'] = (event) => {
        if (isOver) throw sessionError('stream_closed', `run '${run.id}' is over and takes no more events`);
        return call.onEvent(event);
      };
      try {
        const waiting = {
          operation: 'execute',
          adapter: adapter.name,
          timeoutMs: (timeoutMs + executeGraceMs) * (adapter.attempts ?? 1),
        };
        const result = await within(platform, waiting, () =>
          adapter.execute(run, session, { ...call, timeoutMs, onEvent, signal: stop.signal }),
        );
        return soundResult(adapter.name, result);
      } finally {
        isOver = true;
        call.signal?.removeEventListener('abort', forward);
        // An adapter that has ended has nothing to stop; one that has not is told once more.
        stop.abort();
      }
    },
  });
}

interface Waiting {
  readonly operation: string;
  readonly adapter: string;
  readonly timeoutMs: number;
}

async function within<Answer>(
  { sleep, newCanceller }: AgentPlatform,
  waiting: Waiting,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const { operation, adapter, timeoutMs } = waiting;
  const details = { operation, adapter, timeout_ms: timeoutMs };
  const timer = newCanceller();
  const late = new Promise<never>((_, reject) => {
    void sleep(timeoutMs, timer.signal).then(() => {
      if (timer.signal.aborted) return;
      reject(
        sessionError('provider_timeout', `agent '${adapter}' did not end '${operation}' in time`, {
          details,
        }),
      );
    });
  });
  try {
    return await Promise.race([late, (async () => call())()]);
  } catch (error) {
    if (isStructuredError(error)) throw error;
    const message = wordsOf(error);
    throw sessionError('provider_error', `agent '${adapter}' failed: ${message}`, {
      details: { ...details, exit_reason: message },
      cause: error,
    });
  } finally {
    timer.abort();
  }
}

/** What was thrown may be anything, and say as much as it likes. */
function wordsOf(thrown: unknown): string {
  const isPlain = typeof thrown === 'string' || thrown === undefined || thrown === null;
  const said = thrown instanceof Error ? thrown.message : isPlain ? String(thrown) : typeof thrown;
  return said.slice(0, errorTextLimits.bytes).toWellFormed();
}
