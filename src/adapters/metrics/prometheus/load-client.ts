/** Decides how `prom-client` is loaded: when it is needed, at once, and with a word on how to install it where it is missing. */
import { createRequire } from 'node:module';
import { missingPackage } from '../../../base/index.ts';

/** The part of a registry of `prom-client` that is used. Written out, so that programs without the package have its types too. */
export interface PrometheusRegistry {
  /** Everything in it, as Prometheus reads it. */
  metrics(): Promise<string>;
  readonly contentType: string;
  getSingleMetric(name: string): unknown;
}

export interface InstrumentConfig {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: PrometheusRegistry[];
  readonly buckets?: number[];
}

type Labels = Record<string, string>;

export interface PromClient {
  readonly register: PrometheusRegistry;
  readonly Counter: new (config: InstrumentConfig) => { inc(labels: Labels, value: number): void };
  readonly Histogram: new (config: InstrumentConfig) => { observe(labels: Labels, value: number): void };
  readonly Gauge: new (config: InstrumentConfig) => { set(labels: Labels, value: number): void };
}

const load: (name: string) => PromClient = createRequire(import.meta.url);

/** Throws `MissingOptionalDependency`. */
export function loadClient(require: (name: string) => PromClient = load): PromClient {
  try {
    return require('prom-client');
  } catch (cause) {
    throw missingPackage('prometheus', cause);
  }
}
