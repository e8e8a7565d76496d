/** Decides how metrics get to OpenTelemetry: one instrument for each name and kind, made when it is first used. */
import {
  type BoundedTags,
  histogramBounds,
  type HistogramUnit,
  type Metrics,
  metricSpec,
  ownMetricName,
  type Tags,
} from '../../../base/index.ts';
import {
  loadApi,
  type OtelCounter,
  type OtelHistogram,
  type OtelMeter,
  type OtelMeterProvider,
} from './load-api.ts';

/** Provider, name and prefix of the metrics; the global provider when none is given. */
export interface OpenTelemetryMetricsOptions {
  /** The one that the program has set globally, by default. */
  readonly meterProvider?: OtelMeterProvider;
  /** `runlog` by default. */
  readonly meterName?: string;
  /** In the place of `runlog_`. */
  readonly prefix?: string;
}

const units: Readonly<Record<HistogramUnit, string>> = { seconds: 's', tokens: '{token}', usd: 'USD' };

/** Metrics for OpenTelemetry. Making one throws `MissingOptionalDependency` when `@opentelemetry/api` is not installed. */
export class OpenTelemetryMetrics implements Metrics {
  readonly #meter: OtelMeter;
  readonly #prefix: string | undefined;
  readonly #counters = new Map<string, OtelCounter>();
  readonly #histograms = new Map<string, OtelHistogram>();
  readonly #gauges = new Map<string, OtelHistogram>();

  constructor({ meterProvider, meterName = 'runlog', prefix }: OpenTelemetryMetricsOptions = {}) {
    const { metrics } = loadApi('OpenTelemetryMetrics');
    this.#meter = (meterProvider ?? metrics).getMeter(meterName);
    this.#prefix = prefix;
  }

  counter(name: string, tags: BoundedTags, value = 1): void {
    const make = (): OtelCounter => this.#meter.createCounter(this.#named(name), described(name));
    madeOnce(this.#counters, name, make).add(value, { ...tags });
  }

  histogram(name: string, tags: BoundedTags, value: number): void {
    const make = (): OtelHistogram => this.#meter.createHistogram(this.#named(name), boundsOf(name));
    madeOnce(this.#histograms, name, make).record(value, { ...tags });
  }

  gauge(name: string, tags: Tags, value: number): void {
    const make = (): OtelHistogram => this.#meter.createGauge(this.#named(name), described(name));
    madeOnce(this.#gauges, name, make).record(value, { ...tags });
  }

  #named(name: string): string {
    return ownMetricName(name, this.#prefix);
  }
}

function madeOnce<Made>(all: Map<string, Made>, name: string, make: () => Made): Made {
  const made = all.get(name) ?? make();
  all.set(name, made);
  return made;
}

function described(name: string): { readonly description: string } {
  return { description: metricSpec(name)?.help ?? '' };
}

function boundsOf(name: string): Parameters<OtelMeter['createHistogram']>[1] {
  const spec = metricSpec(name);
  if (spec?.kind !== 'histogram') return described(name);
  const { unit, help } = spec;
  return {
    description: help,
    unit: units[unit],
    advice: { explicitBucketBoundaries: [...histogramBounds[unit]] },
  };
}
