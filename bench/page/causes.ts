// Why an aim is missed, where that was looked for: by the profile of the processor, told in a sentence. By the id of the line; said only
// while the line misses its aim.

const opening =
  'no payload of an object is parsed; half of the time is SQLite giving out an outline of each event (0.6 us), the rest what the run ' +
  'knows of itself, event by event.';
const wholeGraph =
  'the events of the graph are read once as an outline and once whole: a third of the time is SQLite giving out rows, a fifth JSON.parse, ' +
  'a seventh the collector, an eighth filing objects, a twentieth freezing them.';
const verifiedLoad =
  'a quarter of the time is SQLite giving out rows with their hashes, a sixth JSON.parse, a sixth the two SHA-256 of each event, an ' +
  'eighth the collector, a twelfth filing objects, a twentieth writing the line that is hashed.';
const commit =
  'what is left beside the driver is the mark of the head, two hashes an event, checks and promises: 8 us of processor time for a commit ' +
  'of one event, by a processor that comes back cold from waiting for the disk; see the decisions ' +
  '[what an append costs](../internals/decisions/2026-11-21-what-an-append-costs.md) and ' +
  '[where a head is written](../internals/decisions/2026-11-22-where-a-head-is-written.md).';
const chainless =
  'the head that is marked with each commit, checks, the line of each event that would be hashed, and promises. Among many ' +
  'events a commit, two calls of the hash that is switched off and binding its text are left.';
const loop =
  'writing and freezing payloads is a quarter of the time in memory, the collector a sixth, looking at the texts of a commit a tenth; see ' +
  'the decision [what a tick costs](../internals/decisions/2026-11-22-what-a-tick-costs.md).';
const loopOnDisk =
  'half of the time is SQLite: it takes in rows and writes their pages; a fifth is the two hashes of each event, a third the loop itself.';
const callers =
  'the events of 64 runs stand at 64 places of the index by run and place: a commit of 64 events writes about 75 pages, one of 100 events ' +
  'of one run about 20; see the decision [what many callers cost](../internals/decisions/2026-11-22-what-many-callers-cost.md).';
const verifying =
  'half of the time is SQLite giving out rows with their hashes (1.5 us), a third the two SHA-256 of each event (1.0 us), a tenth writing ' +
  'its line (0.3 us).';

export const causes: Readonly<Record<string, string>> = {
  'append/batch-1': commit,
  'append/batch-10': commit,
  'append/batch-100': commit,
  'append/batch-1000': commit,
  'append/batch-1-chain-off': chainless,
  'append/batch-10-chain-off': chainless,
  'append/batch-100-chain-off': chainless,
  'append/batch-1000-chain-off': chainless,
  'append/callers-64': callers,
  'load/open': opening,
  'load/graph': wholeGraph,
  'load/verify': verifiedLoad,
  'loop/memory': loop,
  'loop/sqlite': loopOnDisk,
  'load/hashes': verifying,
  'disk/quickstart':
    'of 276 pages of 4 KB sixteen are the first ones of tables and indexes, ten of them empty: a twentieth of so small a file. A ninth of ' +
    'the pages of events is room behind long payloads.',
  'diff/1000-behind-1000000':
    'behind 100,000 it takes as long. What led to an old object is looked for through at most 10,000 places of the past at once, 4 ms; a ' +
    'past of 1,000 has fewer, and takes 0.8.',
  'start/inspect':
    'beside a bare Node, what every command begins with takes 0.35 of its time, loading half a megabyte in 17 files 0.5, the cryptography ' +
    'of Node 0.2, opening the store 0.2, and reading the state in the snapshot and the last events 0.35.',
};
