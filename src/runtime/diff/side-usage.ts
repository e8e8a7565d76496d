/** Decides what a stretch of a run has cost: questions, tokens and money, with what a record answered counted apart. */
import { addUsd, type JsonObject, type JsonValue, readUsd, type Usd, zeroUsd } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** Answers, and what they cost or would have cost. */
export interface Spent {
  readonly modelAnswers: number;
  readonly toolAnswers: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: Usd;
}

/** What one side of a comparison asked for, and what it read from records. */
export interface SideUsage {
  /** Answered by a model or a tool. */
  readonly asked: Spent;
  /** Answered by a record: nothing of it was spent. */
  readonly cached: Spent;
}

/** Adds up, event by event. */
export class UsageSum {
  readonly #sums = { asked: zero(), cached: zero() };

  add({ type, payload }: LogEvent): void {
    if (type !== 'llm.responded' && type !== 'tool.responded') return;
    add(payload['cache_hit'] === true ? this.#sums.cached : this.#sums.asked, type, payload);
  }

  get total(): SideUsage {
    return this.#sums;
  }
}

type Sum = { -readonly [Key in keyof Spent]: Spent[Key] };

function zero(): Sum {
  return { modelAnswers: 0, toolAnswers: 0, inputTokens: 0, outputTokens: 0, costUsd: zeroUsd };
}

function add(sum: Sum, type: string, payload: JsonObject): void {
  if (type === 'llm.responded') sum.modelAnswers += 1;
  else sum.toolAnswers += 1;
  sum.inputTokens += countOf(payload['input_tokens']);
  sum.outputTokens += countOf(payload['output_tokens']);
  const { cost_usd: cost } = payload;
  const amount = typeof cost === 'string' ? readUsd(cost) : null;
  if (amount !== null) sum.costUsd = addUsd(sum.costUsd, amount);
}

function countOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
