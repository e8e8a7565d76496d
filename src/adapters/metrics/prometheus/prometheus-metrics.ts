/** Decides how metrics get into a registry of Prometheus: one instrument for each name and set of tags, made when it is first used. */
import {
  type BoundedTags,
  histogramBounds,
  type Metrics,
  metricSpec,
  ownMetricName,
  type Tags,
} from '../../../base/index.ts';
import {
  type InstrumentConfig,
  loadClient,
  type PromClient,
  type PrometheusRegistry,
} from './load-client.ts';

/** Registry and prefix of the metrics; the global registry when none is given. */
export interface PrometheusMetricsOptions {
  /** The registry of the library by default, which `GET /metrics` of most programs shows already. */
  readonly registry?: PrometheusRegistry;
  /** In the place of `runlog_`, such as `activegraph_` for dashboards that are there already. */
  readonly prefix?: string;
}

/** Metrics for Prometheus. Making one throws `MissingOptionalDependency` when `prom-client` is not installed. */
export class PrometheusMetrics implements Metrics {
  readonly registry: PrometheusRegistry;
  readonly #client: PromClient;
  readonly #prefix: string | undefined;
  readonly #instruments = new Map<string, unknown>();

  constructor(options: PrometheusMetricsOptions = {}) {
    this.#client = loadClient();
    this.registry = options.registry ?? this.#client.register;
    this.#prefix = options.prefix;
  }

  counter(name: string, tags: BoundedTags, value = 1): void {
    const { Counter } = this.#client;
    const counter = this.#instrument(name, tags, (config) => new Counter(config));
    if (counter instanceof Counter) counter.inc({ ...tags }, value);
  }

  histogram(name: string, tags: BoundedTags, value: number): void {
    const { Histogram } = this.#client;
    const histogram = this.#instrument(name, tags, (config) => {
      const spec = metricSpec(name);
      const bounds = spec?.kind === 'histogram' ? { buckets: [...histogramBounds[spec.unit]] } : {};
      return new Histogram({ ...config, ...bounds });
    });
    if (histogram instanceof Histogram) histogram.observe({ ...tags }, value);
  }

  gauge(name: string, tags: Tags, value: number): void {
    const { Gauge } = this.#client;
    const gauge = this.#instrument(name, tags, (config) => new Gauge(config));
    if (gauge instanceof Gauge) gauge.set({ ...tags }, value);
  }

  /** Throws when the registry has something else under the name. */
  #instrument(name: string, tags: Tags, make: (config: InstrumentConfig) => unknown): unknown {
    const labelNames = Object.keys(tags).sort();
    const key = [name, ...labelNames].join('\n');
    const known = this.#instruments.get(key);
    if (known !== undefined) return known;
    const config = {
      name: ownMetricName(name, this.#prefix),
      help: metricSpec(name)?.help ?? name,
      labelNames,
      registers: [this.registry],
    };
    // Another backend over the same registry may have made it.
    const made = this.registry.getSingleMetric(config.name) ?? make(config);
    this.#instruments.set(key, made);
    return made;
  }
}
