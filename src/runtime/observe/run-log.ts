/** Decides which lines a run logs, of which event, at which level, and in whose name. */
import { docUrlOf, isJsonObject, type LogFacts, type LogLevel, type LogOutlet } from '../../base/index.ts';
import { isQueueVisible, type LogEvent } from '../../log/index.ts';
import { budgetReason } from '../budget.ts';
import { isCacheHit, numberOf, type Observed, reasonOf, type RunEar, textOf } from './observed.ts';

export class RunLog implements RunEar {
  readonly #runId: string;
  readonly #log: LogOutlet;

  constructor(runId: string, log: LogOutlet) {
    this.#runId = runId;
    this.#log = log;
  }

  observed(observed: Observed): void {
    const { event } = observed;
    switch (event.type) {
      case 'behavior.started':
      case 'relation_behavior.started':
        this.#ofBehavior('debug', 'behavior started', observed, {});
        return;
      case 'behavior.completed':
        this.#ofBehavior('debug', 'behavior completed', observed, {});
        return;
      case 'behavior.failed':
        this.#failed(observed);
        return;
      case 'llm.requested':
      case 'llm.responded':
        this.#ofModel(observed);
        return;
      case 'tool.requested':
      case 'tool.responded':
        this.#ofTool(observed);
        return;
      case 'runtime.idle':
        this.#write('debug', 'run idle', event, {});
        return;
      case 'runtime.budget_exhausted': {
        const reason = budgetReason(textOf(event, 'exhausted_by'));
        this.#write('warning', `budget exhausted: ${reason}`, event, { reason, doc_url: docUrlFor(reason) });
        return;
      }
    }
    if (isQueueVisible(event.type)) this.#write('info', 'event emitted', event, { event_type: event.type });
  }

  workedOff(): void {
    return;
  }

  /** The run can write no more. */
  closedBy(error: Error): void {
    const code: unknown = Reflect.get(error, 'code');
    this.#log.write('error', 'runlog.runtime', 'run closed: its events could not be stored', {
      run_id: this.#runId,
      error_type: error.name,
      error_message: summaryOf(error),
      ...(typeof code === 'string' ? { doc_url: docUrlOf(code) } : {}),
    });
  }

  #failed(observed: Observed): void {
    const { event } = observed;
    const reason = reasonOf(event);
    const isDiverged = reason === 'replay.diverged';
    const behavior = textOf(event, 'behavior');
    const message = `${isDiverged ? 'replay diverged' : 'behavior failed'}: ${behavior} (reason=${reason})`;
    this.#ofBehavior(isDiverged ? 'critical' : 'warning', message, observed, {
      reason,
      error_type: textOf(event, 'exception_type'),
      error_message: textOf(event, 'message'),
      doc_url: docUrlFor(reason),
    });
  }

  #ofBehavior(level: LogLevel, message: string, { event, seconds }: Observed, more: LogFacts): void {
    this.#log.write(level, 'runlog.runtime', message, {
      run_id: this.#runId,
      event_id: textOf(event, 'event_id'),
      behavior: textOf(event, 'behavior'),
      ...(seconds === null ? {} : { latency_seconds: seconds }),
      ...more,
    });
  }

  #ofModel({ event, model, seconds }: Observed): void {
    const isAnswer = event.type === 'llm.responded';
    const facts = this.#ofCall(event, seconds, isAnswer);
    const [level, message] = isAnswer ? (['info', 'model answered'] as const) : asked('model', event);
    this.#log.write(level, 'runlog.llm', message, { ...facts, model: model ?? textOf(event, 'model') });
  }

  #ofTool({ event, seconds }: Observed): void {
    const tool = textOf(event, 'tool');
    const isAnswer = event.type === 'tool.responded';
    const facts = { ...this.#ofCall(event, seconds, isAnswer), tool };
    const { error } = event.payload;
    if (error !== undefined && isJsonObject(error)) {
      const text = (field: string): string => {
        const value = error[field];
        return typeof value === 'string' ? value : '';
      };
      const reason = text('reason');
      this.#log.write('warning', `runlog.tools.${tool}`, `tool failed: ${tool} (reason=${reason})`, {
        ...facts,
        reason,
        error_type: text('exception_type') === '' ? 'ToolError' : text('exception_type'),
        error_message: text('message'),
        doc_url: docUrlFor(reason),
      });
      return;
    }
    const [level, message] = isAnswer ? (['info', 'tool answered'] as const) : asked('tool', event);
    this.#log.write(level, `runlog.tools.${tool}`, message, facts);
  }

  #ofCall(event: LogEvent, seconds: number | null, isAnswer: boolean): LogFacts {
    return {
      run_id: this.#runId,
      event_id: event.id,
      behavior: textOf(event, 'behavior'),
      cache_hit: isCacheHit(event),
      ...(isAnswer ? { cost_usd: numberOf(event, 'cost_usd') } : {}),
      ...(seconds === null ? {} : { latency_seconds: seconds }),
    };
  }

  #write(level: LogLevel, message: string, event: LogEvent, more: LogFacts): void {
    this.#log.write(level, 'runlog.runtime', message, { run_id: this.#runId, event_id: event.id, ...more });
  }
}

function asked(what: 'model' | 'tool', event: LogEvent): readonly ['debug', string] {
  return ['debug', isCacheHit(event) ? `recorded answer of ${what} served` : `${what} asked`];
}

/** The page that explains a reason. */
function docUrlFor(reason: string): string {
  const [area = ''] = reason.split('.');
  const page = { llm: 'llm-behavior-error', tool: 'tool-error', replay: 'replay-divergence-error' };
  return docUrlOf(new Map(Object.entries(page)).get(area) ?? 'execution-error');
}

function summaryOf(error: Error): string {
  const summary: unknown = Reflect.get(error, 'summary');
  return typeof summary === 'string' ? summary : error.message;
}
