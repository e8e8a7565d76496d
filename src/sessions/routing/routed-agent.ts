/**
 * Decides how several agents are one: for each run one of them is asked, another one when it fails in a way that the next may not, and
 * everything that is told names the agent that told it.
 */
import { checkArguments, checkOptionNames, isJsonObject, type JsonObject } from '../../base/index.ts';
import { type AgentPlatform, patientAgent } from '../agents/patient-agent.ts';
import type { AgentAdapter, AgentCall, AgentEvent, AgentResult } from '../agents/port.ts';
import type { Capability } from '../capabilities/capability.ts';
import { isRetryable, sessionError, sessionErrorCode, sessionErrorToJson } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { Session } from '../model/session.ts';
import { waitsBeforeTools } from '../policy/check-policies.ts';
import { openTelemetry, type OnTelemetry, type TelemetryOutlet } from '../telemetry/telemetry.ts';
import { AgentHealth, type HealthOptions, type HealthStatus } from './agent-health.ts';
import { orderedChoices, requiredByRun, type RoutingRules, rulesOf } from './routing-rules.ts';
import { StickyAgents } from './sticky-agents.ts';

/** The agents behind a router, its rules, and how long (milliseconds) a session stays with one. */
export interface RoutedAgentOptions extends HealthOptions, Partial<RoutingRules> {
  /** Each under its name, which is not given twice. */
  readonly agents: readonly AgentAdapter[];
  readonly platform: AgentPlatform & { readonly nowMs: () => number };
  /** A session is given to the agent that worked in it last, for so long after that; 0, the default, never. */
  readonly stickyTtlMs?: number;
  /** Told of each attempt: that it began, and how it ended. */
  readonly onTelemetry?: OnTelemetry | null;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  agents: true,
  platform: true,
  stickyTtlMs: true,
  onTelemetry: true,
  cooldownMs: true,
  circuitBreaker: true,
  strategy: true,
  prefer: true,
  exclude: true,
  weights: true,
  maxAttempts: true,
  requiredCapabilities: true,
} satisfies Record<keyof RoutedAgentOptions, true>);

/** Several agents behind one port; `status` says how each has done. */
export interface RoutedAgent extends AgentAdapter {
  /** How each agent is, by its name. */
  status(): Readonly<Record<string, HealthStatus>>;
}

interface Bound {
  /** `null` before the first one is asked. */
  agent: AgentAdapter | null;
  isCancelled: boolean;
}

interface Member {
  readonly agent: AgentAdapter;
  readonly health: AgentHealth;
}

const routerName = 'router';

/** Throws `ValidationError` for no agent, and for two of one name. */
export function routedAgent(options: RoutedAgentOptions): RoutedAgent {
  checkArguments('routedAgent', { options: [options, 'with agents'] });
  checkOptionNames('routedAgent', options, optionNames);

  return Object.freeze(new Router(options).adapter());
}

class Router {
  readonly #members = new Map<string, Member>();
  readonly #rules: RoutingRules;
  readonly #sticky: StickyAgents;
  readonly #nowMs: () => number;
  readonly #telemetry: TelemetryOutlet | null;
  readonly #bound = new Map<string, Bound>();

