/** Decides what a person is told when an agent has ended: how, what it used, where it is kept, and what to type next. */
import { shellWord, type Usd } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';
import type { Execution, ExecutionStatus } from '../../sessions/index.ts';
import type { CommandNames } from '../text/error-text.ts';
import { type Paint, plainPaint, type Style } from '../text/paint.ts';
import { clean, line } from '../text/printable.ts';
import { countText } from '../text/number-text.ts';

/** What is shown when an agent has ended its run. */
export interface AgentCallEnd {
  readonly run: Execution;
  /** `null` when nobody knows. */
  readonly costUsd: Usd | null;
  /** Events that could not be stored. */
  readonly persistenceFailures: number;
}

interface Asked {
  readonly agent: string;
  /** What held the call, as it is typed: the next call is held by nothing else than what it is given. */
  readonly limits?: readonly string[];
  readonly names: CommandNames;
  readonly paint?: Paint;
}

/** For a terminal. */
export function agentCallText(
  end: AgentCallEnd,
  { agent, limits = [], names, paint = plainPaint }: Asked,
): readonly string[] {
  const { run } = end;
  const { program = 'runlog', url = 'URL' } = names;
  const store = shellWord(withoutCredentials(url));
  const session = shellWord(run.sessionId);
  const held = limits.map((word) => `${shellWord(word)} `).join('');
  return [
    `${paint(styles[run.status], stateText(run))}  ${usedText(end)}`,
    ...failuresText(end),
    line`stored in ${store}: session ${run.sessionId}, run ${run.id}`,
    'next:',
    line`  ${program} session ${store} ${session}`,
    line`  ${program} agent run --agent ${agent} ${held}--store ${store} --session ${session} -- "..."`,
  ];
}

/** One line beside an output that is read by a program. */
export function agentCallNote(end: AgentCallEnd): string {
  const { run, persistenceFailures } = end;
  const lost = persistenceFailures === 0 ? '' : `  ${countText(persistenceFailures, 'event')} not stored`;
  return `${stateText(run)}  ${usedText(end)}  session: ${clean(run.sessionId)}  run: ${clean(run.id)}${lost}`;
}

/** A run that still runs behind the end of its agent is one whose end was not stored. */
function stateText({ status }: Execution): string {
  return status === 'running' ? 'end not stored; the next call in the session puts that right' : status;
}

/** What was put right before an agent began. */
export function recoveredText(runs: readonly Execution[]): readonly string[] {
  return runs.map(
    ({ id, status }) => line`run ${id} was left behind by a process that died; it has ended as ${status}.`,
  );
}

function usedText({ run, costUsd }: AgentCallEnd): string {
  const counts = [run.tokenUsage['input_tokens'], run.tokenUsage['output_tokens']];
  const [input = 0, output = 0] = counts.map((count) => (typeof count === 'number' ? count : 0));
  const tokens = counts.every((count) => count === undefined)
    ? 'no tokens'
    : line`${input} tokens in, ${output} out`;
  const cost = costUsd === null ? (tokens === 'no tokens' ? '' : '  cost not known') : `  $${costUsd}`;
  return `${tokens}${cost}`;
}

function failuresText({ persistenceFailures }: AgentCallEnd): readonly string[] {
  if (persistenceFailures === 0) return [];
  return [`${countText(persistenceFailures, 'event')} of the agent could not be stored.`];
}

const styles: Readonly<Record<ExecutionStatus, Style>> = {
  pending: 'dim',
  running: 'bad',
  completed: 'good',
  failed: 'bad',
  cancelled: 'warning',
  timeout: 'bad',
};
