/** Decides how sessions are watched with the backends that runs are watched with: one hook, made of metrics, a logger and spans. */
import {
  checkedOptions,
  checkOptionNames,
  type Logger,
  LogOutlet,
  type Metrics,
  MetricsOutlet,
  redactor as builtInRedactor,
  type Redactor,
  type Tracing,
  TracingOutlet,
} from '../../base/index.ts';
import {
  type OnTelemetry,
  telemetryToLog,
  telemetryToMetrics,
  telemetryToSpans,
} from '../../sessions/index.ts';
import { nodePlatform } from '../node-platform.ts';
import { withLogging } from './configure-logging.ts';

/** Where telemetry of sessions goes. */
export interface SessionTelemetryOptions {
  readonly metrics?: Metrics;
  /** What `configureLogging` asked for by default. */
  readonly logger?: Logger;
  /** Gets a span for each run of an agent, and one for each call of a tool. */
  readonly tracing?: Tracing;
  /** Takes secrets out of every line and span: the built-in patterns by default, `null` for nothing. */
  readonly observeRedactor?: Redactor | null;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  metrics: true,
  logger: true,
  tracing: true,
  observeRedactor: true,
} satisfies Record<keyof SessionTelemetryOptions, true>);

/** A hook for `onTelemetry` of a session manager, a session server and an event pipeline; `null` when nobody listens. */
export function sessionTelemetry(options: SessionTelemetryOptions = {}): OnTelemetry | null {
  checkOptionNames('sessionTelemetry', checkedOptions('sessionTelemetry', options), optionNames);
  const { metrics, logger, tracing, observeRedactor: redactor = builtInRedactor() } = withLogging(options);
  const { warn } = nodePlatform;
  const hooks: OnTelemetry[] = [];
  if (metrics !== undefined) hooks.push(telemetryToMetrics(new MetricsOutlet(metrics, warn)));
  if (logger !== undefined) hooks.push(telemetryToLog(new LogOutlet({ logger, redactor, warn })));
  if (tracing !== undefined) hooks.push(telemetryToSpans(new TracingOutlet(tracing, redactor, warn)));
  if (hooks.length === 0) return null;
  return (event) => {
    for (const hook of hooks) hook(event);
  };
}
