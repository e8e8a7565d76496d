// Which benchmarks there are, and what each measures. Each is loaded in a process of its own (run-one.ts), so that its memory and
// its compiled code are not those of what ran before.
import type { Figure } from './harness/figure.ts';

export type Bench = (rounds: number) => Promise<readonly Figure[]>;

interface Question {
  readonly measures: string;
  readonly load: () => Promise<Bench>;
  /** Left out unless it is named: it takes long, or needs packages of its own. */
  readonly byName?: true;
}

export const questions: Readonly<Record<string, Question>> = {
  append: {
    measures:
      'durable appends on SQLite beside the bare driver, with and without the hash chain; many callers',
    load: async () => (await import('./append/main.ts')).benchAppend,
  },
  loop: {
    measures: 'ticks of a behavior that does nothing, in memory and on SQLite, to a million',
    load: async () => (await import('./loop.ts')).benchLoop,
  },
  load: {
    measures: 'opening a run beside JSON.parse of its payloads; segments; forks',
    load: async () => (await import('./load/main.ts')).benchLoad,
  },
  resume: {
    measures: 'going on with a run of a million events, and its memory',
    load: async () => (await import('./resume/main.ts')).benchResume,
  },
  diff: {
    measures: 'comparing two runs',
    load: async () => (await import('./diff.ts')).benchDiff,
  },
  verify: {
    measures: 'running behaviors again on recorded answers, beside the loop',
    load: async () => (await import('./verify.ts')).benchVerify,
  },
  postgres: {
    measures: 'fenced appends on PostgreSQL beside a bare unnest',
    load: async () => (await import('./postgres.ts')).benchPostgres,
  },
  migrate: {
    measures: 'moving runs between stores beside INSERT … SELECT',
    load: async () => (await import('./migrate/main.ts')).benchMigrate,
  },
  sessions: {
    measures: 'session stores and the pipeline of agent events',
    load: async () => (await import('./sessions/main.ts')).benchSessions,
  },
  tail: {
    measures: 'how soon a follower has an event, in the process and across processes',
    load: async () => (await import('./tail/main.ts')).benchTail,
  },
  start: {
    measures: 'how soon a command answers, beside a bare Node',
    load: async () => (await import('./start.ts')).benchStart,
  },
  disk: {
    measures: 'bytes on disk beside the unique content',
    load: async () => (await import('./disk.ts')).benchDisk,
  },
  growth: {
    measures: 'append, tick, load, fork, diff and memory from 1,000 to 1,000,000 events, peers beside',
    load: async () => (await import('./growth/main.ts')).benchGrowth,
    byName: true,
  },
  langgraph: {
    measures:
      'LangGraph.js at the same work: steps, resume, fork, disk, a conversation; installs it the first time',
    load: async () => (await import('./peers/main.ts')).benchLanggraph,
    byName: true,
  },
  emmett: {
    measures: 'Emmett at the same work: append, read, 16 appenders; installs it the first time',
    load: async () => (await import('./peers/main.ts')).benchEmmett,
    byName: true,
  },
  agents: {
    measures: 'the session port of the OpenAI Agents SDK; installs it the first time',
    load: async () => (await import('./peers/main.ts')).benchAgents,
    byName: true,
  },
};

export const questionNames: readonly string[] = Object.keys(questions);