  constructor(options: RoutedAgentOptions) {
    const { agents, platform, stickyTtlMs = 0 } = options;
    for (const agent of agents) {
      if (this.#members.has(agent.name)) throw invalid(`two agents are called '${agent.name}'`);
      this.#members.set(agent.name, {
        agent: patientAgent(agent, platform),
        health: new AgentHealth(options),
      });
    }
    if (agents.length === 0) throw invalid('a router needs an agent');
    this.#rules = {
      strategy: options.strategy ?? 'prefer',
      prefer: options.prefer ?? [],
      exclude: options.exclude ?? [],
      weights: options.weights ?? {},
      maxAttempts: options.maxAttempts ?? 3,
      requiredCapabilities: options.requiredCapabilities ?? [],
    };
    this.#sticky = new StickyAgents(stickyTtlMs);
    this.#nowMs = platform.nowMs;
    this.#telemetry = openTelemetry(options.onTelemetry, { nowMs: platform.nowMs });
  }

  adapter(): RoutedAgent {
    return {
      name: routerName,
      attempts: this.#members.size,
      capabilities: () => this.#capabilities(),
      execute: (run, session, call) => this.#execute(run, session, call),
      cancel: (runId) => this.#cancel(runId),
      validateConfig: async (settings) => {
        rulesOf(this.#rules, settings['routing']);
        await this.#each(({ agent }) => agent.validateConfig(settingsOf(settings, agent.name) ?? {}));
      },
      endLeftovers: async (runId, how) => {
        const ended = await this.#each(async ({ agent }) => agent.endLeftovers?.(runId, how) ?? 0);
        return ended.reduce((sum, count) => sum + count, 0);
      },
      close: async () => {
        await this.#each(({ agent }) => agent.close());
      },
      status: () =>
        Object.fromEntries([...this.#members].map(([id, { health }]) => [id, health.status(this.#nowMs())])),
    };
  }

  /** What one of them can do; what every run may rely on only where all can. */
  async #capabilities(): Promise<readonly Capability[]> {
    const lists = await this.#each(({ agent }) => agent.capabilities());
    const all = new Map(lists.flat().map((one) => [JSON.stringify([one.type, one.name, one.enabled]), one]));
    const isSure = lists.every((list) =>
      list.some(({ name, enabled }) => enabled && name === waitsBeforeTools),
    );
    return [...all.values()].filter(({ name }) => isSure || name !== waitsBeforeTools);
  }

  async #execute(run: Execution, session: Session, call: AgentCall): Promise<AgentResult> {
    const rules = rulesOf(this.#rules, call.settings?.['routing']);
    const bound: Bound = { agent: null, isCancelled: false };
    this.#bound.set(run.id, bound);
    try {
      const candidates = await this.#candidates(rules, run, session);
      const names = candidates.map(({ agent }) => agent.name);
      let failover: JsonObject = {};
      for (const [index, member] of candidates.entries()) {
        const { name } = member.agent;
        const attempt = index + 1;
        const routing = {
          routed_provider: name,
          routing_attempt: attempt,
          routing_candidates: names,
          ...failover,
        };
        if (bound.isCancelled || call.signal?.aborted === true) throw cancelled(run.id);
        bound.agent = member.agent;
        call.onAgent?.(name);
        const tried = await this.#attempt(member, run, session, call, routing);
        if ('result' in tried) {
          this.#sticky.set(session.id, name, this.#nowMs());
          return { ...tried.result, agent: name, routing };
        }
        const next = names[attempt];
        if (!tried.isAgentsFault || next === undefined) throw tried.failure;
        const { code, message } = sessionErrorToJson(tried.failure);
        // What this agent said so far is not part of what the run says: whoever reads the log finds that here.
        const mark = { error_code: code, error_message: message, ...routing, failover_to: next };
        await call.onEvent(toldBy({ type: 'error_occurred', data: mark }, routing));
        failover = { failover_from: name, failover_reason: code };
      }
      throw invalid('a router needs an agent');
    } finally {
      this.#bound.delete(run.id);
    }
  }

  async #attempt(
    { agent, health }: Member,
    run: Execution,
    session: Session,
    call: AgentCall,
    routing: Routing,
  ): Promise<
    { readonly result: AgentResult } | { readonly failure: unknown; readonly isAgentsFault: boolean }
  > {
    const beganMs = this.#nowMs();
    const settle = health.begin(beganMs);
    const told = {
      session_id: session.id,
      run_id: run.id,
      adapter_id: agent.name,
      attempt: routing.routing_attempt,
      candidate_ids: routing.routing_candidates,
    };
    const duration = (): { readonly duration_ms: number } => ({
      duration_ms: Math.max(0, this.#nowMs() - beganMs),
    });
    this.#telemetry?.tellNow('router.attempt.start', told);
    const { settings: all, onAgent: _onAgent, ...rest } = call;
    const settings = settingsOf(all ?? {}, agent.name);
    let isRefused = false;
    const onEvent = async (event: AgentEvent): Promise<void> => {
      try {
        await call.onEvent(toldBy(event, routing));
      } catch (error) {
        isRefused = true;
        throw error;
      }
    };
    try {
      const own = settings === null ? rest : { ...rest, settings };
      const result = await agent.execute(run, session, { ...own, onEvent });
      settle('success', this.#nowMs());
      this.#telemetry?.tellNow('router.attempt.stop', told, duration());
      return { result };
    } catch (failure) {
      const isStopped = isRefused || call.signal?.aborted === true;
      const isAgentsFault = !isStopped && isRetryable(failure);
      settle(isAgentsFault ? 'failure' : 'unknown', this.#nowMs());
      const failed = { ...told, error_code: sessionErrorCode(failure) };
      this.#telemetry?.tellNow('router.attempt.exception', failed, duration());
      return { failure, isAgentsFault };
    }
  }

  async #candidates(rules: RoutingRules, run: Execution, session: Session): Promise<readonly Member[]> {
    const nowMs = this.#nowMs();
    const all = await this.#each(async ({ agent, health }) => ({
      id: agent.name,
      capabilities: await agent.capabilities(),
      penalty: health.penalty(nowMs),
    }));
    const required = [...rules.requiredCapabilities, ...requiredByRun(run.metadata)];
    const fitting = orderedChoices({ ...rules, requiredCapabilities: required }, all);
    const against: Record<string, string> = {};
    const well = fitting.flatMap(({ id }) => {
      const member = this.#members.get(id);
      const reason = member?.health.reasonAgainst(nowMs) ?? null;
      if (reason !== null) against[id] = reason;
      return member === undefined || reason !== null ? [] : [member];
    });
    if (well.length === 0) throw nobody(fitting.length, against);
    const last = this.#sticky.get(session.id, nowMs);
    const kept = well.filter(({ agent }) => agent.name === last);
    return [...kept, ...well.filter((member) => !kept.includes(member))].slice(0, rules.maxAttempts);
  }

  async #cancel(runId: string): Promise<void> {
    const bound = this.#bound.get(runId);
    if (bound === undefined) throw sessionError('run_not_found', `run '${runId}' is not under way`);
    bound.isCancelled = true;
    await bound.agent?.cancel(runId);
  }

  async #each<Answer>(work: (member: Member) => Promise<Answer>): Promise<readonly Answer[]> {
    return Promise.all([...this.#members.values()].map(work));
  }
}

