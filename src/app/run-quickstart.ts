/**
 * Decides how the quickstart goes: three companies are researched in one run, then the run is forked before its contradiction
 * and goes on under a stricter setting. Every step looks first at what the log says is done, so it can be killed anywhere.
 */
import type { ModelProvider, ToolInvoker } from '../effects/index.ts';
import { type CancelSignal, logicalClock } from '../base/index.ts';
import type { GraphObject, GraphReader } from '../graph/index.ts';
import type { LogEvent, LogStore } from '../log/index.ts';
import {
  companies,
  companyGoal,
  diligence,
  diligenceInvoker,
  diligenceModel,
} from '../packs/diligence/index.ts';
import { diffRuns, type PendingApproval, type RunDiff, type Runtime } from '../runtime/index.ts';
import { openForkWithSettings } from './fork/fork-with-settings.ts';
import { load, open } from './open.ts';
import type { OpenOptions } from './open-options.ts';
import { pacedInvoker, pacedModel } from './paced-answers.ts';

export const quickstartIds = {
  run: 'quickstart',
  fork: 'quickstart-stricter',
  review: 'quickstart-review',
} as const;

/** The setting that the fork changes: how sure both sides have to be before a contradiction is flagged. */
export const forkOverride = { key: 'confidence_threshold_for_review', before: '0.7', after: '0.9' } as const;

export interface QuickstartOptions {
  readonly store: LogStore;
  /** Memos and risks wait for approval; the run has an id of its own then, and no fork is made. */
  readonly review: boolean;
  readonly signal: CancelSignal;
  /** Answers take as long as they took when they were recorded. */
  readonly isSlow?: boolean;
  /** Who answers instead of the recorded model and the bundled tools. */
  readonly model?: ModelProvider;
  readonly invoker?: ToolInvoker;
  readonly onProgress: (progress: QuickstartProgress) => void;
}

/** What the quickstart tells while it works. */
export type QuickstartProgress =
  | { readonly kind: 'opened'; readonly runId: string; readonly eventsBefore: number }
  | {
      readonly kind: 'goal';
      readonly runId: string;
      readonly goal: string;
      readonly number: number;
      readonly of: number;
    }
  | { readonly kind: 'events'; readonly runId: string; readonly events: readonly LogEvent[] };

/** What one run of the quickstart left. */
export interface RunReport {
  readonly runId: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly graph: GraphReader;
  readonly events: readonly LogEvent[];
  readonly memos: readonly GraphObject[];
  readonly approvals: readonly PendingApproval[];
}

/** What the quickstart did. */
export interface QuickstartReport {
  readonly run: RunReport;
  /** `null` when the quickstart was stopped before it, or runs for review. */
  readonly fork:
    | (RunReport & {
        readonly atEvent: string;
        readonly setting: typeof forkOverride;
        readonly ownEvents: readonly LogEvent[];
        readonly diff: RunDiff;
      })
    | null;
  /** True when the run had been there as a whole before this call. */
  readonly wasComplete: boolean;
  /** True when the signal came first. The same call goes on from there. */
  readonly wasStopped: boolean;
}

export async function runQuickstart(options: QuickstartOptions): Promise<QuickstartReport> {
  const { store, review, signal } = options;
  const runId = review ? quickstartIds.review : quickstartIds.run;
  const before = (await store.info(runId))?.head.seq ?? 0;
  const runtime = await openMain(options, runId);
  const run = await withRuntime(runtime, options, before, (opened) => workOffGoals(opened, options));
  const wasComplete = run.head.seq === before;
  const forkPoint = endOfBehavior(run.events, run.events.findIndex(isContradiction));
  if (review || forkPoint === undefined || signal.aborted)
    return { run, fork: null, wasComplete, wasStopped: signal.aborted };
  const forkBefore = (await store.info(quickstartIds.fork))?.head.seq ?? 0;
  const fork = await openForkWithSettings(
    store,
    {
      parent: runId,
      atEvent: forkPoint.id,
      runId: quickstartIds.fork,
      label: 'stricter review',
      overrides: [
        {
          pack: { name: diligence.name, version: diligence.version },
          key: forkOverride.key,
          value: Number(forkOverride.after),
        },
      ],
    },
    { ...commonOptions(options), packs: [diligence] },
  );
  const forked = await withRuntime(fork, options, forkBefore, async (opened) => {
    await opened.runUntilIdle();
  });
  const diff = await diffRuns(store, runId, quickstartIds.fork);
  return {
    run,
    fork: {
      ...forked,
      atEvent: forkPoint.id,
      setting: forkOverride,
      ownEvents: forked.events.filter(({ seq }) => seq > forkPoint.seq),
      diff,
    },
    wasComplete,
    wasStopped: signal.aborted,
  };
}

