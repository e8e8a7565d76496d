/** Decides how one tool call goes: gate, record the request, carry it out once, record the answer, check the answer. */
import { compareUsd, type JsonObject, type Usd, validate, zeroUsd } from '../../base/index.ts';
import {
  argsHash,
  type Tool,
  type ToolAnswer,
  toolAnswerToPayload,
  toolError,
  toolErrorFromJson,
  toolErrorToJson,
  toolOutcomeFromPayload,
} from '../../effects/index.ts';
import { intake, intakePayload, type LogEvent } from '../../log/index.ts';
import { budgetReason, exhaustedBy, remainingUsd, toolDimensions } from '../budget.ts';
import { idempotencyKey } from '../engine.ts';
import { unknownTool } from '../errors.ts';
import { budgetFailure } from './budget-failure.ts';
import type { CallScope } from './call-scope.ts';
import { checkStillOpen, untilClosed } from './waiting.ts';

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
  const recorded = invocation.recorded.take({
    type: 'tool.requested',
    hash,
    payload: () => ({ tool: tool.name, args }),
  });
  if (recorded?.response !== undefined) {
    invocation.toolRequestIds.push(recorded.request.id);
    return outcomeOf(recorded.response.payload);
  }
  const cached = engine.answers?.tool(hash) ?? null;
  if (recorded === null && cached === null) gate(invocation, tool);
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
  const call: Call = { invocation, tool, hash, requested };
  if (cached !== null) {
    respond(call, { ...cached, cache_hit: true });
    return outcomeOf(cached);
  }
  if (!checked.ok) throw await fail(call, checked.error, zeroUsd);
  return perform(call, args);
}

/** A call whose request is in the log. */
interface Call {
  readonly invocation: CallScope;
  readonly tool: Tool;
  readonly hash: string;
  readonly requested: LogEvent;
}

async function perform(call: Call, args: JsonObject): Promise<ToolAnswer> {
  const { invocation, tool, requested } = call;
  const { engine } = invocation;
  await invocation.beforeOutside();
  const context = {
    behavior: invocation.behavior.name,
    eventId: invocation.event.id,
    idempotencyKey: idempotencyKey(engine, requested.id),
    timeoutMs: tool.timeoutMs,
    signal: engine.signal,
  };
  let costUsd: Usd = zeroUsd;
  let answer: ToolAnswer;
  try {
    const ask = (): Promise<ToolAnswer> => engine.invoker.invoke(tool, args, context);
    const { observer } = engine;
    const given = await untilClosed(engine, observer === null ? ask() : observer.calling(ask));
    // A tool that did its work is paid for, also when its answer is refused.
    costUsd = given.costUsd;
    answer = { ...given, output: checkOutput(tool, given) };
  } catch (error) {
    checkStillOpen(engine);
    throw await fail(call, error, costUsd);
  }
  respond(call, { ...toolAnswerToPayload(answer), cache_hit: false, deterministic: tool.deterministic });
  await engine.journal.flush();
  return answer;
}

/** A behavior calls what it lists; inside a pack the short name will do. */
function resolveTool({ engine, behavior }: CallScope, name: string): Tool {
  const declared = behavior.tools.map((tool) => (typeof tool === 'string' ? tool : tool.name));
  const canonical = behavior.owner === null ? name : `${behavior.owner}.${name}`;
  const full =
    declared.find((candidate) => candidate === name) ?? declared.find((candidate) => candidate === canonical);
  const tool = full === undefined ? undefined : engine.tools.get(full);
  if (tool !== undefined) return tool;
  throw unknownTool({ behavior: behavior.name, tool: name, declared });
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

function gate({ engine }: CallScope, tool: Tool): void {
  const { budget, state, journal } = engine;
  const exhausted = exhaustedBy(budget, state.usage, journal.nowMs(), toolDimensions);
  if (exhausted !== null) {
    const message = `the budget is used up (${exhausted}): no call is left for '${tool.name}'`;
    throw budgetFailure(budgetReason(exhausted), message, { tool: tool.name });
  }
  const remaining = remainingUsd(budget, state.usage);
  if (remaining === null || compareUsd(tool.costPerCallUsd, remaining) <= 0) return;
  throw budgetFailure('budget.cost_exhausted', `a call of '${tool.name}' costs more than is left`, {
    tool: tool.name,
    estimated_cost_usd: tool.costPerCallUsd,
    budget_remaining_usd: remaining,
  });
}

async function fail(call: Call, error: unknown, costUsd: Usd): Promise<Error> {
  const json = intakePayload(toolErrorToJson(call.tool.name, error)).value;
  respond(call, { error: json, cache_hit: false, latency_seconds: 0, cost_usd: costUsd });
  await call.invocation.engine.journal.flush();
  // What a handler catches is what the record gives, now and whenever it is repeated.
  return toolErrorFromJson(json);
}

function respond({ invocation, tool, hash, requested }: Call, answer: JsonObject): void {
  const { name } = invocation.behavior;
  const asked = { behavior: name, tool: tool.name, args_hash: hash };
  invocation.engine.journal.append({
    type: 'tool.responded',
    actor: name,
    causedBy: requested.id,
    // An answer of another run says who asked there; its place among the keys is kept.
    payload: { ...asked, ...answer, ...asked },
  });
}

function outcomeOf(payload: JsonObject): ToolAnswer {
  const outcome = toolOutcomeFromPayload(payload);
  if (outcome.ok) return outcome.answer;
  throw toolErrorFromJson(outcome.error);
}
