/**
 * Decides what a model is that answers from a script: for tests, examples and offline packs. Nothing is asked, nothing is
 * paid, and the same questions in the same order get the same answers.
 */
import {
  canonicalJson,
  checkArguments,
  checkedOptions,
  checkOptionNames,
  type JsonObject,
  type JsonValue,
  type Usd,
} from '../base/index.ts';
import { llmError } from './errors.ts';
import type { CallOptions, ModelProvider, ModelRequest, ModelResponse, ToolCall } from './model-port.ts';
import { estimateRequestTokens, estimateTokens } from './token-estimate.ts';

/** What is left out is free, immediate and counted with four characters a token. */
export interface ScriptedAnswer {
  readonly text?: string;
  /** Answers with the JSON text of a value. `text` wins. */
  readonly json?: JsonValue;
  readonly toolCalls?: readonly {
    readonly id?: string;
    readonly name: string;
    readonly args: JsonObject;
    readonly invalidArgsError?: string;
  }[];
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: Usd;
  readonly latencySeconds?: number;
  readonly model?: string;
  readonly finishReason?: string;
  readonly seed?: number;
  readonly providerMeta?: JsonObject;
  readonly failure?: { readonly reason: string; readonly message: string };
  readonly vendorContent?: JsonValue;
}

/** A plain text is an answer with that text. */
export type ScriptedReply = string | ScriptedAnswer;

/** The script: replies in order, or a function from request to reply. */
export interface ScriptedModelOptions {
  /** `'scripted'` by default. */
  readonly defaultModel?: string;
  /** Answers in order, or a function that may throw as a real provider does. `callIndex` counts from 0. */
  readonly respond:
    | readonly ScriptedReply[]
    | ((
        request: ModelRequest,
        callIndex: number,
        options: CallOptions,
      ) => ScriptedReply | Promise<ScriptedReply>);
  readonly recognizesModel?: (name: string) => boolean;
  readonly estimateCost?: ModelProvider['estimateCost'];
  readonly countTokens?: (request: ModelRequest) => number;
}

/** A model that answers from a script; what it was asked is kept in `requests`. */
export interface ScriptedModel extends ModelProvider {
  /** How often it was asked. */
  readonly calls: number;
  /** What it was asked, in order. */
  readonly requests: readonly ModelRequest[];
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  defaultModel: true,
  respond: true,
  recognizesModel: true,
  estimateCost: true,
  countTokens: true,
} satisfies Record<keyof ScriptedModelOptions, true>);

/** A model that answers from a script, offline, for tests and examples. */
export function scriptedModel(options: ScriptedModelOptions): ScriptedModel {
  const { respond } = checkedOptions('scriptedModel', options);
  checkOptionNames('scriptedModel', options, optionNames);
  checkArguments('scriptedModel', { respond: [respond, 'list', 'function'] });
  const requests: ModelRequest[] = [];
  const reply = async (
    request: ModelRequest,
    callIndex: number,
    call: CallOptions,
  ): Promise<ScriptedReply> => {
    if (typeof respond === 'function') return respond(request, callIndex, call);
    const next = respond[callIndex];
    if (next === undefined) throw scriptEnded(respond.length);
    return next;
  };
  return Object.freeze({
    defaultModel: options.defaultModel ?? 'scripted',
    get calls() {
      return requests.length;
    },
    requests,
    recognizesModel: options.recognizesModel ?? (() => true),
    estimateCost: options.estimateCost ?? (() => '0'),
    countTokens: async (request: ModelRequest) => (options.countTokens ?? estimateRequestTokens)(request),
    complete: async (request: ModelRequest, call: CallOptions) => {
      const callIndex = requests.push(request) - 1;
      const given = await reply(request, callIndex, call);
      return completed(typeof given === 'string' ? { text: given } : given, request, callIndex);
    },
  });
}

function completed(answer: ScriptedAnswer, request: ModelRequest, callIndex: number): ModelResponse {
  const rawText = answer.text ?? (answer.json === undefined ? '' : canonicalJson(answer.json));
  const toolCalls: readonly ToolCall[] | null =
    answer.toolCalls?.map((call, index) => ({
      ...call,
      id: call.id ?? `call_${callIndex + 1}_${index + 1}`,
    })) ?? null;
  return {
    rawText,
    inputTokens: answer.inputTokens ?? estimateRequestTokens(request),
    outputTokens: answer.outputTokens ?? estimateTokens(rawText),
    costUsd: answer.costUsd ?? '0',
    latencySeconds: answer.latencySeconds ?? 0,
    model: answer.model ?? request.model,
    finishReason: answer.finishReason ?? (toolCalls === null ? 'end_turn' : 'tool_use'),
    seed: answer.seed ?? null,
    providerMeta: answer.providerMeta ?? {},
    toolCalls,
    ...(answer.failure === undefined ? {} : { failure: answer.failure }),
    ...(answer.vendorContent === undefined ? {} : { vendorContent: answer.vendorContent }),
  };
}

function scriptEnded(length: number): Error {
  return llmError(
    'llm.fixture_missing',
    `The script has ${length} answers, and call ${length + 1} asked for one more.`,
    { answers: length },
  );
}
