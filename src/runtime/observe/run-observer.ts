/**
 * Decides when a run is told of to those who observe it: what happens is noted with its time when it is appended, and told when it
 * is durable, in order. So no log, metric or span knows of an event that a crash took back.
 */
import {
  type Logger,
  LogOutlet,
  type Metrics,
  MetricsOutlet,
  redactor as builtInRedactor,
  type Redactor,
  type Tracing,
  TracingOutlet,
} from '../../base/index.ts';
import { isQueueVisible, type LogEvent } from '../../log/index.ts';
import { type Budget, remainingUsd } from '../budget.ts';
import type { RuntimePlatform } from '../platform.ts';
import type { Witness } from '../run/journal.ts';
import type { RunState } from '../run/run-state.ts';
import { isCacheHit, type Noted, type Observed, type RunEar, textOf, type WorkedOff } from './observed.ts';
import { RunLog } from './run-log.ts';
import { RunMetrics } from './run-metrics.ts';
import { RunSpans } from './run-spans.ts';

/** Who observes a run; nobody by default. */
export interface ObserveOptions {
  /** Counts, durations and gauges, by the names in `metricTable` of `runlog/base`. */
  readonly metrics?: Metrics;
  /** Gets a line for what happens; a logger of pino fits. */
  readonly logger?: Logger;
  /** A span for each drive, invocation and call. */
  readonly tracing?: Tracing;
  /** Takes secrets out of lines and spans: the built-in patterns by default, `null` for nothing. */
  readonly observeRedactor?: Redactor | null;
}

interface ObservedRun {
  readonly runId: string;
  readonly platform: RuntimePlatform;
  readonly state: RunState;
  readonly budget: Budget;
}

/** `null` when nobody observes, so that a run that is not observed does nothing for it. */
export function openObserver(options: ObserveOptions, run: ObservedRun): RunObserver | null {
  const { metrics, logger, tracing } = options;
  if (metrics === undefined && logger === undefined && tracing === undefined) return null;
  const { observeRedactor: redactor = builtInRedactor() } = options;
  const { runId } = run;
  const { warn } = run.platform;
  return new RunObserver(run, {
    metrics: metrics === undefined ? null : new RunMetrics(runId, new MetricsOutlet(metrics, warn)),
    log: logger === undefined ? null : new RunLog(runId, new LogOutlet({ logger, redactor, warn })),
    spans: tracing === undefined ? null : new RunSpans(runId, new TracingOutlet(tracing, redactor, warn)),
  });
}

interface Ears {
  readonly metrics: RunMetrics | null;
  readonly log: RunLog | null;
  readonly spans: RunSpans | null;
}

interface Request {
  readonly atMs: number;
  readonly model: string | null;
}

export class RunObserver implements Witness {
  readonly #run: ObservedRun;
  readonly #ears: Ears;
  readonly #all: readonly RunEar[];
  readonly #nowMs: () => number;
  #notes: (Noted | WorkedOff)[] = [];
  #startedMs: number | null = null;
  #model: string | null = null;
  readonly #requests = new Map<string, Request>();

  constructor(run: ObservedRun, ears: Ears) {
    this.#run = run;
    this.#ears = ears;
    this.#all = [ears.metrics, ears.log, ears.spans].filter((ear) => ear !== null);
    this.#nowMs = run.platform.preciseMs ?? run.platform.nowMs;
  }

  before(): void {
    return;
  }

  /** Notes what was appended. */
  after(event: LogEvent): void {
    const { state, budget } = this.#run;
    const isPaid = event.type.endsWith('.responded') && !isCacheHit(event);
    this.#notes.push({
      event,
      atMs: this.#nowMs(),
      queueDepth: isQueueVisible(event.type) ? state.queueDepth : null,
      remainingUsd: isPaid ? remainingUsd(budget, state.usage) : null,
    });
  }

  /** Notes that an event of the queue is done with. */
  workedOff(): void {
    this.#notes.push({ queueDepth: this.#run.state.queueDepth, remainingEvents: this.#remainingEvents() });
  }

  /** Tells of the next events, which are durable now. */
  durable(events: number): void {
    let left = events;
    let told = 0;
    for (const note of this.#notes) {
      if ('event' in note) {
        if (left === 0) break;
        left -= 1;
        const observed = this.#observed(note);
        for (const ear of this.#all) ear.observed(observed);
      } else for (const ear of this.#all) ear.workedOff(note);
      told += 1;
    }
    this.#notes = told === this.#notes.length ? [] : this.#notes.slice(told);
  }

  driveBegan(): void {
    const { metrics, spans } = this.#ears;
    spans?.driveBegan(this.#nowMs());
    const { budget, state } = this.#run;
    const [usd, events] = [remainingUsd(budget, state.usage), this.#remainingEvents()];
    if (usd !== null) metrics?.remainingUsd(Number(usd));
    if (events !== null) metrics?.remainingEvents(events);
  }

  driveEnded(): void {
    this.durable(0);
    this.#ears.spans?.driveEnded(this.#nowMs());
  }

  /** Evaluates a condition on the graph, and tells how long that took. */
  condition<Result>(evaluate: () => Result): Result {
    const { metrics } = this.#ears;
    if (metrics === null) return evaluate();
    const beganMs = this.#nowMs();
    try {
      return evaluate();
    } finally {
      metrics.conditionEvaluated(Math.max(0, this.#nowMs() - beganMs) / 1000);
    }
  }

  /** Asks the world, with the span of the call as the active one. */
  calling<Result>(ask: () => Result): Result {
    const { spans } = this.#ears;
    return spans === null ? ask() : spans.within(ask);
  }

  /** The run can write no more. */
  closedBy(error: Error): void {
    this.#ears.log?.closedBy(error);
  }

  #remainingEvents(): number | null {
    const { budget, state } = this.#run;
    return budget.maxEvents === undefined ? null : Math.max(0, budget.maxEvents - state.usage.events);
  }

  #observed(note: Noted): Observed {
    const { event, atMs } = note;
    let sinceMs: number | null = null;
    switch (event.type) {
      case 'behavior.started':
      case 'relation_behavior.started':
        this.#startedMs = atMs;
        this.#model = null;
        break;
      case 'behavior.completed':
      case 'behavior.failed':
        sinceMs = this.#startedMs;
        this.#startedMs = null;
        this.#requests.clear();
        break;
      case 'llm.requested':
        this.#model = textOf(event, 'model');
        this.#requests.set(event.id, { atMs, model: this.#model });
        break;
      case 'tool.requested':
        this.#requests.set(event.id, { atMs, model: null });
        break;
      case 'llm.responded':
      case 'tool.responded':
        sinceMs = this.#requests.get(event.causedBy ?? '')?.atMs ?? null;
        break;
    }
    const seconds = sinceMs === null ? null : Math.max(0, atMs - sinceMs) / 1000;
    const model = this.#requests.get(event.causedBy ?? '')?.model ?? this.#model;
    return { ...note, seconds, model };
  }
}
