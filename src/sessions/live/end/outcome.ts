/**
 * Decides what a run came to, and how much of that is left when the store cannot take it: the end itself, what was used, and why. An
 * end that is too large, or is no JSON, must not keep a run from ending.
 */
import { isStructuredError, type JsonObject } from '../../../base/index.ts';
import { NonSerializableEventError } from '../../../log/index.ts';
import type { AgentEvent, AgentResult } from '../../agents/port.ts';
import { sessionError } from '../../errors/session-error.ts';
import type { UsedBefore } from '../past/heard-facts.ts';

export type Ending = 'completed' | 'failed' | 'cancelled' | 'timeout';

export interface Outcome {
  readonly ending: Ending;
  /** The agent that worked on it: another manager may write the end. */
  readonly provider: string;
  /** What was used before the attempt that ended. */
  readonly earlier: readonly UsedBefore[];
  /** What the agent answered; `null` when it did not come so far. */
  readonly result: AgentResult | null;
  /** Why it did not complete; `null` when it did. */
  readonly error: unknown;
  readonly model: string | null;
  readonly providerSessionId: string | null;
  readonly tokenUsage: JsonObject;
  readonly failures: number;
  /** What the agent itself told of this end. */
  readonly told: AgentEvent | null;
  /** The process that worked on it died. */
  readonly isInterrupted?: boolean;
}

/** True when it is what was to be written that was refused, and not the store that failed. */
export function isUnstorable(error: unknown): boolean {
  if (error instanceof NonSerializableEventError) return true;
  // Nested too deep for whoever reads it, or not of the kind that was promised.
  if (!isStructuredError(error)) return error instanceof RangeError || error instanceof TypeError;
  return error.code === 'validation_error' || error.code === 'invalid-event-error';
}

/** The same end in few words. An answer that cannot be stored is none: the run has failed. */
export function bareOutcome(outcome: Outcome, refusal: unknown): Outcome {
  const { ending, result, tokenUsage } = outcome;
  const isStopped = ending === 'cancelled' || ending === 'timeout';
  return {
    ...outcome,
    ending: ending === 'completed' ? 'failed' : ending,
    result: null,
    error: isStopped ? outcome.error : sessionError('provider_error', reasonOf(refusal), { cause: refusal }),
    tokenUsage: result?.tokenUsage ?? tokenUsage,
    told: null,
  };
}

function reasonOf(refusal: unknown): string {
  const said = isStructuredError(refusal) ? refusal.summary : 'it is nested too deep, or is no JSON';
  return `what the agent ended with cannot be stored: ${said.slice(0, 500)}`;
}
