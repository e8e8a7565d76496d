/**
 * Decides which metrics there are: name, kind, tags, unit and meaning. The id of a run may stand on a gauge alone: on a counter
 * or a histogram every run would leave a series behind for ever.
 */

/** Tags whose values are bounded by the program: by its behaviors, tools, models and the codes of this package. */
export type BoundedTag = 'agent' | 'behavior' | 'event_type' | 'model' | 'reason' | 'status' | 'tool';

interface Described {
  readonly help: string;
}

/** Counts up; its name ends in `_total`. */
export interface CounterSpec extends Described {
  readonly kind: 'counter';
  readonly tags: readonly BoundedTag[];
}

/** How something spreads, in its unit. */
export interface HistogramSpec extends Described {
  readonly kind: 'histogram';
  readonly unit: HistogramUnit;
  readonly tags: readonly BoundedTag[];
}

/** How it stands now. The series of a run ends with the process. */
export interface GaugeSpec extends Described {
  readonly kind: 'gauge';
  readonly tags: readonly (BoundedTag | 'run_id')[];
}

/** One row of the table of metrics: kind, help, labels, and unit of a histogram. */
export type MetricSpec = CounterSpec | HistogramSpec | GaugeSpec;
/** What the values of a histogram are measured in. */
export type HistogramUnit = 'seconds' | 'tokens' | 'usd';

/** Upper bounds of the classes of a histogram, for backends that need them beforehand. */
export const histogramBounds: Readonly<Record<HistogramUnit, readonly number[]>> = Object.freeze({
  seconds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
  tokens: [10, 50, 100, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000],
  usd: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 50],
});

