/** Decides how a model is asked for one invocation: turn by turn, each question recorded before it is put, each answer when it comes. */
import { canonicalJson, compareUsd, type JsonObject, type JsonValue } from '../../base/index.ts';
import {
  buildPrompt,
  failureReason,
  llmError,
  type ModelMessage,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
  missingProvider,
  parseStructured,
  requestHash,
  requestToJson,
  responseFromPayload,
  responseToPayload,
  toolDefinition,
  toolError,
} from '../../effects/index.ts';
import { intake, type LogEvent } from '../../log/index.ts';
import { intakePayload } from '../../log/index.ts';
import type { LlmPart } from '../behavior.ts';
import { budgetReason, callDimensions, exhaustedBy, remainingUsd } from '../budget.ts';
import { budgetFailure } from './budget-failure.ts';
import { callTool } from './call-tool.ts';
import { idempotencyKey } from '../engine.ts';
import type { CallScope } from './call-scope.ts';
import { promptEvent, promptView } from './prompt-view.ts';

export interface ModelOutcome {
  readonly output: unknown;
  readonly rawText: string;
}

/** Asks until the model needs no more tools. Throws a failure with a reason. */
export async function askModel(invocation: CallScope, llm: LlmPart): Promise<ModelOutcome> {
  const { engine, behavior } = invocation;
  const provider = engine.model;
  if (provider === null) throw missingProvider({ behavior: behavior.name });
  const first = firstRequest(invocation, llm, provider);
  const messages: ModelMessage[] = [...first.messages];
  let previousRequestId: string | null = null;
  for (let turn = 0; turn < llm.maxToolTurns; turn += 1) {
    const request: ModelRequest = { ...first, messages: [...messages] };
    const asked: Asked = await ask(invocation, llm, provider, request, turn, previousRequestId);
    const { response, requested } = asked;
    previousRequestId = requested.id;
    if (response.toolCalls === null || response.toolCalls.length === 0) return finish(llm, asked);
    messages.push({ role: 'assistant', content: response.rawText, toolCalls: response.toolCalls });
    for (const call of response.toolCalls) {
      invocation.toolCallCount += 1;
      const answer = await callTool(invocation, {
        name: call.name,
        args: call.args,
        callId: call.id,
        causedBy: requested.id,
        ...(call.invalidArgsError === undefined ? {} : { invalidArgsError: call.invalidArgsError }),
      });
      messages.push({
        role: 'tool',
        content: canonicalJson(answer.output),
        toolUseId: call.id,
        toolName: call.name,
      });
    }
  }
  throw toolError(
    'tool.max_turns_exhausted',
    `the model still asked for tools after ${llm.maxToolTurns} turns`,
    { max_tool_turns: llm.maxToolTurns },
  );
}

interface Asked {
  readonly requested: LogEvent;
  readonly response: ModelResponse;
  /** The parsed answer, or why there is none; `null` when no form was asked for or the model wants tools first. */
  readonly parsed: ReturnType<typeof parseStructured> | null;
}

async function ask(
  invocation: CallScope,
  llm: LlmPart,
  provider: ModelProvider,
  request: ModelRequest,
  turn: number,
  previousRequestId: string | null,
): Promise<Asked> {
  const { engine, behavior } = invocation;
  const hash = requestHash(request, engine.platform.sha256);
  const recorded = invocation.recorded.take('llm.requested', hash);
  const cached = recorded === null ? (engine.answers?.model(hash) ?? null) : null;
  let requested = recorded?.request;
  if (requested === undefined) {
    const exhausted = exhaustedBy(engine.budget, engine.state.usage, engine.journal.nowMs(), callDimensions.model);
    if (exhausted !== null)
      throw budgetFailure(budgetReason(exhausted), `the budget is used up (${exhausted})`, {});
    const estimate = cached === null ? await costGate(invocation, provider, request) : {};
    requested = engine.journal.append({
      type: 'llm.requested',
      actor: behavior.name,
      causedBy: previousRequestId ?? invocation.event.id,
      payload: {
        behavior: behavior.name,
        model: request.model,
        prompt_hash: hash,
        deterministic: request.temperature === 0 && request.topP === 1,
        cache_hit: cached !== null,
        turn_index: turn,
        prompt_normalized: true,
        ...(turn === 0 ? { prompt: requestToJson(request) } : {}),
        ...estimate,
      },
    });
  }
  invocation.llmRequestId ??= requested.id;
  if (recorded?.response !== undefined) {
    const response = responseFromPayload(recorded.response.payload, { where: recorded.response.id });
    return { requested, response, parsed: parse(llm, response) };
  }
  const response =
    cached === null
      ? await complete(invocation, llm, provider, request, requested)
      : responseFromPayload(cached, { where: `the recorded answer to ${hash}` });
  const parsed = parse(llm, response);
  engine.journal.append({
    type: 'llm.responded',
    actor: behavior.name,
    causedBy: requested.id,
    payload: {
      ...responseToPayload(response),
      parsed: parsed?.ok === true ? intake(parsed.value).value : null,
      cache_hit: cached !== null,
      behavior: behavior.name,
      prompt_hash: hash,
      turn_index: turn,
    },
  });
  if (cached === null) await engine.journal.flush();
  return { requested, response, parsed };
}

