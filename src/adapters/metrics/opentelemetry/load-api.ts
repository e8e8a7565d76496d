/** Decides how `@opentelemetry/api` is loaded: when it is needed, at once, and with a word on how to install it where it is missing. */
import { createRequire } from 'node:module';
import { missingPackage } from '../../../base/index.ts';

type Attributes = Record<string, string | number | boolean | string[]>;
type Labels = Record<string, string>;

/** Opaque: it is handed on as it comes. */
export type OtelContext = unknown;

interface InstrumentOptions {
  readonly description: string;
  readonly unit?: string;
  readonly advice?: { readonly explicitBucketBoundaries: number[] };
}

/** The parts of OpenTelemetry's interface that are used. Written out, so that programs without the package have the types too. */
export interface OtelMeter {
  createCounter(name: string, options: InstrumentOptions): OtelCounter;
  createHistogram(name: string, options: InstrumentOptions): OtelHistogram;
  createGauge(name: string, options: InstrumentOptions): OtelHistogram;
}

export interface OtelCounter {
  add(value: number, attributes: Labels): void;
}

export interface OtelHistogram {
  record(value: number, attributes: Labels): void;
}

export interface OtelMeterProvider {
  getMeter(name: string): OtelMeter;
}

export interface OtelSpanHandle {
  setAttribute(name: string, value: string): unknown;
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number; message: string }): unknown;
  end(endMs: number): void;
}

interface SpanOptions {
  readonly kind: number;
  readonly attributes: Attributes;
  readonly startTime: number;
}

export interface OtelTracer {
  startSpan(name: string, options: SpanOptions, context: OtelContext): OtelSpanHandle;
}

export interface OtelTracerProvider {
  getTracer(name: string): OtelTracer;
}

export interface OpenTelemetryApi {
  readonly metrics: OtelMeterProvider;
  readonly trace: OtelTracerProvider & { setSpan(context: OtelContext, span: OtelSpanHandle): OtelContext };
  readonly context: {
    active(): OtelContext;
    with<Result>(context: OtelContext, work: () => Result): Result;
  };
  readonly SpanKind: { readonly CLIENT: number; readonly INTERNAL: number };
  readonly SpanStatusCode: { readonly ERROR: number };
}

const load: (name: string) => OpenTelemetryApi = createRequire(import.meta.url);

/** Throws `MissingOptionalDependency`; `operation` names who needs it. */
export function loadApi(
  operation: string,
  require: (name: string) => OpenTelemetryApi = load,
): OpenTelemetryApi {
  try {
    return require('@opentelemetry/api');
  } catch (cause) {
    throw missingPackage('opentelemetry', cause, { operation });
  }
}
