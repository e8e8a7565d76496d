/** Decides how a question is written for the vendor: its messages, its tools, and the form of the answer. */
import type {
  ContentBlockParam,
  MessageCountTokensParams,
  MessageCreateParamsNonStreaming,
  MessageParam,
  Tool,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '../../../base/index.ts';
import type { ModelMessage, ModelRequest } from '../../../effects/index.ts';
import { canBeHeld } from './structured-form.ts';
import type { ToolNames } from './tool-names.ts';

/** Makes a JSON Schema as strict as the vendor wants it; the vendor's package knows how. */
export type MakeStrict = (schema: JsonObject) => Record<string, unknown>;

/** What is said to the vendor, and counted by it. `makeStrict` is `null` where the prompt alone asks for the form. */
export function questionOf(
  request: ModelRequest,
  names: ToolNames,
  makeStrict: MakeStrict | null,
): MessageCountTokensParams {
  const { model, system, outputForm, tools } = request;
  const isHeld = makeStrict !== null && outputForm !== null && canBeHeld(outputForm.jsonSchema);
  return {
    model,
    messages: messagesOf(request.messages, names),
    ...(system === '' ? {} : { system }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }): Tool => ({
            name: names.toVendor(name),
            description,
            input_schema: { ...inputSchema, type: 'object' },
          })),
        }),
    ...(isHeld
      ? { output_config: { format: { type: 'json_schema', schema: makeStrict(outputForm.jsonSchema) } } }
      : {}),
  };
}

/** Temperature and top_p are not among it: the vendor takes neither since its interface of 2026-10-21. */
export function bodyOf(
  question: MessageCountTokensParams,
  maxTokens: number,
): MessageCreateParamsNonStreaming {
  const { model, messages, system, tools, output_config: outputConfig } = question;
  return {
    model,
    messages,
    max_tokens: maxTokens,
    ...(system === undefined ? {} : { system }),
    ...(tools === undefined ? {} : { tools }),
    ...(outputConfig === undefined ? {} : { output_config: outputConfig }),
  };
}

/** Results of tools that were asked for together are handed over together. */
function messagesOf(messages: readonly ModelMessage[], names: ToolNames): MessageParam[] {
  const written: MessageParam[] = [];
  let results: ToolResultBlockParam[] | null = null;
  for (const message of messages) {
    if (message.role === 'tool') {
      const result: ToolResultBlockParam = {
        type: 'tool_result',
        tool_use_id: message.toolUseId ?? '',
        content: message.content,
      };
      if (results === null) written.push({ role: 'user', content: (results = [result]) });
      else results.push(result);
      continue;
    }
    results = null;
    if (message.role === 'user') written.push({ role: 'user', content: message.content });
    else written.push({ role: 'assistant', content: assistantContent(message, names) });
  }
  return written;
}

function assistantContent(
  { content, toolCalls, vendorContent }: ModelMessage,
  names: ToolNames,
): string | ContentBlockParam[] {
  // It is the vendor's own list of blocks, signed by the vendor, and is told again as it came.
  if (isBlocks(vendorContent)) return [...vendorContent];
  if (toolCalls === undefined || toolCalls.length === 0) return content;
  const calls = toolCalls.map((call): ContentBlockParam => ({
    type: 'tool_use',
    id: call.id,
    name: names.toVendor(call.name),
    input: call.args,
  }));
  return content === '' ? calls : [{ type: 'text', text: content }, ...calls];
}

function isBlocks(
  value: JsonValue | undefined,
): value is JsonArray & readonly (JsonObject & ContentBlockParam)[] {
  return (
    value !== undefined &&
    isJsonArray(value) &&
    value.every((block) => isJsonObject(block) && typeof block['type'] === 'string')
  );
}
