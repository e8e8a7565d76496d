import { expect, test } from 'vitest';
import { MetricsOutlet, NoOpMetrics } from './metrics.ts';

test('a backend that throws is told of once, and disturbs nobody', () => {
  const warnings: string[] = [];
  const broken = (): never => {
    throw new Error('disk full');
  };
  const outlet = new MetricsOutlet({ counter: broken, histogram: broken, gauge: broken }, (message) => {
    warnings.push(message);
  });
  outlet.count('runlog_tools_calls_total', { tool: 't' });
  outlet.observe('runlog_llm_cost_usd', { model: 'm' }, 1);
  outlet.set('runlog_queue_depth', {}, 1);
  expect(warnings).toEqual(['a metrics backend failed, and is told no failure again: disk full']);
});

test('one is counted when no number is said', () => {
  const counted: unknown[] = [];
  const metrics = Object.assign(new NoOpMetrics(), {
    counter: (...call: unknown[]) => void counted.push(call),
  });
  new MetricsOutlet(metrics, () => undefined).count('runlog_tools_calls_total', { tool: 't' });
  expect(counted).toEqual([['runlog_tools_calls_total', { tool: 't' }]]);
});
