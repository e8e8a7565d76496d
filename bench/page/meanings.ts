// What the figures of a benchmark mean for a person, in the words of the results page. The order is the page's.

export interface Meaning {
  readonly name: string;
  readonly title: string;
  readonly means: string;
}

export const meanings: readonly Meaning[] = [
  {
    name: 'append',
    title: 'Appending to SQLite',
    means:
      'An event that was appended survives the loss of power. One a batch is a program that waits for each event: it waits for the ' +
      'disk. The bare driver writes the same rows, hashes ready, and checks nothing. `chain off` is runlog without SHA-256: what is ' +
      'between the two is the price of a history that shows damage. The 64 callers are a server with 64 runs at work.',
  },
  {
    name: 'loop',
    title: 'The loop',
    means:
      'A tick is an event, a behavior that reacts to it, and the two events that say so. No agent needs 10,000 a second; the figure says ' +
      'that the time of a run goes into its models and tools. `flat` compares the cost of a tick in a long run with that in a short one.',
  },
  {
    name: 'load',
    title: 'Opening, forking',
    means:
      'How long a person waits when a run is opened, before anything can be done with it: 100,000 events are a very long run. A fork is ' +
      'compared with the durable commit that stands just before it.',
  },
  {
    name: 'resume',
    title: 'Going on with a run of a million events',
    means:
      'What a restart of a process costs that has such a run. A snapshot is written when a long run is closed.',
  },
  {
    name: 'diff',
    title: 'Comparing runs',
    means:
      'Two forks are compared by what each did since: what they share costs nothing, however long it is.',
  },
  {
    name: 'verify',
    title: 'Running again on recorded answers',
    means:
      '`runlog replay --verify` runs every behavior again. It takes about as long as the run took without its models and tools.',
  },
  {
    name: 'postgres',
    title: 'Appending to PostgreSQL',
    means:
      'A server of its own on the same machine, with fsync on. The bare insert is one `unnest` of ready texts into a table with the same ' +
      'columns and indexes; it checks no owner, no place and no id.',
  },
  {
    name: 'tail',
    title: 'Following a run',
    means: 'How long after an event is stored a page that follows the run can show it.',
  },
  {
    name: 'migrate',
    title: 'Moving to another store',
    means:
      'A million events move in about ten times 100,000; every hash is computed again on the other side.',
  },
  {
    name: 'start',
    title: 'Commands',
    means: 'How long a command takes to answer, beside a Node that does nothing.',
  },
  {
    name: 'disk',
    title: 'Disk',
    means:
      'Unique content is each different payload once, and of each event its type, actor, cause, frame and time, and its hash of 32 bytes.',
  },
  {
    name: 'sessions',
    title: 'Sessions of agents',
    means:
      'A session is a log that many may append to. Beside some lines stand the figures that the Elixir original published, in memory on ' +
      'two cores of another machine: they are no ratio.',
  },
  {
    name: 'langgraph',
    title: 'Beside LangGraph.js',
    means:
      'LangGraph.js keeps a checkpoint, which is the whole state, after each step, and not what happened. To go on it reads one; a long ' +
      'conversation is stored again with every turn. runlog keeps what happened, and computes the state: it goes on from the snapshot that ' +
      'was written when the run was closed, or opens in the time that the log takes to read, and each turn costs what is new in it. Its ' +
      'file also holds each step as it happened, with the old and the new value of what was changed.',
  },
  {
    name: 'emmett',
    title: 'Beside Emmett',
    means:
      'Emmett is an event store: it has streams and expected versions, no owners, no hash chain, no forks.',
  },
  {
    name: 'agents',
    title: 'Beside the OpenAI Agents SDK',
    means:
      'The SDK asks for a session of five methods, and ships one that needs no service, MemorySession, which is in memory. The same port ' +
      'was put on stores of runlog, in 20 lines: an event an item.',
  },
];
