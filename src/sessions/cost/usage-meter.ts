/**
 * Decides what a run has used, from its events: each `token_usage_updated` tells what was used since the last one, and the
 * `run_completed` tells the sum, which counts in place of them where they differ. A run that failed has used what it told until then.
 */
import { checkArguments, isJsonObject, type JsonValue } from '../../base/index.ts';
import { addTokens, noTokens, type PriceTable, type TokenCounts } from '../../effects/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { priceLine, reportedCost, tokensOfUsage, type UnpricedLine, type UsageLine } from './usage-line.ts';

interface OpenRun {
  readonly sessionId: string;
  readonly runId: string | null;
  provider: string | null;
  model: string | null;
  told: UnpricedLine[];
}

/** Takes the events of any number of sessions, each session in its order; holds what runs have told that are not completed yet. */
export interface UsageMeter {
  /** The lines that this event makes final: those of a run that has ended, or none. */
  add(event: SessionEvent): readonly UsageLine[];
  /** The lines of the runs that have not ended. They may still become others. */
  open(): readonly UsageLine[];
}

const ends: readonly string[] = ['run_completed', 'run_failed', 'run_cancelled', 'run_timeout'];

/** Counts tokens and cost as events tell of them, by a table of prices. */
export function usageMeter(prices: PriceTable): UsageMeter {
  const runs = new Map<string, OpenRun>();
  return {
    add: (event) => {
      const key = JSON.stringify([event.sessionId, event.runId]);
      const run = runs.get(key) ?? opened(event);
      note(run, event);
      if (event.type === 'token_usage_updated') takeUpdate(run, event);
      if (ends.includes(event.type)) {
        // What is told behind its end (a run that was stopped and answered late) begins a new entry of the same run.
        runs.delete(key);
        return event.type === 'run_completed' ? closed(run, event, prices) : priced(run.told, prices);
      }
      if (run.told.length > 0 || event.type === 'run_started') runs.set(key, run);
      return [];
    },
    open: () => [...runs.values()].flatMap((run) => priced(run.told, prices)),
  };
}

/** The lines of these events, ended runs first. */
export function usageLines(events: Iterable<SessionEvent>, prices: PriceTable): readonly UsageLine[] {
  checkArguments('usageLines', { events: [events, 'iterable'], prices: [prices, 'list'] });
  const meter = usageMeter(prices);
  const lines: UsageLine[] = [];
  for (const event of events) lines.push(...meter.add(event));
  return [...lines, ...meter.open()];
}

function opened({ sessionId, runId }: SessionEvent): OpenRun {
  return { sessionId, runId, provider: null, model: null, told: [] };
}

/** The model that answered last counts for what is told next; a router says in `routed_provider` who really answered. */
function note(run: OpenRun, { provider, data }: SessionEvent): void {
  run.provider = textOf(data['routed_provider']) ?? provider ?? run.provider;
  run.model = textOf(data['model']) ?? run.model;
}

function takeUpdate(run: OpenRun, event: SessionEvent): void {
  const tokens = tokensOfUsage(event.data);
  if (tokens !== null) run.told.push(lineOf(run, event, tokens));
}

function closed(run: OpenRun, event: SessionEvent, prices: PriceTable): readonly UsageLine[] {
  const usage = event.data['token_usage'];
  const sum = isJsonObject(usage) ? tokensOfUsage(usage) : null;
  const told = run.told.reduce((total, { tokens }) => addTokens(total, tokens), noTokens);
  const reported = reportedCost(event.data['total_cost_usd']);
  if (reported !== null) {
    return [{ ...lineOf(run, event, sum ?? told), costUsd: reported, costSource: 'reported' }];
  }
  if (sum === null || areEqual(sum, told)) return priced(run.told, prices);
  return priced([lineOf(run, event, sum)], prices);
}

function lineOf(run: OpenRun, { timestamp }: SessionEvent, tokens: TokenCounts): UnpricedLine {
  const { sessionId, runId, provider, model } = run;
  return { sessionId, runId, provider, model, at: timestamp, tokens };
}

function priced(lines: readonly UnpricedLine[], prices: PriceTable): readonly UsageLine[] {
  return lines.map((line) => priceLine(line, prices));
}

function areEqual(left: TokenCounts, right: TokenCounts): boolean {
  return (
    left.input === right.input &&
    left.output === right.output &&
    left.cacheRead === right.cacheRead &&
    left.cacheWrite === right.cacheWrite
  );
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
