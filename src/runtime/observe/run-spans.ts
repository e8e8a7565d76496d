/**
 * Decides which spans a run has: one for each time that it is driven, below it one for each invocation, and below that one for
 * each question to a model and each tool call that really goes out.
 */
import {
  attributeNames as names,
  isJsonObject,
  type OpenSpan,
  operationNames,
  type SpanAttributes,
  spanNames,
  type Tracing,
} from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { isCacheHit, numberOf, type Observed, reasonOf, type RunEar, textOf } from './observed.ts';

export class RunSpans implements RunEar {
  readonly #runId: string;
  readonly #tracing: Tracing;
  #run: OpenSpan | null = null;
  #behavior: OpenSpan | null = null;
  #call: OpenSpan | null = null;

  constructor(runId: string, tracing: Tracing) {
    this.#runId = runId;
    this.#tracing = tracing;
  }

  driveBegan(atMs: number): void {
    const attributes = { [names.runId]: this.#runId };
    this.#run = this.#tracing.startSpan({
      name: spanNames.run(),
      kind: 'internal',
      attributes,
      parent: null,
      startMs: atMs,
    });
  }

  /** What is still open by then was interrupted: it goes on in another process. */
  driveEnded(atMs: number): void {
    this.#call?.end(atMs);
    this.#behavior?.end(atMs);
    this.#run?.end(atMs);
    [this.#run, this.#behavior, this.#call] = [null, null, null];
  }

  /** Does the work with the call that is under way as the active span. */
  within<Result>(work: () => Result): Result {
    const active = this.#call ?? this.#behavior ?? this.#run;
    return active === null ? work() : active.within(work);
  }

  observed(observed: Observed): void {
    const { event, atMs } = observed;
    switch (event.type) {
      case 'behavior.started':
      case 'relation_behavior.started':
        this.#behavior = this.#started(event, atMs);
        return;
      case 'behavior.completed':
        this.#endBehavior(atMs);
        return;
      case 'behavior.failed':
        this.#call?.fail(reasonOf(event), textOf(event, 'message'));
        this.#behavior?.fail(reasonOf(event), textOf(event, 'message'));
        this.#endBehavior(atMs);
        return;
      case 'llm.requested':
        if (!isCacheHit(event)) this.#asked(event, atMs);
        return;
      case 'tool.requested':
        if (!isCacheHit(event)) this.#called(event, atMs);
        return;
      case 'llm.responded':
        this.#modelAnswered(event, atMs);
        return;
      case 'tool.responded':
        this.#toolAnswered(event, atMs);
        return;
    }
  }

  workedOff(): void {
    return;
  }

  #started(event: LogEvent, startMs: number): OpenSpan {
    const behavior = textOf(event, 'behavior');
    const attributes = {
      [names.runId]: this.#runId,
      [names.behavior]: behavior,
      [names.eventId]: textOf(event, 'event_id'),
      [names.eventType]: textOf(event, 'triggering_event_type'),
    };
    const name = spanNames.behavior(behavior);
    return this.#tracing.startSpan({ name, kind: 'internal', attributes, parent: this.#run, startMs });
  }

  #endBehavior(atMs: number): void {
    this.#call?.end(atMs);
    this.#behavior?.end(atMs);
    [this.#behavior, this.#call] = [null, null];
  }

  #asked(event: LogEvent, startMs: number): void {
    const model = textOf(event, 'model');
    this.#open(spanNames.chat(model), startMs, {
      [names.operation]: operationNames.chat,
      [names.requestModel]: model,
      ...this.#common(event),
    });
  }

  #called(event: LogEvent, startMs: number): void {
    const tool = textOf(event, 'tool');
    const call = textOf(event, 'call_id');
    this.#open(spanNames.tool(tool), startMs, {
      [names.operation]: operationNames.tool,
      [names.toolName]: tool,
      ...(call === '' ? {} : { [names.toolCall]: call }),
      ...this.#common(event),
    });
  }

  #common(event: LogEvent): SpanAttributes {
    return {
      [names.conversation]: this.#runId,
      [names.behavior]: textOf(event, 'behavior'),
      [names.eventId]: event.id,
    };
  }

  #open(name: string, startMs: number, attributes: SpanAttributes): void {
    const parent = this.#behavior ?? this.#run;
    this.#call = this.#tracing.startSpan({ name, kind: 'client', attributes, parent, startMs });
  }

  #modelAnswered(event: LogEvent, atMs: number): void {
    const { failure } = event.payload;
    this.#call?.set({
      [names.responseModel]: textOf(event, 'model'),
      [names.inputTokens]: numberOf(event, 'input_tokens'),
      [names.outputTokens]: numberOf(event, 'output_tokens'),
      [names.finishReasons]: [textOf(event, 'finish_reason')],
      [names.costUsd]: numberOf(event, 'cost_usd'),
    });
    this.#answered(failure, atMs);
  }

  #toolAnswered(event: LogEvent, atMs: number): void {
    this.#call?.set({ [names.costUsd]: numberOf(event, 'cost_usd') });
    this.#answered(event.payload['error'], atMs);
  }

  #answered(failure: LogEvent['payload'][string] | undefined, atMs: number): void {
    if (failure !== undefined && isJsonObject(failure)) {
      const { reason, message } = failure;
      this.#call?.fail(
        typeof reason === 'string' ? reason : 'failed',
        typeof message === 'string' ? message : '',
      );
    }
    this.#call?.end(atMs);
    this.#call = null;
  }
}
