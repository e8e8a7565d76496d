/** Decides how one question is put to a model: recorded before it is put, served from a record where there is one, answered once. */
import { compareUsd, isStructuredError, type JsonObject, zeroUsd } from '../../base/index.ts';
import {
  failureReason,
  llmError,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
  parseStructured,
  requestHash,
  requestToJson,
  responseFromPayload,
  responseToPayload,
} from '../../effects/index.ts';
import { intake, intakePayload, type LogEvent } from '../../log/index.ts';
import type { LlmPart } from '../behavior.ts';
import { budgetReason, exhaustedBy, modelDimensions, remainingUsd } from '../budget.ts';
import { idempotencyKey } from '../engine.ts';
import { budgetFailure } from './budget-failure.ts';
import type { CallScope } from './call-scope.ts';
import { inTime } from './in-time.ts';
import { checkStillOpen, untilClosed } from './waiting.ts';

export interface Turn {
  readonly llm: LlmPart;
  readonly provider: ModelProvider;
  readonly request: ModelRequest;
  readonly index: number;
  /** The request of the turn before. */
  readonly previousId: string | null;
}

export interface Asked {
  readonly requested: LogEvent;
  readonly response: ModelResponse;
  /** The parsed answer, or why there is none; `null` when no form was asked for or the model wants tools first. */
  readonly parsed: ReturnType<typeof parseStructured> | null;
}

/** Throws a failure with a reason. What was asked and answered by then is in the log. */
export async function askTurn(invocation: CallScope, turn: Turn): Promise<Asked> {
  const { engine } = invocation;
  const hash = requestHash(turn.request, engine.platform.sha256);
  const recorded = invocation.recorded.take({
    type: 'llm.requested',
    hash,
    payload: () => ({ prompt: requestToJson(turn.request) }),
  });
  if (recorded?.response !== undefined) {
    invocation.llmRequestId ??= recorded.request.id;
    const response = responseFromPayload(recorded.response.payload, { where: recorded.response.id });
    return { requested: recorded.request, response, parsed: parse(turn.llm, response) };
  }
  const cached = engine.answers?.model(hash) ?? null;
  const requested = recorded?.request ?? (await writeRequest(invocation, turn, hash, cached !== null));
  invocation.llmRequestId ??= requested.id;
  const response =
    cached === null
      ? recordable(await complete(invocation, turn, requested), turn.request.model)
      : responseFromPayload(cached, { where: `the recorded answer to ${hash}` });
  const parsed = parse(turn.llm, response);
  engine.journal.append({
    type: 'llm.responded',
    actor: invocation.behavior.name,
    causedBy: requested.id,
    payload: {
      ...responseToPayload(response),
      parsed: parsed?.ok === true ? intake(parsed.value).value : null,
      cache_hit: cached !== null,
      behavior: invocation.behavior.name,
      prompt_hash: hash,
      turn_index: turn.index,
    },
  });
  if (cached === null) await engine.journal.flush();
  return { requested, response, parsed };
}

/**
 * What a provider hands over, as the log will keep it. An answer that cannot be written down, or whose cost is no amount, is a
 * fault of the provider, and is named as one.
 */
function recordable(response: ModelResponse, model: string): ModelResponse {
  let problem: string;
  try {
    const taken = responseFromPayload(intakePayload(responseToPayload(response)).value, {
      where: 'the answer of the provider',
    });
    if (compareUsd(taken.costUsd, zeroUsd) >= 0) return taken;
    problem = `it costs ${taken.costUsd}`;
  } catch (error) {
    problem = isStructuredError(error)
      ? error.summary
      : error instanceof Error
        ? error.message
        : 'it is no answer';
  }
  throw llmError('llm.request_error', `the provider answered what cannot be recorded: ${problem}`, { model });
}

/** Throws when no model call is left in the budget. */
export function checkModelBudget({ engine }: CallScope): void {
  const { budget, state, journal } = engine;
  const exhausted = exhaustedBy(budget, state.usage, journal.nowMs(), modelDimensions);
  if (exhausted === null) return;
  throw budgetFailure(budgetReason(exhausted), `the budget is used up (${exhausted})`, {});
}

/** An answer that is recorded already costs nothing, so nobody has to allow it. */
async function writeRequest(
  invocation: CallScope,
  { provider, request, index, previousId }: Turn,
  hash: string,
  isCached: boolean,
): Promise<LogEvent> {
  const { engine, behavior, event } = invocation;
  if (!isCached) checkModelBudget(invocation);
  const estimate = isCached ? {} : await costGate(invocation, provider, request);
  return engine.journal.append({
    type: 'llm.requested',
    actor: behavior.name,
    causedBy: previousId ?? event.id,
    payload: {
      behavior: behavior.name,
      model: request.model,
      prompt_hash: hash,
      deterministic: request.temperature === 0 && request.topP === 1,
      cache_hit: isCached,
      turn_index: index,
      prompt_normalized: true,
      ...(index === 0 ? { prompt: requestToJson(request) } : {}),
      ...estimate,
    },
  });
}

async function complete(
  invocation: CallScope,
  { llm, provider, request }: Turn,
  requested: LogEvent,
): Promise<ModelResponse> {
  const { engine } = invocation;
  await invocation.beforeOutside();
  const { model } = request;
  const { timeoutMs } = llm;
  const key = idempotencyKey(engine, requested.id);
  return outside(invocation, { model }, async () =>
    inTime(engine, { timeoutMs, model }, async (signal) =>
      provider.complete(request, { signal, timeoutMs, idempotencyKey: key }),
    ),
  );
}

/** Refuses a call that could cost more than is left. Only a run with a cost limit asks for the count of tokens. */
async function costGate(
  invocation: CallScope,
  provider: ModelProvider,
  request: ModelRequest,
): Promise<JsonObject> {
  const { budget, state } = invocation.engine;
  const remaining = remainingUsd(budget, state.usage);
  if (remaining === null) return {};
  await invocation.beforeOutside();
  const { model, maxTokens: outputTokens } = request;
  const phase = { phase: 'count_tokens', model };
  const inputTokens = await outside(invocation, phase, () => provider.countTokens(request));
  const estimate = provider.estimateCost({ model, inputTokens, outputTokens });
  if (compareUsd(estimate, remaining) > 0) {
    const message = `the call may cost ${estimate} US dollars, ${remaining} are left`;
    const extras = { estimated_cost_usd: estimate, budget_remaining_usd: remaining, model };
    throw budgetFailure('budget.cost_exhausted', message, extras);
  }
  return {
    estimated_input_tokens: inputTokens,
    estimated_cost_usd: estimate,
    budget_remaining_usd: remaining,
  };
}

/** A provider's failure that has no reason of its own is one of the network. The end of the runtime is no failure. */
async function outside<Answer>(
  { engine }: CallScope,
  extras: JsonObject,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const { observer } = engine;
    return await untilClosed(engine, observer === null ? ask() : observer.calling(ask));
  } catch (error) {
    checkStillOpen(engine);
    if (failureReason(error) !== null) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw llmError('llm.network_error', message, extras, error);
  }
}

function parse(llm: LlmPart, response: ModelResponse): Asked['parsed'] {
  if (llm.outputSchema === null || response.failure !== undefined) return null;
  if (response.toolCalls !== null && response.toolCalls.length > 0) return null;
  return parseStructured(response.rawText, llm.outputSchema, llm.outputForm?.name);
}
