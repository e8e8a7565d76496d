// Why an aim is missed, where that was looked for: by the profile of the processor, told in a sentence. By the id of the line; said only
// while the line misses its aim.

const opening =
  'no payload of an object is parsed; half of the time is SQLite giving out an outline of each event (0.6 us), the rest what the run ' +
  'knows of itself, event by event.';
const wholeGraph =
  'the events of the graph are read once as an outline and once whole: a third of the time is SQLite giving out rows, a seventh the ' +
  'collector, a ninth JSON.parse, a twelfth filing objects.';
const commit =
  'what is left beside the driver is the page of the head that is written with each commit, two hashes an event, and checks; see the ' +
  'decision [what an append costs](../internals/decisions/2026-11-21-what-an-append-costs.md).';
const loop =
  'a third of the time in memory is the commit of the memory store, a sixth the collector, an eighth walking and freezing payloads, a ' +
  'tenth checking the shapes of rows.';

export const causes: Readonly<Record<string, string>> = {
  'append/batch-1': commit,
  'append/batch-10': commit,
  'append/batch-1000': commit,
  'load/open': opening,
  'load/graph': wholeGraph,
  'loop/memory': loop,
  'start/inspect':
    'a command that opens a store loads sixty modules, 2 MB: 3.5 times a bare Node before the store is open. Reading the snapshot and the ' +
    'last events adds a tenth.',
};
