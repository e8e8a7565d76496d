/**
 * Decides how metrics leave the package: through three methods that a backend has. The default does nothing, and a backend that
 * throws disturbs nobody.
 */
import type { CounterName, GaugeName, HistogramName, TagsOf } from './metric-table.ts';

/** Labels of a series. */
export type Tags = Readonly<Record<string, string>>;

/** Labels of a series that lives as long as the backend: the id of a run is none of them. */
export type BoundedTags = Tags & { readonly run_id?: never };

/**
 * What a backend is: any object with these three methods. They are called with the names and tags of `metricTable`, while a run
 * goes on, so they have to be quick. What one throws is told once as a warning and goes no further.
 */
export interface Metrics {
  /** Adds `value`, 1 when it is left out. */
  counter(name: string, tags: BoundedTags, value?: number): void;
  /** Takes in one observation. */
  histogram(name: string, tags: BoundedTags, value: number): void;
  /** Sets how it stands now. */
  gauge(name: string, tags: Tags, value: number): void;
}

/** The default: hears nothing. */
export class NoOpMetrics implements Metrics {
  counter(): void {
    return;
  }

  histogram(): void {
    return;
  }

  gauge(): void {
    return;
  }
}

/** The one way from the package into a backend: names and tags are those of the table, and nothing is thrown. */
export class MetricsOutlet {
  readonly #metrics: Metrics;
  readonly #warn: (message: string) => void;
  #hasWarned = false;

  /** `warn` hears of the first failure of the backend. */
  constructor(metrics: Metrics, warn: (message: string) => void) {
    this.#metrics = metrics;
    this.#warn = warn;
  }

  count<Name extends CounterName>(name: Name, tags: TagsOf<Name>): void {
    this.#safely(() => this.#metrics.counter(name, tags));
  }

  observe<Name extends HistogramName>(name: Name, tags: TagsOf<Name>, value: number): void {
    this.#safely(() => this.#metrics.histogram(name, tags, value));
  }

  set<Name extends GaugeName>(name: Name, tags: TagsOf<Name>, value: number): void {
    this.#safely(() => this.#metrics.gauge(name, tags, value));
  }

  #safely(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      const what = error instanceof Error ? error.message : String(error);
      this.#warn(`a metrics backend failed, and is told no failure again: ${what}`);
    }
  }
}
