/** Decides when two graphs are the same in a test: equal elements, provenance included, in the same order. */
import type { LogEvent } from 'runlog';
import { type GraphReader, project, readerOf, Tables } from 'runlog/graph';

export function graphJson(graph: GraphReader): unknown {
  return { objects: graph.objects(), relations: graph.relations(), patches: graph.patches() };
}

/** The graph that a log gives. */
export function replayed(events: readonly LogEvent[]): GraphReader {
  const tables = new Tables();
  for (const { type, payload } of events) project(tables, type, payload);
  return readerOf(tables);
}
