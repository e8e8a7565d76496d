import { context, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  StackContextManager,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { expect, onTestFinished, test } from 'vitest';
import { MissingOptionalDependency } from '../../../base/index.ts';
import { loadApi } from './load-api.ts';
import { OpenTelemetryMetrics } from './opentelemetry-metrics.ts';
import { OpenTelemetryTracing } from './opentelemetry-tracing.ts';

const beganMs = 1_900_000_000_000;

test('metrics come to the meter with unit, text and classes', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const metrics = new OpenTelemetryMetrics({ meterProvider });
  metrics.counter('runlog_llm_calls_total', { model: 'm' }, 3);
  metrics.gauge('runlog_queue_depth', {}, 2);
  metrics.histogram('runlog_tools_duration_seconds', { tool: 't' }, 0.2);
  await reader.forceFlush();
  const found = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics);
  await meterProvider.shutdown();
  const byName = new Map(found.map((metric) => [metric.descriptor.name, metric]));
  expect(byName.get('runlog_llm_calls_total')?.dataPoints).toMatchObject([
    { attributes: { model: 'm' }, value: 3 },
  ]);
  expect(byName.get('runlog_queue_depth')?.dataPoints).toMatchObject([{ value: 2 }]);
  const lasted = byName.get('runlog_tools_duration_seconds');
  expect(lasted?.descriptor).toMatchObject({
    unit: 's',
    description: expect.stringContaining('tool call') as unknown,
  });
  expect(lasted?.dataPoints).toMatchObject([{ value: { sum: 0.2, count: 1 } }]);
});

test('spans keep the times they are given, hang below their parent, and are active while they are worked in', () => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracing = new OpenTelemetryTracing({ tracerProvider });
  const run = tracing.startSpan({
    name: 'run',
    kind: 'internal',
    attributes: { a: 1 },
    parent: null,
    startMs: beganMs,
  });
  const call = tracing.startSpan({
    name: 'chat m',
    kind: 'client',
    attributes: {},
    parent: run,
    startMs: beganMs + 1000,
  });
  call.set({ 'gen_ai.usage.input_tokens': 7 });
  call.fail('llm.refused', 'no');
  call.end(beganMs + 1500);
  run.end(beganMs + 2000);
  const [inner, outer] = exporter.getFinishedSpans();
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  expect([inner?.startTime, inner?.endTime]).toEqual([
    [1_900_000_001, 0],
    [1_900_000_001, 500_000_000],
  ]);
  expect(inner?.attributes).toEqual({ 'gen_ai.usage.input_tokens': 7, 'error.type': 'llm.refused' });
  expect(inner?.status).toMatchObject({ code: 2, message: 'no' });
});

test('while a call is made its span is the active one, so that the spans of libraries hang below it', () => {
  const tracing = new OpenTelemetryTracing({ tracerProvider: new TracerProvider() });
  context.setGlobalContextManager(new StackContextManager().enable());
  onTestFinished(() => context.disable());
  const start = { name: 'run', kind: 'internal', attributes: {}, parent: null, startMs: 0 } as const;
  const active = (): string | undefined => trace.getSpan(context.active())?.spanContext().spanId;
  expect(tracing.startSpan(start).within(active)).toMatch(/^[0-9a-f]{16}$/);
  expect(active()).toBeUndefined();
});

test('without the package it is said what to install', () => {
  const missing = (): never => {
    throw new Error("Cannot find module '@opentelemetry/api'");
  };
  expect(() => loadApi('OpenTelemetryMetrics', missing)).toThrow(MissingOptionalDependency);
  expect(() => loadApi('OpenTelemetryMetrics', missing)).toThrow(
    'Install it: `npm install @opentelemetry/api@1`.',
  );
});