interface Routing extends JsonObject {
  readonly routed_provider: string;
  readonly routing_attempt: number;
  readonly routing_candidates: readonly string[];
}

/** The whole of it where a run begins and ends; the attempt on every event. */
function toldBy(event: AgentEvent, routing: Routing): AgentEvent {
  const isEdge = event.type === 'run_started' || event.type === 'run_completed';
  return {
    ...event,
    data: isEdge ? { ...event.data, ...routing } : event.data,
    metadata: { ...event.metadata, routing_attempt: routing.routing_attempt },
  };
}

/** What stands for one agent in `settings.agents`; `null` when nothing does. */
function settingsOf(settings: JsonObject, name: string): JsonObject | null {
  const agents = settings['agents'];
  const own = agents !== undefined && isJsonObject(agents) ? agents[name] : undefined;
  return own !== undefined && isJsonObject(own) ? own : null;
}

function nobody(fitting: number, against: Readonly<Record<string, string>>): Error {
  const why = fitting === 0 ? 'none of the agents fits the run' : 'every agent that fits is left alone now';
  return sessionError('provider_unavailable', `no agent can be asked: ${why}`, {
    details: { against },
    howToFix:
      fitting === 0
        ? 'Look at `exclude` and at the capabilities that are required.'
        : 'Try again later; `status()` of the router says how its agents are.',
  });
}

function cancelled(runId: string): Error {
  return sessionError('cancelled', `run '${runId}' was cancelled`, { details: { run_id: runId } });
}

function invalid(problem: string): Error {
  return sessionError('validation_error', problem, { details: { field: 'agents' } });
}