/** The same on every machine and at every hour: a logical clock, recorded answers, fixed ids. */
function commonOptions(request: QuickstartOptions): OpenOptions {
  const model = request.model ?? diligenceModel();
  const invoker = request.invoker ?? diligenceInvoker();
  return {
    model: request.isSlow === true ? pacedModel(model) : model,
    invoker: request.isSlow === true ? pacedInvoker(invoker) : invoker,
    clock: logicalClock('2026-01-01T00:00:00Z'),
    budget: { maxLlmCalls: 200, maxToolCalls: 200, maxCostUsd: '5.00' },
    frame: {
      goal: 'Research companies before an investment decision',
      constraints: ['Every claim quotes a document.'],
    },
  };
}

async function openMain(request: QuickstartOptions, runId: string): Promise<Runtime> {
  const { store } = request;
  const settings = request.review ? { auto_approve_memos: false, auto_approve_risks: false } : {};
  const options = { ...commonOptions(request), runId, packs: [{ pack: diligence, settings }] };
  return (await store.info(runId)) === undefined ? open(store, options) : load(store, options);
}

async function workOffGoals(runtime: Runtime, { signal, onProgress }: QuickstartOptions): Promise<void> {
  const set = new Set<string>();
  for await (const { type, payload } of runtime.events())
    if (type === 'goal.created' && typeof payload['goal'] === 'string') set.add(payload['goal']);
  // What was begun is finished first; a run without a goal has nothing to finish, and must not be called idle.
  if (set.size > 0) await runtime.runUntilIdle();
  for (const [index, company] of companies.entries()) {
    const goal = companyGoal(company);
    if (set.has(goal)) continue;
    if (signal.aborted) return;
    onProgress({ kind: 'goal', runId: runtime.runId, goal, number: index + 1, of: companies.length });
    await runtime.runGoal(goal);
  }
}

/** Drives a run, and reports on it; a signal closes it, which ends the drive early and leaves a log that resumes. */
async function withRuntime(
  runtime: Runtime,
  { store, signal, onProgress }: QuickstartOptions,
  eventsBefore: number,
  drive: (runtime: Runtime) => Promise<void>,
): Promise<RunReport> {
  const { runId, graph } = runtime;
  const stop = (): void => void runtime.close();
  signal.addEventListener('abort', stop, { once: true });
  // A signal that came while the run was opened is told to no listener.
  if (signal.aborted) stop();
  onProgress({ kind: 'opened', runId, eventsBefore });
  runtime.onEvents((events) => onProgress({ kind: 'events', runId, events }));
  try {
    await drive(runtime);
    const events: LogEvent[] = [];
    for await (const event of runtime.events()) events.push(event);
    return {
      runId,
      graph,
      events,
      memos: graph.objects('memo'),
      head: await runtime.head(),
      approvals: await runtime.approvals(),
    };
  } catch (error) {
    if (!signal.aborted) throw error;
    const { seq, hash } = await store.head(runId);
    return { runId, graph, events: [], memos: graph.objects('memo'), head: { seq, hash }, approvals: [] };
  } finally {
    signal.removeEventListener('abort', stop);
    await runtime.close();
  }
}

/** A behavior's changes are shared as a whole, so the fork begins where the behavior that made the change ended. */
function endOfBehavior(events: readonly LogEvent[], index: number): LogEvent | undefined {
  return index < 0 ? undefined : events.slice(index).find(({ type }) => type === 'behavior.completed');
}

function isContradiction({ type, payload }: LogEvent): boolean {
  const { relation } = payload;
  return (
    type === 'relation.created' &&
    typeof relation === 'object' &&
    relation !== null &&
    'type' in relation &&
    relation.type === 'contradicts'
  );
}
