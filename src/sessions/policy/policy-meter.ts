/**
 * Decides when a run does more than its policy allows, from what its agent tells: a tool when its call begins, and each limit once,
 * when it is passed. It counts; it does nothing about it.
 */
import { addUsd, compareUsd, type JsonObject, type Usd, zeroUsd } from '../../base/index.ts';
import { costOfTokens, findRates, type PriceTable, totalTokens } from '../../effects/index.ts';
import type { AgentEvent, AgentResult } from '../agents/port.ts';
import { tokensOfUsage } from '../cost/usage-line.ts';
import type { Policy, PolicyAction } from './policy.ts';
import { type ToolLists, toolLists } from './tool-lists.ts';

/** A limit or rule that was broken, and what is to be done. */
export interface PolicyViolation {
  readonly policy: string;
  readonly kind: 'tool_denied' | 'budget_exceeded';
  readonly action: PolicyAction;
  /** `{ tool_name, tool_call_id, rule, list }`, or `{ metric, actual, limit }`. */
  readonly details: JsonObject;
}

/** `missing_cost_rates`: what it cost is known in part only, so a limit of cost may be passed unseen. */
export interface PolicyWarning extends JsonObject {
  readonly warning: 'missing_cost_rates';
  readonly provider: string;
  readonly model: string | null;
}

type Metric = 'total_tokens' | 'duration_ms' | 'tool_calls' | 'cost_usd';

/** Counts what a run uses against one policy and says what was broken. */
export class PolicyMeter {
  readonly #policy: Policy;
  readonly #prices: PriceTable;
  readonly #tools: ToolLists;
  readonly #passed = new Set<Metric>();
  readonly #warnings = new Map<string, PolicyWarning>();
  #model: string | null = null;
  #tokens = 0;
  #toolCalls = 0;
  #costUsd: Usd = zeroUsd;
  /** What was used when the attempt began that is under way: an agent's own sum is of that one. */
  #before: { readonly tokens: number; readonly costUsd: Usd } = { tokens: 0, costUsd: zeroUsd };

  constructor(policy: Policy, prices: PriceTable) {
    this.#policy = policy;
    this.#prices = prices;
    this.#tools = toolLists(policy);
  }

  get warnings(): readonly PolicyWarning[] {
    return [...this.#warnings.values()];
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** An agent begins the run anew. What was used counts on. */
  beginAgain(): void {
    this.#before = { tokens: this.#tokens, costUsd: this.#costUsd };
  }

  /** `provider` is the agent that tells it, `at` the moment. */
  take({ type, data }: AgentEvent, provider: string, at: string): readonly PolicyViolation[] {
    if (type === 'run_started' && typeof data['model'] === 'string') this.#model = data['model'];
    if (type === 'tool_call_started') return this.#takeCall(data);
    return type === 'token_usage_updated' ? this.#takeUsage(data, provider, at) : [];
  }

  takeDuration(elapsedMs: number): readonly PolicyViolation[] {
    return this.#over('duration_ms', elapsedMs, this.#policy.limits.maxDurationMs);
  }

  /** What the agent says at the end where it says more than it told on the way. */
  takeResult({ tokenUsage, costUsd }: AgentResult): readonly PolicyViolation[] {
    this.#tokens = Math.max(this.#tokens, this.#before.tokens + countOf(tokenUsage));
    const saidUsd = costUsd === null ? zeroUsd : addUsd(this.#before.costUsd, costUsd);
    if (compareUsd(saidUsd, this.#costUsd) > 0) this.#costUsd = saidUsd;
    return this.#used();
  }

  #takeCall(data: JsonObject): readonly PolicyViolation[] {
    this.#toolCalls += 1;
    const tool = data['tool_name'];
    const called = { tool_name: tool ?? null, tool_call_id: data['tool_call_id'] ?? null };
    const { allowed, denied } = this.#tools;
    const isIn = (list: readonly string[]): boolean => typeof tool === 'string' && list.includes(tool);
    const broken = isIn(denied)
      ? [{ rule: 'deny', list: [...denied] }]
      : allowed !== null && !isIn(allowed)
        ? [{ rule: 'allow', list: [...allowed] }]
        : [];
    return [
      ...broken.map((rule) => this.#violation('tool_denied', { ...called, ...rule })),
      ...this.#over('tool_calls', this.#toolCalls, this.#policy.limits.maxToolCalls),
    ];
  }

  #takeUsage(data: JsonObject, provider: string, at: string): readonly PolicyViolation[] {
    this.#tokens += countOf(data);
    const tokens = tokensOfUsage(data);
    if (this.#policy.limits.maxCostUsd !== null && tokens !== null) {
      const model = this.#model;
      const found = findRates(this.#prices, { provider, model, at });
      if (found.kind === 'rates') this.#costUsd = addUsd(this.#costUsd, costOfTokens(tokens, found.rates));
      else {
        const warning = { warning: 'missing_cost_rates', provider, model } as const;
        this.#warnings.set(JSON.stringify([provider, model]), warning);
      }
    }
    return this.#used();
  }

  #used(): readonly PolicyViolation[] {
    const { maxTotalTokens, maxCostUsd } = this.#policy.limits;
    const isDear = maxCostUsd !== null && compareUsd(this.#costUsd, maxCostUsd) > 0;
    return [
      ...this.#over('total_tokens', this.#tokens, maxTotalTokens),
      ...(isDear ? this.#once('cost_usd', Number(this.#costUsd), Number(maxCostUsd)) : []),
    ];
  }

  #over(metric: Metric, actual: number, limit: number | null): readonly PolicyViolation[] {
    return limit === null || actual <= limit ? [] : this.#once(metric, actual, limit);
  }

  #once(metric: Metric, actual: number, limit: number): readonly PolicyViolation[] {
    if (this.#passed.has(metric)) return [];
    this.#passed.add(metric);
    return [this.#violation('budget_exceeded', { metric, actual, limit })];
  }

  #violation(kind: PolicyViolation['kind'], details: JsonObject): PolicyViolation {
    const { name, onViolation } = this.#policy;
    return { policy: name, kind, action: onViolation, details };
  }
}

/** What was said to be the total, or the sum of what was counted. */
function countOf(usage: JsonObject): number {
  const stated = usage['total_tokens'];
  const counted = tokensOfUsage(usage);
  const sum = counted === null ? 0 : totalTokens(counted);
  return typeof stated === 'number' && Number.isSafeInteger(stated) ? Math.max(stated, sum) : sum;
}
