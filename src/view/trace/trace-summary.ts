/** Decides what a run was in numbers: its events by type, what it asked of models and tools, what that cost and how long it took. */
import { addUsd, isUsd, type JsonObject, type JsonValue, type Usd, zeroUsd } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { moneyText, secondsText } from '../text/number-text.ts';
import { line, pad } from '../text/printable.ts';

/** How many calls, what they cost (dollars) and how long they took (seconds). */
export interface CallSummary {
  /** Questions put, those that a cache answered included. */
  readonly calls: number;
  readonly cacheHits: number;
  readonly failed: number;
  readonly costUsd: Usd;
  readonly seconds: number;
}

/** Counts over a trace: events, calls, failures, times (ISO text). */
export interface TraceSummary {
  readonly events: number;
  /** Most frequent first. */
  readonly byType: readonly (readonly [type: string, count: number])[];
  readonly model: CallSummary & { readonly inputTokens: number; readonly outputTokens: number };
  readonly tool: CallSummary;
  readonly behaviorFailures: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

interface Calls {
  calls: number;
  cacheHits: number;
  failed: number;
  costUsd: Usd;
  seconds: number;
}

/** Takes in the events of a run one by one. */
export class TraceTally {
  readonly #counts = new Map<string, number>();
  readonly #model = { ...noCalls(), inputTokens: 0, outputTokens: 0 };
  readonly #tool = noCalls();
  #firstAt: string | null = null;
  #lastAt: string | null = null;

  add({ type, payload, timestamp }: LogEvent): void {
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    this.#firstAt ??= timestamp;
    this.#lastAt = timestamp;
    if (type === 'llm.requested') this.#model.calls += 1;
    if (type === 'tool.requested') this.#tool.calls += 1;
    if (type === 'tool.responded') addAnswer(this.#tool, payload);
    if (type !== 'llm.responded') return;
    addAnswer(this.#model, payload);
    this.#model.inputTokens += numberOf(payload['input_tokens']);
    this.#model.outputTokens += numberOf(payload['output_tokens']);
  }

  get summary(): TraceSummary {
    const byType = [...this.#counts].sort(
      ([left, many], [right, more]) => more - many || (left < right ? -1 : 1),
    );
    return {
      events: byType.reduce((sum, [, count]) => sum + count, 0),
      byType,
      model: { ...this.#model },
      tool: { ...this.#tool },
      behaviorFailures: this.#counts.get('behavior.failed') ?? 0,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
    };
  }
}

/** What `--json` prints of the counts of a trace. */
export function summaryToJson(summary: TraceSummary): JsonObject {
  const calls = ({ calls: count, cacheHits, failed, costUsd, seconds }: CallSummary): JsonObject => ({
    calls: count,
    cache_hits: cacheHits,
    failed,
    cost_usd: costUsd,
    seconds,
  });
  const { model, tool } = summary;
  return {
    events: summary.events,
    by_type: Object.fromEntries(summary.byType),
    model: { ...calls(model), input_tokens: model.inputTokens, output_tokens: model.outputTokens },
    tool: calls(tool),
    behavior_failures: summary.behaviorFailures,
    first_at: summary.firstAt,
    last_at: summary.lastAt,
  };
}

/** The lines that a person reads of the counts of a trace. */
export function summaryText(summary: TraceSummary): readonly string[] {
  const { model, tool } = summary;
  const calls = ({ calls: count, cacheHits, failed }: CallSummary): string =>
    [
      `${count}`,
      ...(cacheHits > 0 ? [`${cacheHits} from cache`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
    ].join(', ');
  const total = addUsd(model.costUsd, tool.costUsd);
  return [
    line`events:           ${summary.events}`,
    ...summary.byType.map(([type, count]) => `  ${pad(type, 28)} ${String(count).padStart(6)}`),
    line`model calls:      ${calls(model)}`,
    line`tokens:           ${model.inputTokens} in, ${model.outputTokens} out`,
    line`tool calls:       ${calls(tool)}`,
    line`failures:         ${summary.behaviorFailures}`,
    line`cost:             ${moneyText(total)} (models ${moneyText(model.costUsd)}, tools ${moneyText(tool.costUsd)})`,
    line`waited for:       ${secondsText(model.seconds + tool.seconds)}`,
    line`from, to:         ${summary.firstAt ?? '(none)'}, ${summary.lastAt ?? '(none)'}`,
  ];
}

function noCalls(): Calls {
  return { calls: 0, cacheHits: 0, failed: 0, costUsd: zeroUsd, seconds: 0 };
}

function addAnswer(calls: Calls, payload: JsonObject): void {
  if ((payload['error'] ?? null) !== null) calls.failed += 1;
  if (payload['cache_hit'] === true) {
    calls.cacheHits += 1;
    return;
  }
  const { cost_usd: cost } = payload;
  if (typeof cost === 'string' && isUsd(cost)) calls.costUsd = addUsd(calls.costUsd, cost);
  calls.seconds += numberOf(payload['latency_seconds']);
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
