/** Decides how one tool call goes: gate, record the request, carry it out once, record the answer, check the answer. */
import { compareUsd, isJsonObject, type JsonObject, validate } from '../../base/index.ts';
import {
  argsHash,
  failureReason,
  type Tool,
  type ToolAnswer,
  toolAnswerToPayload,
  toolError,
  toolErrorFromJson,
  toolErrorToJson,
  toolOutcomeFromPayload,
} from '../../effects/index.ts';
import { intake, intakePayload, type LogEvent } from '../../log/index.ts';
import { budgetReason, callDimensions, exhaustedBy, remainingUsd } from '../budget.ts';
import { budgetFailure } from './budget-failure.ts';
import { idempotencyKey } from '../engine.ts';
import type { CallScope } from './call-scope.ts';

export interface ToolRequest {
  readonly name: string;
  readonly args: JsonObject;
  /** The model's id of the call; `null` for a call by a handler itself. */
  readonly callId: string | null;
  readonly causedBy: string;
  readonly invalidArgsError?: string;
}

/** Makes a call, or serves it from the record. Throws a failure with a reason; its events are in the log by then. */
export async function callTool(invocation: CallScope, request: ToolRequest): Promise<ToolAnswer> {
  const { engine, behavior } = invocation;
  const tool = resolveTool(invocation, request.name);
  const checked = checkArgs(tool, request);
  const args = checked.ok ? checked.args : request.args;
  const hash = argsHash(tool.name, args, engine.platform.sha256);
  const recorded = invocation.recorded.take('tool.requested', hash);
  const cached = recorded === null ? (engine.answers?.tool(hash) ?? null) : null;
  if (recorded === null) gate(invocation, tool, cached !== null);
  const requested =
    recorded?.request ??
    engine.journal.append({
      type: 'tool.requested',
      actor: behavior.name,
      causedBy: request.causedBy,
      payload: {
        behavior: behavior.name,
        tool: tool.name,
        args_hash: hash,
        args,
        ...(request.callId === null ? {} : { call_id: request.callId }),
        cache_hit: cached !== null,
        ...(checked.ok ? { deterministic: tool.deterministic } : {}),
      },
    });
  invocation.toolRequestIds.push(requested.id);
  if (recorded?.response !== undefined) return outcomeOf(recorded.response.payload);
  if (!checked.ok) throw await fail(invocation, tool, hash, requested, checked.error);
  if (cached !== null) {
    respond(invocation, requested, { ...cached, cache_hit: true });
    return outcomeOf(cached);
  }
  return perform(invocation, tool, args, hash, requested);
}

async function perform(
  invocation: CallScope,
  tool: Tool,
  args: JsonObject,
  hash: string,
  requested: LogEvent,
): Promise<ToolAnswer> {
  const { engine, behavior } = invocation;
  await invocation.beforeOutside();
  let answer: ToolAnswer;
  try {
    const context = {
      behavior: behavior.name,
      eventId: invocation.event.id,
      idempotencyKey: idempotencyKey(engine, requested.id),
      timeoutMs: tool.timeoutMs,
      signal: engine.signal,
    };
    const given = await engine.invoker.invoke(tool, args, context);
    answer = { ...given, output: checkOutput(tool, given) };
  } catch (error) {
    invocation.checkStillOpen();
    throw await fail(invocation, tool, hash, requested, error);
  }
  invocation.checkStillOpen();
  respond(invocation, requested, {
    behavior: behavior.name,
    tool: tool.name,
    args_hash: hash,
    ...toolAnswerToPayload(answer),
    cache_hit: false,
    deterministic: tool.deterministic,
  });
  await engine.journal.flush();
  return answer;
}

/** A behavior calls what it lists; inside a pack the short name will do. */
function resolveTool({ engine, behavior }: CallScope, name: string): Tool {
  const listed = behavior.tools.map((tool) => (typeof tool === 'string' ? tool : tool.name));
  const full = listed.find(
    (candidate) =>
      candidate === name || (behavior.owner !== null && candidate === `${behavior.owner}.${name}`),
  );
  const tool = full === undefined ? undefined : engine.tools.get(full);
  if (tool !== undefined) return tool;
  throw toolError('tool.unknown_tool', `behavior '${behavior.name}' does not declare a tool '${name}'`, {
    tool: name,
    declared_tools: listed,
  });
}

type CheckedArgs =
  | { readonly ok: true; readonly args: JsonObject }
  | { readonly ok: false; readonly error: Error };

function checkArgs(tool: Tool, request: ToolRequest): CheckedArgs {
  if (request.invalidArgsError !== undefined) {
    return {
      ok: false,
      error: toolError('tool.invalid_input', request.invalidArgsError, { tool: tool.name }),
    };
  }
  if (tool.inputSchema === null) return { ok: true, args: request.args };
  const result = validate(tool.inputSchema, request.args);
  if (result.ok) return { ok: true, args: intakePayload(result.value).value };
  const errors = result.issues.map(({ path, message }) => ({ path, message }));
  return {
    ok: false,
    error: toolError('tool.invalid_input', `the arguments of '${tool.name}' do not fit`, {
      tool: tool.name,
      validation_errors: errors,
    }),
  };
}

function checkOutput(tool: Tool, answer: ToolAnswer): ToolAnswer['output'] {
  if (tool.outputSchema === null) return intake(answer.output).value;
  const result = validate(tool.outputSchema, answer.output);
  if (result.ok) return intake(result.value).value;
  const errors = result.issues.map(({ path, message }) => ({ path, message }));
  throw toolError('tool.invalid_output', `the output of '${tool.name}' does not fit`, {
    tool: tool.name,
    validation_errors: errors,
  });
}

function gate({ engine }: CallScope, tool: Tool, isCached: boolean): void {
  const { budget, state, journal } = engine;
  const exhausted = exhaustedBy(budget, state.usage, journal.nowMs(), callDimensions.tool);
  if (exhausted !== null)
    throw budgetFailure(budgetReason(exhausted), `no call of '${tool.name}' is left (${exhausted})`, { tool: tool.name });
  const remaining = remainingUsd(budget, state.usage);
  if (isCached || remaining === null || compareUsd(tool.costPerCallUsd, remaining) <= 0) return;
  throw budgetFailure('budget.cost_exhausted', `a call of '${tool.name}' costs more than is left`, {
    tool: tool.name,
    estimated_cost_usd: tool.costPerCallUsd,
    budget_remaining_usd: remaining,
  });
}

async function fail(
  invocation: CallScope,
  tool: Tool,
  hash: string,
  requested: LogEvent,
  error: unknown,
): Promise<Error> {
  const json = toolErrorToJson(tool.name, error);
  respond(invocation, requested, {
    behavior: invocation.behavior.name,
    tool: tool.name,
    args_hash: hash,
    error: json,
    cache_hit: false,
    latency_seconds: 0,
    cost_usd: '0',
  });
  await invocation.engine.journal.flush();
  return failureReason(error) === null ? toolErrorFromJson(json) : asError(error, json);
}

function respond(invocation: CallScope, requested: LogEvent, payload: JsonObject): void {
  invocation.engine.journal.append({
    type: 'tool.responded',
    actor: invocation.behavior.name,
    causedBy: requested.id,
    payload,
  });
}

function outcomeOf(payload: JsonObject): ToolAnswer {
  const outcome = toolOutcomeFromPayload(payload);
  if (outcome.ok) return outcome.answer;
  throw toolErrorFromJson(outcome.error);
}

function asError(error: unknown, json: JsonObject): Error {
  return error instanceof Error ? error : toolErrorFromJson(isJsonObject(json) ? json : {});
}
