/** Proves, when it compiles, that the id of a run fits on a gauge and nowhere else, and that names and tags belong together. */
import type { CounterSpec, GaugeSpec, HistogramSpec } from './metric-table.ts';
import type { Metrics, MetricsOutlet } from './metrics.ts';

declare const metrics: Metrics;
declare const outlet: MetricsOutlet;

metrics.gauge('any', { run_id: 'r' }, 1);
metrics.counter('any', { tool: 't' });
// @ts-expect-error a counter with the id of a run
metrics.counter('any', { run_id: 'r' });
// @ts-expect-error a histogram with the id of a run
metrics.histogram('any', { run_id: 'r' }, 1);

export const gauge: GaugeSpec = { kind: 'gauge', tags: ['run_id'], help: '' };
// @ts-expect-error a row of the table for a counter with the id of a run
export const counter: CounterSpec = { kind: 'counter', tags: ['run_id'], help: '' };
// @ts-expect-error a row of the table for a histogram with the id of a run
export const histogram: HistogramSpec = { kind: 'histogram', unit: 'usd', tags: ['run_id'], help: '' };

outlet.count('runlog_llm_failed_total', { model: 'm', reason: 'llm.refused' });
// @ts-expect-error a tag is missing
outlet.count('runlog_llm_failed_total', { model: 'm' });
// @ts-expect-error a gauge is not counted
outlet.count('runlog_queue_depth', {});
