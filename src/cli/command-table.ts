/** Decides which commands there are. Each is loaded when it is used: help and mistakes answer at once. */
import type { DeclareCommand } from './cli-context.ts';

/** The headings of help, in order. */
export const commandGroups = ['Start here:', 'Runs:', 'Sessions of agents:', 'Stores:', 'Shell:'] as const;

export interface TableEntry {
  readonly name: string;
  readonly summary: string;
  /** Under which heading help lists it. */
  readonly group: (typeof commandGroups)[number];
  /** True for what programs call and help does not list. */
  readonly isHidden?: true;
  /** True for what must not be cut off in the middle; everything else ends at once when it is interrupted. */
  readonly endsOrderly: boolean;
  /** True for what does something of its own when it is interrupted a second time. */
  readonly heedsSecond?: true;
  /** True for what a person reads to its end, and may be longer than the window. */
  readonly isPaged?: true;
  /** What every failure ends with, mistakes in the arguments included, where somebody else's contract says so. */
  readonly failsWith?: 1;
  readonly load: () => Promise<DeclareCommand>;
}

export const commandTable: readonly TableEntry[] = [
  {
    name: 'quickstart',
    group: 'Start here:',
    summary: 'research three companies offline, then fork the run under a stricter setting',
    endsOrderly: true,
    load: async () => (await import('./commands/quickstart.ts')).declareQuickstart,
  },
  {
    name: 'runs',
    group: 'Runs:',
    isPaged: true,
    summary: 'list the runs of a store',
    endsOrderly: false,
    load: async () => (await import('./commands/runs.ts')).declareRuns,
  },
  {
    name: 'status',
    group: 'Runs:',
    summary: 'show how a run stands, or watch it go on',
    endsOrderly: false,
    load: async () => (await import('./commands/status.ts')).declareStatus,
  },
  {
    name: 'inspect',
    group: 'Runs:',
    isPaged: true,
    summary: 'show the state of a run, one event, its behaviors or its packs',
    endsOrderly: false,
    load: async () => (await import('./commands/inspect.ts')).declareInspect,
  },
  {
    name: 'replay',
    group: 'Runs:',
    isPaged: true,
    summary: 'rebuild a run from its log, or verify that its behaviors make it again',
    endsOrderly: false,
    load: async () => (await import('./commands/replay.ts')).declareReplay,
  },
  {
    name: 'why',
    group: 'Runs:',
    isPaged: true,
    summary: 'show what led to an object, up to the goal',
    endsOrderly: false,
    load: async () => (await import('./commands/why.ts')).declareWhy,
  },
  {
    name: 'export-trace',
    group: 'Runs:',
    isPaged: true,
    summary: 'write the trace of a run as text or JSON lines',
    endsOrderly: true,
    load: async () => (await import('./commands/export-trace.ts')).declareExportTrace,
  },
  {
    name: 'fork',
    group: 'Runs:',
    summary: 'go on with a run in another way from one of its events',
    endsOrderly: true,
    load: async () => (await import('./commands/fork.ts')).declareFork,
  },
  {
    name: 'diff',
    group: 'Runs:',
    isPaged: true,
    summary: 'compare two runs: events, objects, relations, cost',
    endsOrderly: false,
    load: async () => (await import('./commands/diff.ts')).declareDiff,
  },
  {
    name: 'promote',
    group: 'Runs:',
    summary: 'take the changes of a fork into its parent',
    endsOrderly: true,
    load: async () => (await import('./commands/promote.ts')).declarePromote,
  },
  {
    name: 'approvals',
    group: 'Runs:',
    isPaged: true,
    summary: 'list what waits for a decision in a run',
    endsOrderly: false,
    load: async () => (await import('./commands/approvals.ts')).declareApprovals,
  },
  {
    name: 'approve',
    group: 'Runs:',
    summary: 'grant a proposal',
    endsOrderly: true,
    load: async () => (await import('./commands/approve.ts')).declareApprove,
  },
  {
    name: 'deny',
    group: 'Runs:',
    summary: 'deny a proposal',
    endsOrderly: true,
    load: async () => (await import('./commands/deny.ts')).declareDeny,
  },
  {
    name: 'agent',
    group: 'Sessions of agents:',
    summary: 'ask an agent, and keep what it says and does in a session',
    endsOrderly: true,
    heedsSecond: true,
    load: async () => (await import('./commands/sessions/agent.ts')).declareAgent,
  },
  {
    name: 'sessions',
    group: 'Sessions of agents:',
    isPaged: true,
    summary: 'list the sessions of agents in a store, or find what was said in them',
    endsOrderly: false,
    load: async () => (await import('./commands/sessions/sessions.ts')).declareSessions,
  },
  {
    name: 'usage',
    group: 'Sessions of agents:',
    isPaged: true,
    summary: 'sum up what agents have used, and what it cost',
    endsOrderly: false,
    load: async () => (await import('./commands/sessions/usage.ts')).declareUsage,
  },
  {
    name: 'session',
    group: 'Sessions of agents:',
    isPaged: true,
    summary: 'show what was said in a session of an agent, or its events',
    endsOrderly: false,
    load: async () => (await import('./commands/sessions/session.ts')).declareSession,
  },
  {
    name: 'maintain',
    group: 'Sessions of agents:',
    summary: 'let old sessions of agents go by a policy in a file',
    endsOrderly: true,
    load: async () => (await import('./commands/sessions/maintain.ts')).declareMaintain,
  },
  {
    name: 'migrate',
    group: 'Stores:',
    summary: 'move runs from one store to another, with proof',
    endsOrderly: true,
    load: async () => (await import('./commands/migrate.ts')).declareMigrate,
  },
  {
    name: 'import',
    group: 'Stores:',
    summary: 'take runs from a file of events into a store',
    endsOrderly: true,
    load: async () => (await import('./commands/import.ts')).declareImport,
  },
  {
    name: 'schema',
    group: 'Stores:',
    summary: 'show the layout of a store, or bring it to the newest version',
    endsOrderly: true,
    load: async () => (await import('./commands/schema.ts')).declareSchema,
  },
  {
    name: 'doctor',
    group: 'Stores:',
    summary: 'look for damage in a store, and put right what follows from its history',
    endsOrderly: true,
    load: async () => (await import('./commands/doctor.ts')).declareDoctor,
  },
  {
    name: 'backup',
    group: 'Stores:',
    summary: 'copy a store into a file while others write, and look at the copy',
    endsOrderly: true,
    load: async () => (await import('./commands/backup.ts')).declareBackup,
  },
  {
    name: 'archive',
    group: 'Stores:',
    summary: 'move runs that a policy lets go into another store, with proof',
    endsOrderly: true,
    load: async () => (await import('./commands/archive.ts')).declareArchive,
  },
  {
    name: 'delete',
    group: 'Stores:',
    summary: 'remove runs that a policy lets go, for good',
    endsOrderly: true,
    load: async () => (await import('./commands/delete.ts')).declareDelete,
  },
  {
    name: 'pin',
    group: 'Stores:',
    summary: 'keep a run from every policy',
    endsOrderly: true,
    load: async () => (await import('./commands/pin.ts')).declarePin,
  },
  {
    name: 'unpin',
    group: 'Stores:',
    summary: 'let a pinned run go again',
    endsOrderly: true,
    load: async () => (await import('./commands/pin.ts')).declareUnpin,
  },
  {
    name: 'detach',
    group: 'Stores:',
    summary: 'give a fork a copy of what it shares, so that its parent may go',
    endsOrderly: true,
    load: async () => (await import('./commands/detach.ts')).declareDetach,
  },
  {
    name: 'why-kept',
    group: 'Stores:',
    isPaged: true,
    summary: 'say what keeps a run in a store',
    endsOrderly: false,
    load: async () => (await import('./commands/why-kept.ts')).declareWhyKept,
  },
  {
    name: 'ao',
    group: 'Stores:',
    summary: 'move the legacy state of the Agent Orchestrator into the database of its rewrite',
    // Killed at any moment, the next run completes it.
    endsOrderly: false,
    failsWith: 1,
    load: async () => (await import('./commands/ao.ts')).declareAo,
  },
  {
    name: 'conformance',
    group: 'Stores:',
    summary: 'put a store that you have written through the conformance kit',
    endsOrderly: true,
    load: async () => (await import('./commands/conformance.ts')).declareConformance,
  },
  {
    name: 'completion',
    group: 'Shell:',
    summary: 'print what makes a shell complete commands and options',
    endsOrderly: false,
    load: async () => (await import('./commands/shell/completion.ts')).declareCompletion,
  },
  {
    name: 'complete',
    group: 'Shell:',
    isHidden: true,
    summary: 'offer what fits the words behind --',
    endsOrderly: false,
    load: async () => (await import('./commands/shell/completion.ts')).declareComplete,
  },
];
