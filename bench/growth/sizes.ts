// How large the runs of the charts are, and how a line of a chart is called.
import type { Unit } from '../harness/figure.ts';

export const sizes = [1_000, 10_000, 100_000, 1_000_000] as const;

export type Topic = 'append' | 'tick' | 'load' | 'fork' | 'diff' | 'memory';

/** What each chart shows, and in which unit. */
export const topics: Readonly<Record<Topic, { readonly title: string; readonly unit: Unit }>> = {
  append: { title: 'Append: 100 events a commit, to a run that has so many', unit: 'events/s' },
  tick: {
    title: 'Tick: events of a loop in memory, in a run of so many',
    unit: 'events/s',
  },
  load: { title: 'Load: a run of so many events opened in a fresh handle', unit: 'ms' },
  fork: { title: 'Fork: branching off at the middle of so many', unit: 'ms' },
  diff: { title: 'Diff: 1,000 events on either side behind so many shared', unit: 'ms' },
  memory: { title: 'Memory: the most that a process had that opened so many', unit: 'MB' },
};

export interface Point {
  readonly topic: Topic;
  readonly size: number;
  /** Whose line: `runlog`, or a peer. */
  readonly series: string;
}

/** What a figure is called by: the chart, the line, the size. */
export function pointLine({ topic, size, series }: Point) {
  const { title, unit } = topics[topic];
  return {
    id: `growth/${topic}/${series.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}/${size}`,
    what: `${title.split(':')[0]}, ${size.toLocaleString('en-US')}: ${series}`,
    unit,
    size,
  };
}
