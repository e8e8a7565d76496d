/** Decides how a model is asked for one invocation: turn by turn, until it needs no more tools. */
import { canonicalJson, type JsonObject, type JsonValue } from '../../base/index.ts';
import {
  llmError,
  missingProvider,
  type ModelMessage,
  type ToolCall,
  toolError,
} from '../../effects/index.ts';
import type { LlmPart } from '../behavior.ts';
import { callTool } from './call-tool.ts';
import type { CallScope } from './call-scope.ts';
import { firstRequest } from './first-request.ts';
import { type Asked, askTurn, checkModelBudget } from './model-turn.ts';

export interface ModelOutcome {
  readonly output: unknown;
  readonly rawText: string;
}

/** Throws a failure with a reason. */
export async function askModel(invocation: CallScope, llm: LlmPart): Promise<ModelOutcome> {
  const { engine, behavior } = invocation;
  const provider = engine.model;
  if (provider === null) throw missingProvider({ behavior: behavior.name });
  const first = firstRequest(invocation, llm, provider);
  const messages: ModelMessage[] = [...first.messages];
  let previousId: string | null = null;
  for (let index = 0; index < llm.maxToolTurns; index += 1) {
    const request = { ...first, messages: [...messages] };
    const asked: Asked = await askTurn(invocation, { llm, provider, request, index, previousId });
    const { rawText, toolCalls, failure, vendorContent } = asked.response;
    previousId = asked.requested.id;
    // It is in the log, and paid for; tools that half an answer asks for are not called.
    if (failure !== undefined) throw llmError(failure.reason, failure.message, failureExtras(llm, asked));
    if (toolCalls === null || toolCalls.length === 0) return finish(llm, asked);
    // The answers of the tools would help nobody when the model cannot be asked again.
    if (invocation.recorded.isSpent) checkModelBudget(invocation);
    messages.push({
      role: 'assistant',
      content: rawText,
      toolCalls,
      ...(vendorContent === undefined ? {} : { vendorContent }),
    });
    for (const call of toolCalls) messages.push(await toolMessage(invocation, call, previousId));
  }
  const message = `the model still asked for tools after ${llm.maxToolTurns} turns`;
  throw toolError('tool.max_turns_exhausted', message, { max_tool_turns: llm.maxToolTurns });
}

async function toolMessage(invocation: CallScope, call: ToolCall, causedBy: string): Promise<ModelMessage> {
  invocation.toolCallCount += 1;
  const { id: callId, name, args, invalidArgsError } = call;
  const { output } = await callTool(invocation, {
    name,
    args,
    callId,
    causedBy,
    ...(invalidArgsError === undefined ? {} : { invalidArgsError }),
  });
  return { role: 'tool', content: canonicalJson(output), toolUseId: callId, toolName: name };
}

function failureExtras(llm: LlmPart, { response }: Asked): JsonObject {
  const { model, finishReason, rawText } = response;
  return { model, finish_reason: finishReason, raw_text: rawText, max_tokens: llm.maxTokens };
}

function finish(llm: LlmPart, { response, parsed }: Asked): ModelOutcome {
  if (parsed === null) return { output: null satisfies JsonValue, rawText: response.rawText };
  if (parsed.ok) return { output: parsed.value, rawText: response.rawText };
  throw llmError(parsed.reason, parsed.message, { ...parsed.extras, max_tokens: llm.maxTokens });
}
