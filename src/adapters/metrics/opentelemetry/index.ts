/**
 * metrics/opentelemetry: metrics and spans of runs and sessions through `@opentelemetry/api`, which is loaded when the first backend
 * is made. Where they go is decided by the SDK that the program sets up.
 */
export type { OtelMeterProvider, OtelTracerProvider } from './load-api.ts';
export { OpenTelemetryMetrics, type OpenTelemetryMetricsOptions } from './opentelemetry-metrics.ts';
export { OpenTelemetryTracing, type OpenTelemetryTracingOptions } from './opentelemetry-tracing.ts';
