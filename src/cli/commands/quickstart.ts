/** The command `quickstart`: the bundled Diligence pack over three companies, on a real file, with no key and no network. */
import { performance } from 'node:perf_hooks';
import type { JsonObject } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import {
  quickstart,
  type QuickstartProgress,
  type QuickstartReport,
  type QuickstartRunReport,
} from '../../app/index.ts';
import {
  type QuickstartRun,
  quickstartText,
  runDiffToJson,
  summaryToJson,
  type TraceSummary,
  traceLines,
  TraceTally,
} from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { notEmpty, takesJson } from '../arguments/option-values.ts';
import { printErrorLines, printJson, printLines } from '../print.ts';
import { programName } from '../program-name.ts';

interface QuickstartFlags {
  readonly store?: string;
  readonly review?: boolean;
  readonly slow?: boolean;
  readonly json?: boolean;
}

export const declareQuickstart: DeclareCommand = (command, context) => {
  takesJson(command)
    .option('--store <url>', 'where to keep the run (default: sqlite:///.runlog/quickstart.db)', notEmpty)
    .option('--review', 'let memos and risks wait for your approval')
    .option('--slow', 'let answers take as long as they once took: time to watch it, and to kill it')
    .addHelp(
      examples(
        'runlog quickstart',
        'runlog quickstart --store sqlite:///demo.db',
        'runlog quickstart --review',
        'runlog quickstart --slow',
      ),
    )
    .action(async ({ store, review, slow, json }: QuickstartFlags) => {
      if (store !== undefined) context.names = { url: store };
      const start = performance.now();
      const progress = new Progress(context, json === true ? 'none' : slow === true ? 'behaviors' : 'goals');
      const { url, report } = await quickstart({
        ...(store === undefined ? {} : { url: store }),
        review: review === true,
        isSlow: slow === true,
        signal: context.signal,
        onProgress: (step) => progress.take(step),
      });
      await progress.end(report);
      context.signal.throwIfAborted();
      if (json === true) await printJson(context, reportToJson(url, report));
      else await printLines(context, textOf(context, url, report, (performance.now() - start) / 1000));
    });
};

/** Tells on the error stream what goes on; a line a goal is enough for something that takes a second. */
class Progress {
  readonly #context: CliContext;
  readonly #detail: 'none' | 'goals' | 'behaviors';
  #lines: string[] = [];
  #printing: Promise<void> = Promise.resolve();
  #counts = { events: 0, models: 0, tools: 0 };

  constructor(context: CliContext, detail: 'none' | 'goals' | 'behaviors') {
    this.#context = context;
    this.#detail = detail;
  }

  take(step: QuickstartProgress): void {
    if (step.kind === 'events') {
      this.#counts.events += step.events.length;
      for (const event of step.events) {
        if (event.type === 'llm.responded') this.#counts.models += 1;
        if (event.type === 'tool.responded') this.#counts.tools += 1;
        if (this.#detail === 'behaviors' && event.type === 'behavior.completed') {
          for (const text of traceLines(event)) this.#say(text);
        }
      }
      return;
    }
    this.#flushCounts();
    if (step.kind === 'goal') this.#say(`[${step.number}/${step.of}] ${step.goal}`);
    else
      this.#say(
        step.eventsBefore === 0
          ? `run ${step.runId}: new`
          : `run ${step.runId}: found, ${step.eventsBefore} events`,
      );
  }

  async end({ wasComplete, wasStopped }: QuickstartReport): Promise<void> {
    this.#flushCounts();
    if (wasComplete)
      this.#say('complete already: nothing was asked again, everything below is read from the log');
    if (wasStopped) this.#say('stopped; the same command goes on from here');
    await this.#printing;
  }

  #flushCounts(): void {
    const { events, models, tools } = this.#counts;
    if (events > 0) this.#say(`      ${events} events, ${models} answers of models, ${tools} of tools`);
    this.#counts = { events: 0, models: 0, tools: 0 };
  }

  #say(text: string): void {
    if (this.#detail === 'none') return;
    this.#lines.push(text);
    this.#printing = this.#printing.then(() => {
      const lines = this.#lines.splice(0);
      return lines.length === 0 ? undefined : printErrorLines(this.#context, lines);
    });
  }
}

function textOf(
  { paint, terminal }: CliContext,
  url: string,
  { run, fork }: QuickstartReport,
  seconds: number,
): readonly string[] {
  return quickstartText({
    run: shown(run),
    fork:
      fork === null
        ? null
        : {
            ...shown(fork),
            atEvent: fork.atEvent,
            setting: fork.setting,
            diff: fork.diff,
            own: tallied(fork.ownEvents),
          },
    url,
    program: programName(terminal.env),
    seconds,
    paint,
  });
}

function shown({ runId, head, memos, graph, events, approvals }: QuickstartRunReport): QuickstartRun {
  return { runId, head, memos, approvals, find: (id) => graph.object(id), summary: tallied(events) };
}

function tallied(events: readonly LogEvent[]): TraceSummary {
  const tally = new TraceTally();
  for (const event of events) tally.add(event);
  return tally.summary;
}

function reportToJson(url: string, { run, fork, wasComplete }: QuickstartReport): JsonObject {
  const runToJson = (report: QuickstartRunReport): JsonObject => ({
    run_id: report.runId,
    events: report.head.seq,
    head_hash: report.head.hash,
    memos: report.memos.map(({ id, data }) => ({ id, data })),
    summary: summaryToJson(shown(report).summary),
    pending_approvals: report.approvals.map(({ id, objectType, reason }) => ({
      id,
      object_type: objectType,
      reason,
    })),
  });
  return {
    store: url,
    was_complete: wasComplete,
    run: runToJson(run),
    fork:
      fork === null
        ? null
        : {
            ...runToJson(fork),
            at_event: fork.atEvent,
            setting: { ...fork.setting },
            diff: runDiffToJson(fork.diff),
          },
  };
}
