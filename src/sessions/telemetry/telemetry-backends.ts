/** Decides which metrics and which log lines the telemetry of sessions becomes. */
import type { JsonObject, LogFacts, LogOutlet, MetricsOutlet } from '../../base/index.ts';
import type { OnTelemetry, TelemetryEvent, TelemetryName } from './telemetry.ts';

/** A hook that moves the metrics of sessions. */
export function telemetryToMetrics(metrics: MetricsOutlet): OnTelemetry {
  return (event) => movers[event.name]?.(metrics, event);
}

/** A hook that logs what happens to runs of agents, and what the pipeline could not keep. */
export function telemetryToLog(log: LogOutlet): OnTelemetry {
  return (event) => speakers[event.name]?.(log, event);
}

type Told<Outlet> = Partial<Record<TelemetryName, (outlet: Outlet, event: TelemetryEvent) => void>>;

const movers: Told<MetricsOutlet> = {
  'run.start': (metrics, { metadata }) =>
    metrics.count('runlog_session_runs_started_total', { agent: textOf(metadata, 'provider') }),
  'run.stop': runEnded,
  'run.exception': runEnded,
  'persistence.event_persisted': (metrics, { metadata }) =>
    metrics.count('runlog_session_events_persisted_total', { event_type: textOf(metadata, 'type') }),
  'persistence.event_redacted': (metrics, { metadata }) =>
    metrics.count('runlog_session_events_redacted_total', { event_type: textOf(metadata, 'type') }),
  'persistence.event_rejected': (metrics) => metrics.count('runlog_session_events_rejected_total', {}),
  'runtime.session_server.queue.enqueue': queueMoved,
  'runtime.session_server.queue.dequeue': queueMoved,
  'router.attempt.stop': (metrics, event) => attemptEnded(metrics, event, 'completed'),
  'router.attempt.exception': (metrics, event) => attemptEnded(metrics, event, 'failed'),
  'maintenance.complete': (metrics, { measurements, metadata }) => {
    const { duration_ms: durationMs = 0 } = measurements;
    metrics.count('runlog_session_maintenance_total', { status: textOf(metadata, 'status') });
    metrics.observe('runlog_session_maintenance_duration_seconds', {}, durationMs / 1000);
  },
};

function attemptEnded(
  metrics: MetricsOutlet,
  { measurements, metadata }: TelemetryEvent,
  status: 'completed' | 'failed',
): void {
  const agent = textOf(metadata, 'adapter_id');
  const { duration_ms: durationMs = 0 } = measurements;
  metrics.count('runlog_session_router_attempts_total', { agent, status });
  metrics.observe('runlog_session_router_attempt_duration_seconds', { agent }, durationMs / 1000);
}

function runEnded(metrics: MetricsOutlet, { measurements, metadata }: TelemetryEvent): void {
  const agent = textOf(metadata, 'provider');
  const { duration_ms: durationMs = 0, cost_usd: costUsd } = measurements;
  metrics.count('runlog_session_runs_ended_total', { agent, status: textOf(metadata, 'status') });
  metrics.observe('runlog_session_run_duration_seconds', { agent }, durationMs / 1000);
  if (costUsd !== undefined) metrics.observe('runlog_session_run_cost_usd', { agent }, costUsd);
}

function queueMoved(metrics: MetricsOutlet, { measurements }: TelemetryEvent): void {
  metrics.set('runlog_session_queue_depth', {}, measurements['queue_length'] ?? 0);
}

const who = 'runlog.sessions';

const speakers: Told<LogOutlet> = {
  'run.start': (log, event) => log.write('info', who, 'run of an agent started', idsOf(event)),
  'run.stop': (log, event) => log.write('info', who, 'run of an agent completed', endOf(event)),
  'run.exception': (log, event) => {
    const status = textOf(event.metadata, 'status');
    log.write(status === 'cancelled' ? 'info' : 'warning', who, `run of an agent ended: ${status}`, {
      ...endOf(event),
      reason: textOf(event.metadata, 'error_code'),
      error_message: textOf(event.metadata, 'error_message'),
    });
  },
  'persistence.event_rejected': (log, event) => {
    const reason = textOf(event.metadata, 'reason');
    log.write('warning', who, 'event of an agent refused', { ...idsOf(event), reason });
  },
  'persistence.event_persisted': (log, event) => {
    const facts = { ...idsOf(event), event_type: textOf(event.metadata, 'type') };
    log.write('debug', who, 'event of an agent stored', facts);
  },
  'router.attempt.exception': (log, event) => {
    const agent = textOf(event.metadata, 'adapter_id');
    log.write('warning', who, `attempt of agent ${agent} failed`, {
      ...endOf(event),
      reason: textOf(event.metadata, 'error_code'),
    });
  },
  'maintenance.complete': (log, { measurements, metadata }) => {
    const { duration_ms: durationMs = 0 } = measurements;
    const status = textOf(metadata, 'status');
    log.write(status === 'failed' ? 'warning' : 'info', who, `maintenance of sessions ended: ${status}`, {
      latency_seconds: durationMs / 1000,
    });
  },
};

function endOf(event: TelemetryEvent): LogFacts {
  const { duration_ms: durationMs = 0, cost_usd: costUsd } = event.measurements;
  return {
    ...idsOf(event),
    ...(costUsd === undefined ? {} : { cost_usd: costUsd }),
    latency_seconds: durationMs / 1000,
  };
}

function idsOf({ metadata }: TelemetryEvent): LogFacts {
  const runId = textOf(metadata, 'run_id');
  return { ...(runId === '' ? {} : { run_id: runId }), session_id: textOf(metadata, 'session_id') };
}

function textOf(metadata: JsonObject, field: string): string {
  const value = metadata[field];
  return typeof value === 'string' ? value : '';
}
