/** Decides which metrics an event of a run moves. Where an event moves several, what is special comes before `events_emitted`. */
import { isJsonObject, type MetricsOutlet } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import {
  isCacheHit,
  numberOf,
  type Observed,
  reasonOf,
  type RunEar,
  textOf,
  type WorkedOff,
} from './observed.ts';

export class RunMetrics implements RunEar {
  readonly #runId: string;
  readonly #metrics: MetricsOutlet;

  constructor(runId: string, metrics: MetricsOutlet) {
    this.#runId = runId;
    this.#metrics = metrics;
  }

  observed(observed: Observed): void {
    this.#special(observed);
    const { event, queueDepth, remainingUsd } = observed;
    this.#metrics.count('runlog_events_emitted_total', { event_type: event.type });
    if (queueDepth !== null) this.#metrics.set('runlog_queue_depth', {}, queueDepth);
    if (remainingUsd !== null) this.remainingUsd(Number(remainingUsd));
  }

  workedOff({ queueDepth, remainingEvents }: WorkedOff): void {
    this.#metrics.set('runlog_queue_depth', {}, queueDepth);
    if (remainingEvents !== null) this.remainingEvents(remainingEvents);
  }

  remainingUsd(left: number): void {
    this.#metrics.set('runlog_budget_cost_remaining_usd', { run_id: this.#runId }, left);
  }

  remainingEvents(left: number): void {
    this.#metrics.set('runlog_budget_events_remaining', { run_id: this.#runId }, left);
  }

  conditionEvaluated(seconds: number): void {
    this.#metrics.count('runlog_patterns_evaluated_total', {});
    this.#metrics.observe('runlog_patterns_evaluation_duration_seconds', {}, seconds);
  }

  #special(observed: Observed): void {
    const { event } = observed;
    switch (event.type) {
      case 'behavior.started':
      case 'relation_behavior.started':
        this.#metrics.count('runlog_behaviors_invoked_total', { behavior: textOf(event, 'behavior') });
        return;
      case 'behavior.completed':
        this.#lasted(observed);
        return;
      case 'behavior.failed':
        this.#lasted(observed);
        this.#failed(observed);
        return;
      case 'llm.requested': {
        const model = textOf(event, 'model');
        if (isCacheHit(event)) this.#metrics.count('runlog_llm_cache_hits_total', { model });
        else this.#metrics.count('runlog_llm_calls_total', { model });
        return;
      }
      case 'llm.responded':
        if (!isCacheHit(event)) this.#modelAnswered(observed);
        return;
      case 'tool.requested': {
        const tool = textOf(event, 'tool');
        if (isCacheHit(event)) this.#metrics.count('runlog_tools_cache_hits_total', { tool });
        else this.#metrics.count('runlog_tools_calls_total', { tool });
        return;
      }
      case 'tool.responded':
        if (!isCacheHit(event)) this.#toolAnswered(observed);
        return;
    }
  }

  #lasted({ event, seconds }: Observed): void {
    if (seconds === null) return;
    const behavior = textOf(event, 'behavior');
    this.#metrics.observe('runlog_behaviors_duration_seconds', { behavior }, seconds);
  }

  #failed({ event, model }: Observed): void {
    const reason = reasonOf(event);
    const behavior = textOf(event, 'behavior');
    this.#metrics.count('runlog_behaviors_failed_total', { behavior, reason });
    if (reason.startsWith('llm.'))
      this.#metrics.count('runlog_llm_failed_total', { model: model ?? 'none', reason });
    if (reason === 'replay.diverged')
      this.#metrics.count('runlog_replay_divergence_detected_total', { reason: divergedIn(event) });
  }

  #modelAnswered({ event, model: asked }: Observed): void {
    const model = asked ?? textOf(event, 'model');
    this.#metrics.observe('runlog_llm_tokens_in', { model }, numberOf(event, 'input_tokens'));
    this.#metrics.observe('runlog_llm_tokens_out', { model }, numberOf(event, 'output_tokens'));
    this.#metrics.observe('runlog_llm_cost_usd', { model }, numberOf(event, 'cost_usd'));
  }

  #toolAnswered({ event, seconds }: Observed): void {
    const tool = textOf(event, 'tool');
    if (seconds !== null) this.#metrics.observe('runlog_tools_duration_seconds', { tool }, seconds);
    const { error } = event.payload;
    if (error === undefined || !isJsonObject(error)) return;
    const { reason } = error;
    const code = typeof reason === 'string' ? reason : 'tool.execution_error';
    this.#metrics.count('runlog_tools_failed_total', { tool, reason: code });
  }
}

/** In the words in which a verified run names its divergence. */
function divergedIn(event: LogEvent): string {
  return textOf(event, 'expected').startsWith('llm.requested') ? 'prompt_hash_mismatch' : 'payload_mismatch';
}
