import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { MissingOptionalDependency } from '../../../base/index.ts';
import { loadClient } from './load-client.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';

test('counters, gauges and histograms stand in the registry under their names, tags and texts', async () => {
  const registry = new Registry();
  const metrics = new PrometheusMetrics({ registry });
  metrics.counter('runlog_llm_calls_total', { model: 'm' });
  metrics.counter('runlog_llm_calls_total', { model: 'm' }, 2);
  metrics.gauge('runlog_queue_depth', {}, 3);
  metrics.histogram('runlog_llm_cost_usd', { model: 'm' }, 0.02);
  const text = await registry.metrics();
  expect(text).toContain('# HELP runlog_llm_calls_total Questions that were put to a model;');
  expect(text).toContain('runlog_llm_calls_total{model="m"} 3\n');
  expect(text).toContain('runlog_queue_depth 3\n');
  expect(text).toContain('runlog_llm_cost_usd_bucket{le="0.05",model="m"} 1\n');
  expect(text).toContain('runlog_llm_cost_usd_sum{model="m"} 0.02\n');
});

test('two backends over one registry share their instruments', async () => {
  const registry = new Registry();
  for (const metrics of [new PrometheusMetrics({ registry }), new PrometheusMetrics({ registry })])
    metrics.counter('runlog_tools_calls_total', { tool: 't' });
  expect(await registry.metrics()).toContain('runlog_tools_calls_total{tool="t"} 2\n');
});

test('the prefix can be another one, for dashboards that are there already', async () => {
  const registry = new Registry();
  new PrometheusMetrics({ registry, prefix: 'activegraph_' }).gauge('runlog_queue_depth', {}, 1);
  expect(await registry.metrics()).toContain('activegraph_queue_depth 1\n');
});

test('without the package it is said what to install', () => {
  const missing = (): never => {
    throw new Error("Cannot find module 'prom-client'");
  };
  expect(() => loadClient(missing)).toThrow(MissingOptionalDependency);
  expect(() => loadClient(missing)).toThrow('Install it: `npm install prom-client@15`.');
});
