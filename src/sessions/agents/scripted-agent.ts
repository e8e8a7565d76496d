/** Decides what an agent is that follows a script: for tests and examples. Nothing is started, nothing is paid. */
import {
  checkArguments,
  checkOptionNames,
  type Canceller,
  type CancelSignal,
  zeroUsd,
} from '../../base/index.ts';
import type { Capability } from '../capabilities/capability.ts';
import { sessionError } from '../errors/session-error.ts';
import type { Execution } from '../model/execution.ts';
import type { Session } from '../model/session.ts';
import type { AgentAdapter, AgentCall, AgentEvent, AgentResult } from './port.ts';
import { checkAnswer, noAnswer } from './sound-result.ts';

/** What the script of one run sees and may do. */
export interface ScriptedScene {
  readonly run: Execution;
  readonly session: Session;
  readonly call: AgentCall;
  /** Cancelled by `cancel`, by the caller's signal and by `close`. */
  readonly signal: CancelSignal;
  /** Tells an event, and resolves when it is taken. */
  readonly tell: (event: AgentEvent) => Promise<void>;
}

/** The script of an agent for tests. */
export interface ScriptedAgentOptions {
  /** `'scripted'` by default. */
  readonly name?: string;
  readonly capabilities?: readonly Capability[];
  readonly newCanceller: () => Canceller;
  /** Plays one run. What it leaves out of the result is empty; what it throws is what `execute` rejects with. */
  readonly play: (scene: ScriptedScene) => Promise<Partial<AgentResult>>;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  name: true,
  capabilities: true,
  newCanceller: true,
  play: true,
} satisfies Record<keyof ScriptedAgentOptions, true>);

/** A script that has been cancelled ends as `cancelled`, also one that takes no notice. It times nothing. */
export function scriptedAgent(options: ScriptedAgentOptions): AgentAdapter {
  checkArguments('scriptedAgent', { options: [options, 'with play'] });
  checkOptionNames('scriptedAgent', options, optionNames);
  const { name = 'scripted', play } = options;
  const underWay = new Map<string, { readonly stop: Canceller; readonly ended: Promise<unknown> }>();

  const stopRun = async (runId: string): Promise<void> => {
    underWay.get(runId)?.stop.abort();
    await underWay.get(runId)?.ended;
  };
  const execute = async (run: Execution, session: Session, call: AgentCall): Promise<AgentResult> => {
    const stop = options.newCanceller();
    const cancel = (): void => stop.abort(call.signal?.reason);
    call.signal?.addEventListener('abort', cancel, { once: true });
    if (call.signal?.aborted === true) cancel();
    const cancelled = new Promise<never>((_, reject) => {
      const end = (): void => reject(sessionError('cancelled', `run '${run.id}' was cancelled`));
      stop.signal.addEventListener('abort', end, { once: true });
      if (stop.signal.aborted) end();
    });
    const tell = async (event: AgentEvent): Promise<void> => {
      if (stop.signal.aborted) throw sessionError('cancelled', `run '${run.id}' was cancelled`);
      await call.onEvent(event);
    };
    const playing = Promise.race([cancelled, play({ run, session, call, signal: stop.signal, tell })]);
    underWay.set(run.id, { stop, ended: playing.catch(() => undefined) });
    try {
      return wholeAnswer(name, await playing);
    } finally {
      underWay.delete(run.id);
      call.signal?.removeEventListener('abort', cancel);
    }
  };
  return Object.freeze({
    name,
    capabilities: async () => options.capabilities ?? [],
    validateConfig: async () => undefined,
    execute,
    cancel: async (runId: string) => {
      if (!underWay.has(runId)) throw sessionError('run_not_found', `run '${runId}' is not under way`);
      await stopRun(runId);
    },
    close: async () => {
      await Promise.all([...underWay.keys()].map(stopRun));
    },
  });
}

/** Throws `ProviderError` for what is no answer: what a script said is not left out because it stands in the wrong place. */
function wholeAnswer(agent: string, given: Partial<AgentResult>): AgentResult {
  checkAnswer(agent, given);
  const answerNames = [...Object.keys(empty), 'agent', 'routing'];
  const other = Object.keys(given).find((name) => !answerNames.includes(name));
  if (given.output === undefined && other !== undefined) throw noAnswer(agent, `'${other}' and no output`);
  return { ...empty, ...given };
}

const empty: AgentResult = {
  output: { content: '' },
  tokenUsage: {},
  costUsd: zeroUsd,
  model: null,
  providerSessionId: null,
  turnCount: 0,
};
