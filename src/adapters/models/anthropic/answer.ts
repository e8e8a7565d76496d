/** Decides how the vendor's answer is read: its text, the tools that it asks for, what it cost, and whether it is an answer at all. */
import type { ContentBlock, Message } from '@anthropic-ai/sdk/resources/messages';
import { isJsonObject, type JsonValue } from '../../../base/index.ts';
import {
  costOfTokens,
  listPricesAsOf,
  type ModelResponse,
  type PriceTable,
  type ToolCall,
} from '../../../effects/index.ts';
import { intake } from '../../../log/index.ts';
import { priceOf } from './prices.ts';
import type { ToolNames } from './tool-names.ts';

export interface AnswerContext {
  readonly names: ToolNames;
  readonly prices: PriceTable;
  /** False when the prices are a table of the caller's own, whose day nobody knows. */
  readonly areListPrices: boolean;
  /** When it was asked. */
  readonly at: string;
  readonly latencySeconds: number;
}

export function responseOf(message: Message, context: AnswerContext): ModelResponse {
  const { names, latencySeconds } = context;
  const calls = message.content.flatMap((block) =>
    block.type === 'tool_use' ? [toolCall(block, names)] : [],
  );
  const failure = failureOf(message);
  const thoughts = message.content.some(({ type }) => type === 'thinking' || type === 'redacted_thinking');
  const { usage } = message;
  const priced = priceOf(message.model, context.prices, context.at);
  return {
    rawText: message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    costUsd: costOfTokens(
      {
        input: usage.input_tokens,
        output: usage.output_tokens,
        cacheRead: usage.cache_read_input_tokens ?? 0,
        cacheWrite: usage.cache_creation_input_tokens ?? 0,
      },
      priced.rates,
    ),
    latencySeconds,
    model: message.model,
    finishReason: message.stop_reason ?? '',
    seed: null,
    providerMeta: {
      provider: 'anthropic',
      message_id: message.id,
      usage: json(usage),
      price: {
        row: priced.row,
        as_of: context.areListPrices ? listPricesAsOf : null,
        ...(priced.isGuess ? { is_guess: true } : {}),
      },
      not_sent: ['temperature', 'top_p'],
    },
    toolCalls: calls.length === 0 ? null : calls,
    ...(failure === null ? {} : { failure }),
    ...(thoughts && calls.length > 0 ? { vendorContent: json(message.content) } : {}),
  };
}

function toolCall(block: Extract<ContentBlock, { type: 'tool_use' }>, names: ToolNames): ToolCall {
  const call = { id: block.id, name: names.fromVendor(block.name) };
  const input = argsOf(block.input);
  return isJsonObject(input)
    ? { ...call, args: input }
    : {
        ...call,
        args: { _raw: input },
        invalidArgsError: `the model's arguments are no JSON object: ${JSON.stringify(input)}`,
      };
}

/** A text is read as the JSON that it may be. */
function argsOf(input: unknown): JsonValue {
  if (typeof input !== 'string') return json(input);
  try {
    return json(JSON.parse(input));
  } catch {
    return input;
  }
}

function failureOf(message: Message): { readonly reason: string; readonly message: string } | null {
  const { stop_reason: stopReason } = message;
  if (stopReason === 'refusal') {
    const { category = null, explanation = null } = message.stop_details ?? {};
    const why = [category, explanation].filter((part) => part !== null).join(': ');
    return {
      reason: 'llm.refused',
      message: `the model refused to answer${why === '' ? '' : ` (${why})`}`,
    };
  }
  if (stopReason === 'max_tokens') {
    return {
      reason: 'llm.max_tokens',
      message: `the answer was cut off after ${message.usage.output_tokens} tokens`,
    };
  }
  if (stopReason === 'model_context_window_exceeded') {
    return { reason: 'llm.max_tokens', message: "the answer was cut off at the end of the model's window" };
  }
  return null;
}

function json(value: unknown): JsonValue {
  return intake(value).value;
}