/** Every metric of runs. */
export const runMetrics = {
  runlog_events_emitted_total: {
    kind: 'counter',
    tags: ['event_type'],
    help: 'Events that became durable.',
  },
  runlog_behaviors_invoked_total: {
    kind: 'counter',
    tags: ['behavior'],
    help: 'Invocations of behaviors that were started.',
  },
  runlog_behaviors_failed_total: {
    kind: 'counter',
    tags: ['behavior', 'reason'],
    help: 'Invocations that failed, by reason code; exception.Class for what has none.',
  },
  runlog_behaviors_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    tags: ['behavior'],
    help: 'Time from the start of an invocation to its end, calls included.',
  },
  runlog_llm_calls_total: {
    kind: 'counter',
    tags: ['model'],
    help: 'Questions that were put to a model; answers from a record are not counted.',
  },
  runlog_llm_cache_hits_total: {
    kind: 'counter',
    tags: ['model'],
    help: 'Questions that a recorded answer was served for.',
  },
  runlog_llm_failed_total: {
    kind: 'counter',
    tags: ['model', 'reason'],
    help: 'Invocations that failed with a reason llm.*, by model.',
  },
  runlog_llm_tokens_in: {
    kind: 'histogram',
    unit: 'tokens',
    tags: ['model'],
    help: 'Input tokens of one question.',
  },
  runlog_llm_tokens_out: {
    kind: 'histogram',
    unit: 'tokens',
    tags: ['model'],
    help: 'Output tokens of one answer.',
  },
  runlog_llm_cost_usd: {
    kind: 'histogram',
    unit: 'usd',
    tags: ['model'],
    help: 'Cost of one answer in US dollars.',
  },
  runlog_tools_calls_total: {
    kind: 'counter',
    tags: ['tool'],
    help: 'Tool calls that were carried out; answers from a record are not counted.',
  },
  runlog_tools_cache_hits_total: {
    kind: 'counter',
    tags: ['tool'],
    help: 'Tool calls that a recorded answer was served for.',
  },
  runlog_tools_failed_total: {
    kind: 'counter',
    tags: ['tool', 'reason'],
    help: 'Tool calls that failed, by reason code.',
  },
  runlog_tools_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    tags: ['tool'],
    help: 'Time from the request of a tool call to its answer.',
  },
  runlog_queue_depth: {
    kind: 'gauge',
    tags: [],
    help: 'Events that wait to be worked off, in the run that was heard of last.',
  },
  runlog_budget_cost_remaining_usd: {
    kind: 'gauge',
    tags: ['run_id'],
    help: 'What is left of maxCostUsd.',
  },
  runlog_budget_events_remaining: {
    kind: 'gauge',
    tags: ['run_id'],
    help: 'What is left of maxEvents.',
  },
  runlog_patterns_evaluated_total: {
    kind: 'counter',
    tags: [],
    help: 'Conditions of behaviors on the graph that were evaluated.',
  },
  runlog_patterns_evaluation_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    tags: [],
    help: 'Time that one such condition took.',
  },
  runlog_replay_divergence_detected_total: {
    kind: 'counter',
    tags: ['reason'],
    help: 'Resumed invocations and verified runs that did not repeat their record.',
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

/** Every metric of agent sessions. */
export const sessionMetrics = {
  runlog_session_runs_started_total: {
    kind: 'counter',
    tags: ['agent'],
    help: 'Runs of agents that began.',
  },
  runlog_session_runs_ended_total: {
    kind: 'counter',
    tags: ['agent', 'status'],
    help: 'Runs of agents that ended, by how.',
  },
  runlog_session_run_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    tags: ['agent'],
    help: 'Time from the begin of a run of an agent to its end.',
  },
  runlog_session_run_cost_usd: {
    kind: 'histogram',
    unit: 'usd',
    tags: ['agent'],
    help: 'Cost of one run of an agent in US dollars, where it is known.',
  },
  runlog_session_events_persisted_total: {
    kind: 'counter',
    tags: ['event_type'],
    help: 'Events of agents that the pipeline stored.',
  },
  runlog_session_events_rejected_total: {
    kind: 'counter',
    tags: [],
    help: 'Events of agents that the pipeline refused or could not store.',
  },
  runlog_session_events_redacted_total: {
    kind: 'counter',
    tags: ['event_type'],
    help: 'Events of agents that secrets were taken out of.',
  },
  runlog_session_queue_depth: {
    kind: 'gauge',
    tags: [],
    help: 'Runs that wait in the session server that was heard of last.',
  },
  runlog_session_router_attempts_total: {
    kind: 'counter',
    tags: ['agent', 'status'],
    help: 'Attempts of a router with one of its agents that ended, by how.',
  },
  runlog_session_router_attempt_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    tags: ['agent'],
    help: 'Time of one attempt of a router.',
  },
  runlog_session_maintenance_total: {
    kind: 'counter',
    tags: ['status'],
    help: 'Maintenance of sessions that ended: completed, failed in part, stopped.',
  },
  runlog_session_maintenance_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    tags: [],
    help: 'Time of one maintenance of sessions.',
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

/** Every metric of the package. */
export const metricTable = Object.freeze({ ...runMetrics, ...sessionMetrics });

/** Names of all metrics that are emitted. */
export type MetricName = keyof typeof metricTable;
type OfKind<Kind extends MetricSpec['kind']> = {
  [Name in MetricName]: (typeof metricTable)[Name] extends { readonly kind: Kind } ? Name : never;
}[MetricName];
/** Names of the metrics that only grow. */
export type CounterName = OfKind<'counter'>;
/** Names of the metrics that are distributions; their values are in the unit of their row. */
export type HistogramName = OfKind<'histogram'>;
/** Names of the metrics that go up and down. */
export type GaugeName = OfKind<'gauge'>;

/** Exactly the tags of a metric. */
export type TagsOf<Name extends MetricName> = Readonly<
  Record<(typeof metricTable)[Name]['tags'][number], string>
>;

/** The description of a metric by its name; `undefined` for one that is not the package's own. */
export function metricSpec(name: string): MetricSpec | undefined {
  return new Map<string, MetricSpec>(Object.entries(metricTable)).get(name);
}

const ownPrefix = 'runlog_';

/** The name under which a backend keeps a metric: with another prefix in the place of `runlog_` where one is given. */
export function ownMetricName(name: string, prefix: string | undefined): string {
  return prefix === undefined || !name.startsWith(ownPrefix) ? name : prefix + name.slice(ownPrefix.length);
}
