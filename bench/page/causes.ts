// Why an aim is missed, where that was looked for: by the profile of the processor, told in a sentence. By the id of the line; said only
// while the line misses its aim.

const opening =
  'every payload is parsed when a run is opened, though nobody has asked for its objects yet. A third of the time is the collector, a ' +
  'fifth SQLite giving out rows, a fifth JSON.parse, a tenth filing objects.';
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
  'load/graph': opening,
  'loop/memory': loop,
  'start/inspect':
    'the run has no snapshot, so its whole log is read, its chain verified and its graph projected before the first line: giving out rows ' +
    'is 15 % of the time, hashing 12 %, JSON.parse 8 %, the collector 7 %; compiling modules is 10 %.',
};
