/**
 * Decides how the outside of a run is played from its record: models and tools answer what they answered, under the same
 * keys, and nobody else is asked.
 */
import { errorClass, ExecutionError, isJsonObject, type JsonObject, type Schema } from '../../base/index.ts';
import {
  type ModelProvider,
  type RecordedAnswers,
  responseFromPayload,
  type Tool,
  toolErrorFromJson,
  type ToolInvoker,
  toolOutcomeFromPayload,
} from '../../effects/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { idempotencyKey } from '../engine.ts';
import type { RuntimePlatform } from '../platform.ts';
import type { Outcome, RecordedRun } from './recorded-run.ts';

export interface RecordedWorldOptions {
  readonly record: RecordedRun;
  readonly platform: RuntimePlatform;
  /** How far the repetition is. */
  readonly seq: () => number;
  /** Ends the repetition: the record holds no answer, and never will. */
  readonly onSilence: () => Error;
  /** Stands for behaviors that name no model; `null` when only the record of the calls can tell. */
  readonly defaultModel: () => string | null;
}

export class RecordedWorld {
  readonly model: ModelProvider;
  readonly invoker: ToolInvoker;
  /** Answers that the run itself took from elsewhere, as a fork does from its parent. */
  readonly answers: RecordedAnswers;
  readonly #options: RecordedWorldOptions;
  readonly #requests: ReadonlyMap<string, string>;

  constructor(options: RecordedWorldOptions) {
    this.#options = options;
    const { record, platform } = options;
    const asked = record.events.filter(({ type }) => type === 'llm.requested' || type === 'tool.requested');
    const named = { platform, runId: record.runId };
    this.#requests = new Map(asked.map(({ id }) => [idempotencyKey(named, id), id]));
    this.model = this.#modelOf();
    this.invoker = { invoke: async (_tool, _args, context) => this.#toolAnswer(context.idempotencyKey) };
    this.answers = {
      model: () => this.#servedFrom('llm'),
      tool: () => this.#servedFrom('tool'),
    };
  }

  /** A tool whose answers are whole recorded payloads: what was checked when it answered is not checked again. */
  tool(tool: Tool): Tool {
    return Object.freeze({ ...tool, outputSchema: recordedOutput });
  }

  #modelOf(): ModelProvider {
    const next = (): LogEvent | undefined => this.#next();
    const defaultModel = (): string => this.#options.defaultModel() ?? this.#nearestModel();
    return {
      get defaultModel() {
        return defaultModel();
      },
      recognizesModel: () => true,
      complete: async (_request, { idempotencyKey: key }) => {
        const { kind, payload } = this.#outcome(key);
        if (kind === 'failed') throw failureFrom(payload);
        return responseFromPayload(payload);
      },
      countTokens: async () => {
        const { estimated_input_tokens: tokens, phase } = next()?.payload ?? {};
        if (phase === 'count_tokens') throw failureFrom(next()?.payload ?? {});
        return typeof tokens === 'number' ? tokens : 0;
      },
      estimateCost: () => {
        const estimated = next()?.payload['estimated_cost_usd'];
        return typeof estimated === 'string' ? estimated : '0';
      },
    };
  }

  #toolAnswer(key: string): Awaited<ReturnType<ToolInvoker['invoke']>> {
    const { payload } = this.#outcome(key);
    const { cost_usd: cost, latency_seconds: latency } = payload;
    return {
      output: payload,
      costUsd: typeof cost === 'string' ? cost : '0',
      latencySeconds: typeof latency === 'number' ? latency : 0,
    };
  }

  #outcome(key: string): Outcome {
    const requestId = this.#requests.get(key);
    const outcome = requestId === undefined ? null : this.#options.record.outcomeOf(requestId);
    if (outcome === null) throw this.#options.onSilence();
    return outcome;
  }

  /** The answer to what is asked now, if the run did not ask the outside for it. */
  #servedFrom(kind: 'llm' | 'tool'): JsonObject | null {
    const next = this.#next();
    if (next?.payload['cache_hit'] !== true) return null;
    if (next.type === `${kind}.responded`) return next.payload;
    const outcome = next.type === `${kind}.requested` ? this.#options.record.outcomeOf(next.id) : null;
    return outcome?.kind === 'answered' ? outcome.payload : null;
  }

  /** The model that was asked next, or last when an invocation is taken up behind its question. */
  #nearestModel(): string {
    const { record, seq } = this.#options;
    const next = this.#next();
    const asked =
      next?.type === 'llm.requested'
        ? next
        : record.events.slice(0, seq()).findLast(({ type }) => type === 'llm.requested');
    const model = asked?.payload['model'];
    return typeof model === 'string' ? model : '';
  }

  #next(): LogEvent | undefined {
    const { record, seq } = this.#options;
    return record.nextOwn(seq());
  }
}

const recordedOutput: Schema = Object.freeze({
  '~standard': Object.freeze({
    version: 1,
    vendor: 'runlog',
    validate: (payload: unknown) => {
      const outcome = toolOutcomeFromPayload(isJsonObject(payload) ? payload : {});
      if (!outcome.ok) throw toolErrorFromJson(outcome.error);
      return { value: outcome.answer.output };
    },
  }),
});

/** What a provider threw, as far as the log tells: its name, its reason and what came with it. */
function failureFrom(payload: JsonObject): Error {
  const {
    behavior: _behavior,
    event_id: _event,
    relation_id: _relation,
    traceback: _traceback,
    exception_type: name,
    message,
    reason,
    ...extras
  } = payload;
  const Recorded = errorClass(typeof name === 'string' ? name : 'Error', ExecutionError);
  const text = typeof message === 'string' ? message : '';
  return new Recorded({
    summary: text,
    whatFailed: text,
    why: 'The model failed when the run was driven, and fails the same way in its repetition.',
    howToFix: 'Nothing is wrong with the repetition.',
    context: { reason: reason ?? 'llm.network_error', message: text, payload_extras: extras },
  });
}
