/** Decides which commands there are. Each is loaded when it is used: help and mistakes answer at once. */
import type { DeclareCommand } from './cli-context.ts';

export interface TableEntry {
  readonly name: string;
  readonly summary: string;
  /** True for what must not be cut off in the middle; everything else ends at once when it is interrupted. */
  readonly endsOrderly: boolean;
  /** True for what does something of its own when it is interrupted a second time. */
  readonly heedsSecond?: true;
  /** What every failure ends with, mistakes in the arguments included, where somebody else's contract says so. */
  readonly failsWith?: 1;
  readonly load: () => Promise<DeclareCommand>;
}

export const commandTable: readonly TableEntry[] = [
  {
    name: 'quickstart',
    summary: 'research three companies offline, then fork the run under a stricter setting',
    endsOrderly: true,
    load: async () => (await import('./commands/quickstart.ts')).declareQuickstart,
  },
  {
    name: 'runs',
    summary: 'list the runs of a store',
    endsOrderly: false,
    load: async () => (await import('./commands/runs.ts')).declareRuns,
  },
  {
    name: 'inspect',
    summary: 'show the state of a run, one event, its behaviors or its packs',
    endsOrderly: false,
    load: async () => (await import('./commands/inspect.ts')).declareInspect,
  },
  {
    name: 'replay',
    summary: 'rebuild a run from its log, or verify that its behaviors make it again',
    endsOrderly: false,
    load: async () => (await import('./commands/replay.ts')).declareReplay,
  },
  {
    name: 'why',
    summary: 'show what led to an object, up to the goal',
    endsOrderly: false,
    load: async () => (await import('./commands/why.ts')).declareWhy,
  },
  {
    name: 'export-trace',
    summary: 'write the trace of a run as text or JSON lines',
    endsOrderly: true,
    load: async () => (await import('./commands/export-trace.ts')).declareExportTrace,
  },
  {
    name: 'fork',
    summary: 'go on with a run in another way from one of its events',
    endsOrderly: true,
    load: async () => (await import('./commands/fork.ts')).declareFork,
  },
  {
    name: 'diff',
    summary: 'compare two runs: events, objects, relations, cost',
    endsOrderly: false,
    load: async () => (await import('./commands/diff.ts')).declareDiff,
  },
  {
    name: 'promote',
    summary: 'take the changes of a fork into its parent',
    endsOrderly: true,
    load: async () => (await import('./commands/promote.ts')).declarePromote,
  },
  {
    name: 'approvals',
    summary: 'list what waits for a decision in a run',
    endsOrderly: false,
    load: async () => (await import('./commands/approvals.ts')).declareApprovals,
  },
  {
    name: 'approve',
    summary: 'grant a proposal',
    endsOrderly: true,
    load: async () => (await import('./commands/approve.ts')).declareApprove,
  },
  {
    name: 'deny',
    summary: 'deny a proposal',
    endsOrderly: true,
    load: async () => (await import('./commands/deny.ts')).declareDeny,
  },
  {
    name: 'agent',
    summary: 'ask an agent, and keep what it says and does in a session',
    endsOrderly: true,
    heedsSecond: true,
    load: async () => (await import('./commands/sessions/agent.ts')).declareAgent,
  },
  {
    name: 'sessions',
    summary: 'list the sessions of agents in a store, or find what was said in them',
    endsOrderly: false,
    load: async () => (await import('./commands/sessions/sessions.ts')).declareSessions,
  },
  {
    name: 'usage',
    summary: 'sum up what agents have used, and what it cost',
    endsOrderly: false,
    load: async () => (await import('./commands/sessions/usage.ts')).declareUsage,
  },
  {
    name: 'session',
    summary: 'show what was said in a session of an agent, or its events',
    endsOrderly: false,
    load: async () => (await import('./commands/sessions/session.ts')).declareSession,
  },
  {
    name: 'migrate',
    summary: 'move runs from one store to another, with proof',
    endsOrderly: true,
    load: async () => (await import('./commands/migrate.ts')).declareMigrate,
  },
  {
    name: 'import',
    summary: 'take runs from a file of events into a store',
    endsOrderly: true,
    load: async () => (await import('./commands/import.ts')).declareImport,
  },
  {
    name: 'schema',
    summary: 'show the layout of a store, or bring it to the newest version',
    endsOrderly: true,
    load: async () => (await import('./commands/schema.ts')).declareSchema,
  },
  {
    name: 'maintain',
    summary: 'let old sessions of agents go by a policy in a file',
    endsOrderly: true,
    load: async () => (await import('./commands/sessions/maintain.ts')).declareMaintain,
  },
  {
    name: 'doctor',
    summary: 'look for damage in a store, and put right what follows from its history',
    endsOrderly: true,
    load: async () => (await import('./commands/doctor.ts')).declareDoctor,
  },
  {
    name: 'backup',
    summary: 'copy a store into a file while others write, and look at the copy',
    endsOrderly: true,
    load: async () => (await import('./commands/backup.ts')).declareBackup,
  },
  {
    name: 'archive',
    summary: 'move runs that a policy lets go into another store, with proof',
    endsOrderly: true,
    load: async () => (await import('./commands/archive.ts')).declareArchive,
  },
  {
    name: 'delete',
    summary: 'remove runs that a policy lets go, for good',
    endsOrderly: true,
    load: async () => (await import('./commands/delete.ts')).declareDelete,
  },
  {
    name: 'pin',
    summary: 'keep a run from every policy',
    endsOrderly: true,
    load: async () => (await import('./commands/pin.ts')).declarePin,
  },
  {
    name: 'unpin',
    summary: 'let a pinned run go again',
    endsOrderly: true,
    load: async () => (await import('./commands/pin.ts')).declareUnpin,
  },
  {
    name: 'detach',
    summary: 'give a fork a copy of what it shares, so that its parent may go',
    endsOrderly: true,
    load: async () => (await import('./commands/detach.ts')).declareDetach,
  },
  {
    name: 'why-kept',
    summary: 'say what keeps a run in a store',
    endsOrderly: false,
    load: async () => (await import('./commands/why-kept.ts')).declareWhyKept,
  },
  {
    name: 'ao',
    summary: 'move the legacy state of the Agent Orchestrator into the database of its rewrite',
    // Killed at any moment, the next run completes it.
    endsOrderly: false,
    failsWith: 1,
    load: async () => (await import('./commands/ao.ts')).declareAo,
  },
  {
    name: 'conformance',
    summary: 'put a store that you have written through the conformance kit',
    endsOrderly: true,
    load: async () => (await import('./commands/conformance.ts')).declareConformance,
  },
];
