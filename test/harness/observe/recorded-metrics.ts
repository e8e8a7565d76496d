// Decides how tests hear of metrics: every call in order, with what it said.
import type { Metrics } from 'runlog';

export interface MetricCall {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface RecordedMetrics extends Metrics {
  readonly calls: MetricCall[];
  /** `name{tag=value}` of each call, in order; gauges with their value. */
  readonly lines: () => readonly string[];
}

export function recordedMetrics(): RecordedMetrics {
  const calls: MetricCall[] = [];
  return {
    calls,
    lines: () => calls.map(lineOf),
    counter: (name, tags, value = 1) => void calls.push({ kind: 'counter', name, tags, value }),
    histogram: (name, tags, value) => void calls.push({ kind: 'histogram', name, tags, value }),
    gauge: (name, tags, value) => void calls.push({ kind: 'gauge', name, tags, value }),
  };
}

function lineOf({ kind, name, tags, value }: MetricCall): string {
  const labels = Object.entries(tags).map(([key, text]) => `${key}=${text}`);
  const text = `${name.replace('runlog_', '')}${labels.length === 0 ? '' : `{${labels.join(',')}}`}`;
  return kind === 'gauge' ? `${text} ${value}` : text;
}
