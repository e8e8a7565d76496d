/**
 * Decides what a model is to the runtime: one question with everything that shapes the answer in it, one answer with what
 * it cost. Vendors and wires are adapters' business; recording, budgets and retries are the runtime's.
 */
import {
  canonicalJson,
  type CancelSignal,
  type JsonObject,
  type JsonValue,
  type Sha256,
  type Usd,
} from '../base/index.ts';

/** One message of a conversation with a model. `vendorContent` goes back to the vendor as it came. */
export interface ModelMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** For `tool`: the call that this is the result of. */
  readonly toolUseId?: string;
  readonly toolName?: string;
  /** For `assistant`: the calls that it asked for. */
  readonly toolCalls?: readonly ToolCall[];
  /** For `assistant`: what the vendor wants to be told again with this turn, as its answer gave it. */
  readonly vendorContent?: JsonValue;
}

/** A call of a tool that a model asks for. `invalidArgsError` when its arguments were no JSON. */
export interface ToolCall {
  /** Given by the model; answers refer to it. */
  readonly id: string;
  readonly name: string;
  readonly args: JsonObject;
  /** Set when the model's arguments were not a JSON object; the call is then refused as `tool.invalid_input`. */
  readonly invalidArgsError?: string;
}

/** A tool as the model sees it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: JsonObject;
}

/** The form that a final answer has to have. */
export interface OutputForm {
  readonly name: string;
  readonly jsonSchema: JsonObject;
}

/** One question. Everything in it is hashed: equal requests have equal hashes, on every machine. */
export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly outputForm: OutputForm | null;
  readonly tools: readonly ToolDefinition[];
}

/** What a model answered, what it used (tokens, dollars, seconds), and which tools it asks for. */
export interface ModelResponse {
  readonly rawText: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: Usd;
  readonly latencySeconds: number;
  /** The model that really answered. */
  readonly model: string;
  /** The vendor's word for why it stopped, as it came. */
  readonly finishReason: string;
  readonly seed: number | null;
  readonly providerMeta: JsonObject;
  /** `null` when the model asked for no tool. */
  readonly toolCalls: readonly ToolCall[] | null;
  /**
   * Set for an answer that is none, although it was given and paid for: a refusal, or a text that was cut off. It is recorded like
   * any other, and then the behavior fails with this reason.
   */
  readonly failure?: { readonly reason: string; readonly message: string };
  /** What the vendor wants to be told again when the conversation goes on: signed thoughts, for example. */
  readonly vendorContent?: JsonValue;
}

/** How long a call may take, how it is cancelled, and the key by which a vendor knows a repeated request. */
export interface CallOptions {
  readonly signal: CancelSignal;
  readonly timeoutMs: number;
  /** The same for every attempt at one recorded request, so that a vendor that honours it bills once. */
  readonly idempotencyKey: string;
}

/** Where answers of models come from. Failures are thrown as `LLMBehaviorError`; anything else counts as `llm.network_error`. */
export interface ModelProvider {
  /** Used for behaviors that name no model. */
  readonly defaultModel: string;
  recognizesModel(name: string): boolean;
  complete(request: ModelRequest, options: CallOptions): Promise<ModelResponse>;
  /** The most that a call may cost, for the budget's gate before it. */
  estimateCost(usage: {
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }): Usd;
  countTokens(request: ModelRequest): Promise<number>;
}

/** The key of a request in recorded fixtures and replay caches. */
export function requestHash(request: ModelRequest, sha256: Sha256): string {
  return sha256(canonicalJson(requestToJson(request)));
}

/** The request as it is hashed and recorded, with the field names of the specification. */
export function requestToJson(request: ModelRequest): JsonObject {
  return {
    model: request.model,
    system: request.system,
    messages: request.messages.map(messageToJson),
    output_schema_name: request.outputForm?.name ?? null,
    output_schema_json: request.outputForm?.jsonSchema ?? null,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    tools: request.tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      input_schema: tool.inputSchema,
    })),
  };
}

/** A refused call keeps its error: without it a replay would carry the call out. */
export function toolCallToJson({ id, name, args, invalidArgsError }: ToolCall): JsonObject {
  return invalidArgsError === undefined
    ? { id, name, args }
    : { id, name, args, invalid_args_error: invalidArgsError };
}

function messageToJson(message: ModelMessage): JsonObject {
  const json: Record<string, JsonValue> = { role: message.role, content: message.content };
  if (message.toolUseId !== undefined) json['tool_use_id'] = message.toolUseId;
  if (message.toolName !== undefined) json['tool_name'] = message.toolName;
  if (message.toolCalls !== undefined) json['tool_calls'] = message.toolCalls.map(toolCallToJson);
  if (message.vendorContent !== undefined) json['vendor_content'] = message.vendorContent;
  return json;
}
