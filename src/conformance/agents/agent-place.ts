/**
 * Decides what somebody has to bring to put an agent through the kit: the agent, and three things that it can be asked to do. What a
 * case does with it, and what it hears, is written once here.
 */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import {
  type AgentAdapter,
  type AgentCall,
  type AgentEvent,
  type AgentResult,
  type Execution,
  isSessionError,
  type Mint,
  newExecution,
  newSession,
} from '../../sessions/index.ts';
import { UnmetExpectation } from '../expect.ts';
import type { PortMaker, PortPlace } from '../ports/port-case.ts';

/** What a run is asked. */
export interface AgentTask {
  readonly input: JsonValue;
  /** Settings of this run, as `execute` takes them. */
  readonly settings?: JsonObject;
}

/** One agent, and what it can be asked to do. */
export interface AgentPlace extends PortPlace {
  readonly agent: AgentAdapter;
  /** The same kind of agent, over a program or a service that is not there. */
  readonly away: AgentAdapter;
  /** Does its work and ends by itself. */
  readonly works: AgentTask;
  /** Begins, tells something and ends without having done its work. */
  readonly fails: AgentTask;
  /** Begins, tells something and goes on for a minute or longer, if nobody stops it. */
  readonly lasts: AgentTask;
  /** Settings that the agent takes, and some that it has to refuse. */
  readonly settings: { readonly taken: JsonObject; readonly refused: JsonObject };
}

/** What a module exports for `runlog conformance --port agent`. */
export type AgentMaker = PortMaker<AgentPlace>;

/** One run as a case follows it. */
export interface FollowedRun {
  readonly run: Execution;
  /** What was told so far, in order. */
  readonly told: readonly AgentEvent[];
  /** Resolves when the first event is told, and rejects when the run ends without any. */
  readonly begun: Promise<void>;
  /** How it ended; never rejects. */
  readonly ended: Promise<RunEnd>;
}

export type RunEnd =
  | { readonly result: AgentResult; readonly error: null }
  | { readonly result: null; readonly error: unknown };

/** Longer than any right agent takes for what works or fails, on a slow machine. */
export const patienceMs = 60_000;

/** Begins a run of a task. */
export function begin(
  agent: AgentAdapter,
  task: AgentTask,
  mint: Mint,
  call: Partial<AgentCall> = {},
): FollowedRun {
  const session = newSession({ agentId: 'kit' }, mint);
  const run = newExecution({ sessionId: session.id, input: task.input }, mint);
  const told: AgentEvent[] = [];
  const first = Promise.withResolvers<void>();
  const onEvent = async (event: AgentEvent): Promise<void> => {
    told.push(event);
    first.resolve();
    await call.onEvent?.(event);
  };
  const { settings } = task;
  const whole = { timeoutMs: patienceMs, ...(settings === undefined ? {} : { settings }), ...call, onEvent };
  const ended = endOf(async () => agent.execute(run, session, whole));
  void ended.then(({ error }) => {
    first.reject(new UnmetExpectation(`the run ended before it told anything: ${describe(error)}`));
  });
  first.promise.catch(() => undefined);
  return { run, told, begun: first.promise, ended };
}

async function endOf(work: () => Promise<AgentResult>): Promise<RunEnd> {
  try {
    return { result: await work(), error: null };
  } catch (error) {
    return { result: null, error };
  }
}

/** The code of a run that has to have failed with one of these; any code without a list. */
export function failedWith(end: RunEnd, what: string, codes?: readonly string[]): string {
  const { result, error } = end;
  if (result !== null)
    throw new UnmetExpectation(
      `${what}: the run did its work, and had to be rejected: ${JSON.stringify(result.output).slice(0, 300)}`,
    );
  if (!isSessionError(error))
    throw new UnmetExpectation(`${what}: rejected with ${describe(error)}, which has no code of a session`);
  if (codes === undefined || codes.includes(error.code)) return error.code;
  throw new UnmetExpectation(`${what}: rejected with ${describe(error)}, and not with ${codes.join(' or ')}`);
}

/** What came of a run that has to have done its work. */
export function doneBy({ result, error }: RunEnd, what: string): AgentResult {
  if (result !== null) return result;
  throw new UnmetExpectation(`${what}: rejected with ${describe(error)}`);
}

export function typesOf({ told }: Pick<FollowedRun, 'told'>): readonly string[] {
  return told.map(({ type }) => type);
}

function describe(error: unknown): string {
  if (isSessionError(error)) return `${error.code}: ${error.summary}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
