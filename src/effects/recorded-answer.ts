/**
 * Decides how answers of models and tools are written down, in events and in fixtures alike, and how they are read back.
 * Reading takes older spellings too, and says which field is wrong where it cannot.
 */
import {
  addUsd,
  isJsonArray,
  isJsonObject,
  isUsd,
  type JsonObject,
  type JsonValue,
  type Usd,
} from '../base/index.ts';
import { malformedRecording, type RecordOrigin } from './errors.ts';
import { type ModelResponse, type ToolCall, toolCallToJson } from './model-port.ts';
import type { ToolAnswer } from './tool-port.ts';

/** What was recorded of a tool call: an answer, or the error that it failed with. */
export type ToolOutcome =
  | { readonly ok: true; readonly answer: ToolAnswer }
  | { readonly ok: false; readonly error: JsonObject };

/** The part of an `llm.responded` payload that is the model's. */
export function responseToPayload(response: ModelResponse): JsonObject {
  return {
    raw_text: response.rawText,
    input_tokens: response.inputTokens,
    output_tokens: response.outputTokens,
    cost_usd: response.costUsd,
    latency_seconds: response.latencySeconds,
    model: response.model,
    finish_reason: response.finishReason,
    seed: response.seed,
    provider_meta: response.providerMeta,
    tool_calls: response.toolCalls?.map(toolCallToJson) ?? null,
    ...(response.failure === undefined ? {} : { failure: { ...response.failure } }),
    ...(response.vendorContent === undefined ? {} : { vendor_content: response.vendorContent }),
  };
}

/** Reads an `llm.responded` payload. `origin` names it in the `MalformedRecordingError`. */
export function responseFromPayload(
  payload: JsonObject,
  origin: RecordOrigin = { where: 'llm.responded' },
): ModelResponse {
  const read = fieldsOf(payload, origin);
  return {
    rawText: read.text('raw_text'),
    inputTokens: read.number('input_tokens'),
    outputTokens: read.number('output_tokens'),
    costUsd: read.usd('cost_usd'),
    latencySeconds: read.number('latency_seconds', 0),
    model: read.text('model'),
    finishReason: read.text('finish_reason', ''),
    seed: payload['seed'] === undefined || payload['seed'] === null ? null : read.number('seed'),
    providerMeta: read.object('provider_meta', {}),
    toolCalls: toolCallsOf(payload['tool_calls'] ?? null, origin),
    ...failureOf(payload, origin),
    ...(payload['vendor_content'] === undefined ? {} : { vendorContent: payload['vendor_content'] }),
  };
}

function failureOf(payload: JsonObject, origin: RecordOrigin): Pick<ModelResponse, 'failure'> {
  const failure = payload['failure'] ?? null;
  if (failure === null) return {};
  if (!isJsonObject(failure)) throw malformedRecording({ ...origin, problem: "'failure' is not an object" });
  const read = fieldsOf(failure, origin, 'failure.');
  return { failure: { reason: read.text('reason'), message: read.text('message') } };
}

/** The part of a `tool.responded` payload that is the tool's, for a call that succeeded. */
export function toolAnswerToPayload(answer: ToolAnswer): JsonObject {
  return {
    output: answer.output,
    error: null,
    latency_seconds: answer.latencySeconds,
    cost_usd: answer.costUsd,
  };
}

/** Reads a `tool.responded` payload. A failed call keeps its error. */
export function toolOutcomeFromPayload(
  payload: JsonObject,
  origin: RecordOrigin = { where: 'tool.responded' },
): ToolOutcome {
  const { error, output } = payload;
  if (isJsonObject(error)) return { ok: false, error };
  if (output === undefined)
    throw malformedRecording({ ...origin, problem: "neither 'output' nor 'error' is there" });
  const read = fieldsOf(payload, origin);
  return {
    ok: true,
    answer: { output, latencySeconds: read.number('latency_seconds', 0), costUsd: read.usd('cost_usd', '0') },
  };
}

function toolCallsOf(value: JsonValue, origin: RecordOrigin): readonly ToolCall[] | null {
  if (value === null) return null;
  if (!isJsonArray(value)) throw malformedRecording({ ...origin, problem: "'tool_calls' is not a list" });
  return value.map((call, index) => {
    if (!isJsonObject(call))
      throw malformedRecording({ ...origin, problem: `'tool_calls[${index}]' is not an object` });
    const read = fieldsOf(call, origin, `tool_calls[${index}].`);
    const parsed = { id: read.text('id'), name: read.text('name'), args: read.object('args') };
    return call['invalid_args_error'] === undefined
      ? parsed
      : { ...parsed, invalidArgsError: read.text('invalid_args_error') };
  });
}

interface Fields {
  text(key: string, fallback?: string): string;
  number(key: string, fallback?: number): number;
  usd(key: string, fallback?: Usd): Usd;
  object(key: string, fallback?: JsonObject): JsonObject;
}

/** Readers of one record. A field that is absent or `null` takes the fallback where there is one. */
function fieldsOf(record: JsonObject, origin: RecordOrigin, path = ''): Fields {
  const value = (key: string, fallback: JsonValue | undefined): JsonValue => record[key] ?? fallback ?? null;
  const refuse = (key: string, kind: string): never => {
    throw malformedRecording({ ...origin, problem: `'${path}${key}' is not ${kind}` });
  };
  return {
    text: (key, fallback) => {
      const found = value(key, fallback);
      return typeof found === 'string' ? found : refuse(key, 'a text');
    },
    number: (key, fallback) => {
      const found = value(key, fallback);
      return typeof found === 'number' ? found : refuse(key, 'a number');
    },
    usd: (key, fallback) => {
      const found = value(key, fallback);
      return (typeof found === 'string' ? plainUsd(found) : null) ?? refuse(key, 'an amount as decimal text');
    },
    object: (key, fallback) => {
      const found = value(key, fallback);
      return isJsonObject(found) ? found : refuse(key, 'an object');
    },
  };
}

/** Logs written by other languages may spell small amounts with an exponent, as in `1E-7`. */
function plainUsd(text: string): Usd | null {
  if (isUsd(text)) return text;
  return /^-?\d{1,30}(?:\.\d{1,30})?[eE][+-]?\d{1,2}$/.test(text) ? addUsd(text, '0') : null;
}
