/** Decides what one line says of a run that is watched: how far it is, what waits, what it has cost. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { line } from '../text/printable.ts';
import { pythonText } from '../text/python-text.ts';
import { type RunReport, stateStyles } from './run-status.ts';

/** Time and type of the last event, state, and what is not zero. */
export function statusLine(
  { status, tail }: Pick<RunReport, 'status' | 'tail'>,
  { paint = plainPaint }: { readonly paint?: Paint } = {},
): string {
  const last = tail.at(-1);
  const { state, eventsProcessed, queueDepth, pendingApprovals, failures, budget } = status;
  const cost = budget['cost_used_usd'];
  return [
    line`${last?.timestamp ?? '(no events)'}`,
    paint(stateStyles[state], state.padEnd(9)),
    `${eventsProcessed} events`,
    ...counted('queue', queueDepth),
    ...counted('models', usedOf(budget, 'max_llm_calls')),
    ...counted('tools', usedOf(budget, 'max_tool_calls')),
    ...(typeof cost === 'string' && Number(cost) > 0 ? [line`${cost} USD`] : []),
    ...counted('approvals', pendingApprovals),
    ...counted('failures', failures),
    ...(last === undefined ? [] : [paint('dim', line`${last.type}`)]),
  ].join('  ');
}

function counted(label: string, count: JsonValue): readonly string[] {
  return count === 0 ? [] : [line`${label} ${pythonText(count)}`];
}

function usedOf({ used }: JsonObject, name: string): JsonValue {
  return used !== undefined && isJsonObject(used) ? (used[name] ?? 0) : 0;
}