async function complete(
  invocation: CallScope,
  llm: LlmPart,
  provider: ModelProvider,
  request: ModelRequest,
  requested: LogEvent,
): Promise<ModelResponse> {
  const { engine } = invocation;
  await invocation.beforeOutside();
  try {
    const options = {
      signal: engine.signal,
      timeoutMs: llm.timeoutMs,
      idempotencyKey: idempotencyKey(engine, requested.id),
    };
    return await provider.complete(request, options);
  } catch (error) {
    if (failureReason(error) !== null) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw llmError('llm.network_error', message, { model: request.model }, error);
  } finally {
    invocation.checkStillOpen();
  }
}

/** Refuses a call that could cost more than is left. Only a run with a cost limit asks for the count of tokens. */
async function costGate(
  invocation: CallScope,
  provider: ModelProvider,
  request: ModelRequest,
): Promise<JsonObject> {
  const { engine } = invocation;
  const remaining = remainingUsd(engine.budget, engine.state.usage);
  if (remaining === null) return {};
  await invocation.beforeOutside();
  let inputTokens: number;
  try {
    inputTokens = await provider.countTokens(request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw failureReason(error) === null
      ? llmError('llm.network_error', message, { phase: 'count_tokens', model: request.model }, error)
      : error;
  }
  invocation.checkStillOpen();
  const estimate = provider.estimateCost({
    model: request.model,
    inputTokens,
    outputTokens: request.maxTokens,
  });
  if (compareUsd(estimate, remaining) > 0) {
    const message = `the call may cost ${estimate} US dollars, ${remaining} are left`;
    const extras = { estimated_cost_usd: estimate, budget_remaining_usd: remaining, model: request.model };
    throw budgetFailure('budget.cost_exhausted', message, extras);
  }
  return {
    estimated_input_tokens: inputTokens,
    estimated_cost_usd: estimate,
    budget_remaining_usd: remaining,
  };
}

function firstRequest(invocation: CallScope, llm: LlmPart, provider: ModelProvider): ModelRequest {
  const { engine, behavior } = invocation;
  let prompt: { readonly system: string; readonly user: string };
  try {
    prompt = buildPrompt({
      behavior: behavior.name,
      description: llm.description,
      frame:
        engine.frame === null
          ? null
          : { goal: engine.frame.goal, constraints: engine.frame.constraints ?? [] },
      outputForm: llm.outputForm,
      creates: llm.creates,
      view: promptView(invocation.openView(), behavior.view),
      event: promptEvent(invocation.event),
      ...(llm.promptTemplate === null ? {} : { template: llm.promptTemplate }),
    });
  } catch (error) {
    if (failureReason(error) !== null) throw error;
    throw llmError(
      'llm.prompt_assembly_error',
      error instanceof Error ? error.message : String(error),
      {},
      error,
    );
  }
  const tools = behavior.tools.map((named) => {
    const tool = engine.tools.get(typeof named === 'string' ? named : named.name);
    if (tool === undefined)
      throw toolError('tool.unknown_tool', `tool '${String(named)}' is not registered`, {});
    return toolDefinition(tool);
  });
  return {
    model: modelName(invocation, llm, provider),
    system: prompt.system,
    messages: [{ role: 'user', content: prompt.user }],
    maxTokens: llm.maxTokens,
    temperature: llm.temperature,
    topP: llm.topP,
    outputForm:
      llm.outputForm === null
        ? null
        : { name: llm.outputForm.name, jsonSchema: intakePayload(llm.outputForm.jsonSchema).value },
    tools,
  };
}

function modelName(invocation: CallScope, llm: LlmPart, provider: ModelProvider): string {
  const chosen =
    typeof llm.model === 'function' ? llm.model(invocation.behavior.settings as never) : llm.model;
  return chosen ?? provider.defaultModel;
}

function parse(llm: LlmPart, response: ModelResponse): Asked['parsed'] {
  if (llm.outputSchema === null || (response.toolCalls !== null && response.toolCalls.length > 0))
    return null;
  return parseStructured(response.rawText, llm.outputSchema, llm.outputForm?.name);
}

function finish(llm: LlmPart, { response, parsed }: Asked): ModelOutcome {
  if (parsed === null) return { output: null satisfies JsonValue, rawText: response.rawText };
  if (parsed.ok) return { output: parsed.value, rawText: response.rawText };
  throw llmError(parsed.reason, parsed.message, { ...parsed.extras, max_tokens: llm.maxTokens });
}
