/**
 * Decides what of an agent's answer is believed. An output that cannot be stored is no answer; a count, a cost or a name that cannot be
 * is not known, because the work is done all the same.
 */
import {
  compareUsd,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readUsd,
  type Usd,
} from '../../base/index.ts';
import { intake } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import type { AgentResult } from './port.ts';

/** Names of models and sessions are shorter. */
const longestName = 1_024;

/** The answer as it may be stored. Throws `ProviderError` for what is no answer, and for an output that may not be. */
export function soundResult(agent: string, result: AgentResult): AgentResult {
  checkAnswer(agent, result);
  return {
    ...result,
    output: soundOutput(agent, result.output),
    tokenUsage: soundUsage(result.tokenUsage),
    costUsd: soundCost(result.costUsd),
    model: soundName(result.model),
    providerSessionId: soundName(result.providerSessionId),
    turnCount: isCount(result.turnCount) ? result.turnCount : 0,
  };
}

/** Throws `ProviderError` for what is no map. */
export function checkAnswer(agent: string, answer: unknown): void {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return;
  throw noAnswer(agent, answer === null || answer === undefined ? 'nothing' : `a ${kindOf(answer)}`);
}

/** The error of an agent that has come to its end with something else than an answer. */
export function noAnswer(agent: string, found: string): Error {
  return sessionError(
    'provider_error',
    `agent '${agent}' returned ${found}: an answer is { output: { content: 'text' } }`,
    {
      details: { agent },
      why: 'What an agent says at the end of its run is kept as the output of the run: a map, with its text in `content`.',
      howToFix: "Return { output: { content: 'text' } }, with `tokenUsage` and `costUsd` beside `output`.",
    },
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

/** True for a number that can have been used; what nobody can have used, or not count, does not count. */
export function isUsed(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** True for a number that counts something. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** `null` for what cannot be the name of a model or of a session. */
export function soundName(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= longestName ? value : null;
}

function soundOutput(agent: string, output: unknown): JsonObject {
  const value = jsonOf(agent, output ?? {});
  if (isJsonObject(value)) return value;
  throw noAnswer(agent, 'an output that is no map');
}

function jsonOf(agent: string, value: unknown): JsonValue {
  try {
    return intake(value).value;
  } catch (cause) {
    throw sessionError('provider_error', `the output of agent '${agent}' cannot be stored`, { cause });
  }
}

/** What is no number is kept as it is, as far as it can be. */
function soundUsage(usage: unknown): JsonObject {
  if (typeof usage !== 'object' || usage === null) return {};
  const known = Object.entries(usage).filter(([, value]) => typeof value === 'string' || isUsed(value));
  return Object.fromEntries(known);
}

function soundCost(cost: unknown): Usd | null {
  const amount = typeof cost === 'string' ? readUsd(cost) : null;
  if (amount === null || compareUsd(amount, '0') < 0) return null;
  return Number.isFinite(Number(amount)) ? amount : null;
}
