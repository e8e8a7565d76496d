/**
 * metrics/prometheus: metrics of runs and sessions in a registry of `prom-client`, which is loaded when the first backend is made.
 * Everything that is true of this library alone stands here.
 */
export type { PrometheusRegistry } from './load-client.ts';
export { PrometheusMetrics, type PrometheusMetricsOptions } from './prometheus-metrics.ts';
