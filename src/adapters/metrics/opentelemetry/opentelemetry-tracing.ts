/** Decides how spans get to OpenTelemetry: with the times they are given, below the span that is their parent. */
import {
  attributeNames,
  type OpenSpan,
  type SpanAttributes,
  type SpanStart,
  type Tracing,
} from '../../../base/index.ts';
import {
  loadApi,
  type OpenTelemetryApi,
  type OtelContext,
  type OtelSpanHandle,
  type OtelTracer,
  type OtelTracerProvider,
} from './load-api.ts';

/** Provider and name of the spans; the global provider when none is given. */
export interface OpenTelemetryTracingOptions {
  /** The one that the program has set globally, by default. */
  readonly tracerProvider?: OtelTracerProvider;
  /** `runlog` by default. */
  readonly tracerName?: string;
}

/** Spans for OpenTelemetry. Making one throws `MissingOptionalDependency` when `@opentelemetry/api` is not installed. */
export class OpenTelemetryTracing implements Tracing {
  readonly #api: OpenTelemetryApi;
  readonly #tracer: OtelTracer;

  constructor({ tracerProvider, tracerName = 'runlog' }: OpenTelemetryTracingOptions = {}) {
    this.#api = loadApi('OpenTelemetryTracing');
    this.#tracer = (tracerProvider ?? this.#api.trace).getTracer(tracerName);
  }

  startSpan({ name, kind, attributes, parent, startMs }: SpanStart): OpenSpan {
    const { context, SpanKind, trace } = this.#api;
    const above = parent instanceof OtelSpan ? parent.context : context.active();
    const options = {
      kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes: plain(attributes),
      startTime: startMs,
    };
    const span = this.#tracer.startSpan(name, options, above);
    return new OtelSpan(this.#api, span, trace.setSpan(above, span));
  }
}

class OtelSpan implements OpenSpan {
  readonly context: OtelContext;
  readonly #api: OpenTelemetryApi;
  readonly #span: OtelSpanHandle;

  constructor(api: OpenTelemetryApi, span: OtelSpanHandle, context: OtelContext) {
    this.#api = api;
    this.#span = span;
    this.context = context;
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(plain(attributes));
  }

  fail(type: string, message: string): void {
    this.#span.setAttribute(attributeNames.errorType, type);
    this.#span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message });
  }

  end(endMs: number): void {
    this.#span.end(endMs);
  }

  within<Result>(work: () => Result): Result {
    return this.#api.context.with(this.context, work);
  }
}

/** The lists of the port are read-only; the interface asks for its own. */
function plain(attributes: SpanAttributes): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
}
