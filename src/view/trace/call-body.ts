/** Decides how questions to models and tools, and their answers, read in a trace. An answer from a cache cost nothing and took no time. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { moneyText, secondsText } from '../text/number-text.ts';
import { fieldText } from './payload-field.ts';

export function modelRequestBody({ id, payload }: LogEvent, hidesNormalized: boolean): string {
  const { turn_index: turn, budget_remaining_usd: remaining = null } = payload;
  return body(id, payload, [
    `model=${fieldText(payload, 'model')}`,
    payload['cache_hit'] === true && 'cache_hit=true',
    typeof turn === 'number' && turn > 0 && `turn=${turn}`,
    payload['estimated_input_tokens'] !== undefined &&
      `tokens_in~${fieldText(payload, 'estimated_input_tokens')}`,
    remaining !== null && `budget_remaining=${moneyText(remaining)}`,
    payload['prompt_normalized'] === true && !hidesNormalized && 'prompt_normalized=true',
  ]);
}

export function modelAnswerBody({ id, payload }: LogEvent): string {
  return body(id, payload, [
    payload['cache_hit'] === true && 'cache_hit=true',
    isGiven(payload, 'input_tokens') && `tokens_in=${fieldText(payload, 'input_tokens')}`,
    isGiven(payload, 'output_tokens') && `tokens_out=${fieldText(payload, 'output_tokens')}`,
    ...expense(payload).reverse(),
  ]);
}

export function toolRequestBody({ id, payload }: LogEvent): string {
  return body(id, payload, [
    `tool=${fieldText(payload, 'tool')}`,
    `args_hash=${fieldText(payload, 'args_hash').slice(0, 8)}`,
    payload['cache_hit'] === true && 'cache_hit=true',
    payload['deterministic'] === true && 'deterministic=true',
  ]);
}

export function toolAnswerBody({ id, payload }: LogEvent): string {
  const error = errorReason(payload);
  return body(id, payload, [
    `tool=${fieldText(payload, 'tool')}`,
    payload['cache_hit'] === true && 'cache_hit=true',
    error !== null && `error=${error}`,
    ...(error === null ? expense(payload) : []),
  ]);
}

/** The reason code of an answer that failed; `null` for one that did not. */
export function errorReason(payload: JsonObject): string | null {
  const error = payload['error'] ?? null;
  if (error === null) return null;
  return isJsonObject(error) ? fieldText(error, 'reason', 'tool.error') : 'tool.error';
}

/** Time and money of an answer; nothing when a cache gave it. */
function expense(payload: JsonObject): string[] {
  if (payload['cache_hit'] === true) return [];
  const { latency_seconds: latency = null, cost_usd: cost = null } = payload;
  return [
    ...(latency === null ? [] : [`latency=${secondsText(latency)}`]),
    ...(cost === null ? [] : [`cost=${moneyText(cost)}`]),
  ];
}

function isGiven(payload: JsonObject, key: string): boolean {
  return (payload[key] ?? null) !== null;
}

function body(id: string, payload: JsonObject, parts: readonly (string | false)[]): string {
  return `${id}  ${fieldText(payload, 'behavior')}  ${parts.filter((part) => part !== false).join(' ')}`;
}
