// The page of metrics has the table of the sources, and the dashboard asks for nothing that a run does not give.
import { readFileSync } from 'node:fs';
import { NoOpMetrics, type Metrics } from 'runlog';
import { metricSpec, type MetricSpec, MetricsOutlet, runMetrics, sessionMetrics } from 'runlog/base';
import { telemetryToMetrics } from 'runlog/sessions';
import { expect, it } from 'vitest';
import { driveObserved } from '../harness/observe/observed-run.ts';
import { type RecordedMetrics, recordedMetrics } from '../harness/observe/recorded-metrics.ts';
import { sayHello, sessionBed } from '../harness/session-bed.ts';

const page = readFileSync('docs/reference/metrics.md', 'utf8');
const dashboard = readFileSync('docs/grafana/runlog-dashboard.json', 'utf8');

const tables: readonly (readonly [string, Readonly<Record<string, MetricSpec>>])[] = [
  ['runs', runMetrics],
  ['sessions', sessionMetrics],
];

it.each(tables)(
  'the page lists every metric of %s with its kind, its tags and its meaning',
  (whose, table) => {
    const section = page.split(/^## /m).find((text) => text.startsWith(`Metrics of ${whose}\n`)) ?? '';
    const rows = Array.from(section.matchAll(/^\| `(runlog_.+) \|$/gm), ([, row = '']) => row.split(' |'));
    const listed = rows.map((cells) => cells.map((cell) => cell.replaceAll('`', '').trim()));
    const known = Object.entries(table).map(([name, { kind, tags, help }]) => [
      name,
      kind,
      tags.join(', '),
      help,
    ]);
    expect(listed).toEqual(known);
  },
);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const panels = (JSON.parse(dashboard) as { readonly panels: readonly Panel[] }).panels;
const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

/** A run of an agent, and what only a server, a refused event and a secret tell. */
async function driveSessions(metrics: RecordedMetrics): Promise<void> {
  const onTelemetry = telemetryToMetrics(new MetricsOutlet(metrics, () => undefined));
  const manager = sessionBed().manager(sayHello, { onTelemetry });
  await manager.runOnce('say hello');
  await manager.close();
  onTelemetry({
    name: 'runtime.session_server.queue.enqueue',
    measurements: { queue_length: 1 },
    metadata: {},
  });
  onTelemetry({ name: 'persistence.event_rejected', measurements: {}, metadata: {} });
  onTelemetry({ name: 'router.attempt.stop', measurements: {}, metadata: { adapter_id: 'claude' } });
  onTelemetry({ name: 'maintenance.complete', measurements: {}, metadata: { status: 'completed' } });
  onTelemetry({ name: 'persistence.event_redacted', measurements: {}, metadata: { type: 'message_sent' } });
}

/** The series that a backend for Prometheus keeps of the metrics that really moved, with the labels that each had. */
async function reallyMoved(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const metrics = recordedMetrics();
  await driveObserved({ metrics });
  await driveSessions(metrics);
  const series = new Map<string, ReadonlySet<string>>();
  for (const { kind, name, tags } of metrics.calls) {
    const labels = new Set(Object.keys(tags));
    if (kind !== 'histogram') series.set(name, labels);
    else for (const end of ['_bucket', '_sum', '_count']) series.set(name + end, new Set([...labels, 'le']));
  }
  return series;
}

it('the dashboard asks only for series and labels that a run really gives', async () => {
  const series = await reallyMoved();
  expect(queries.length).toBeGreaterThan(15);
  const wrong = queries.flatMap(({ title, expr }) => {
    const names = Array.from(expr.matchAll(/runlog_\w+/g), ([name]) => name);
    const labels = Array.from(expr.matchAll(/by \(([\w, ]*)\)/g), ([, list = '']) => list.split(', ')).flat();
    const known = names.map((name) => series.get(name));
    const isFine =
      names.length > 0 &&
      known.every((found) => found !== undefined && labels.every((label) => found.has(label)));
    return isFine ? [] : [`${title}: ${expr}`];
  });
  expect(wrong).toEqual([]);
});

it('the dashboard rates counters and histograms, and shows gauges as they are', () => {
  for (const { expr } of queries)
    for (const [name] of expr.matchAll(/runlog_\w+/g)) {
      const isGauge = metricSpec(name)?.kind === 'gauge';
      expect(/(rate|increase)\(/.test(expr), expr).toBe(!isGauge);
    }
});

it('the dashboard shows every metric of runs and of sessions', () => {
  const names = [...Object.keys(runMetrics), ...Object.keys(sessionMetrics)];
  expect(names.filter((name) => !dashboard.includes(name))).toEqual([]);
});

it('a backend that does nothing is a backend', () => {
  const metrics: Metrics = new NoOpMetrics();
  expect([metrics.counter('a', {}), metrics.histogram('a', {}, 1), metrics.gauge('a', {}, 1)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
