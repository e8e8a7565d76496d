/**
 * Decides how a tool is really run: within its time, cancelled from outside when the run is, and with a result that JSON can
 * carry. Arguments are validated before and results after, by the runtime.
 */
import { checkArguments, type Canceller, type JsonValue, type Sleep } from '../base/index.ts';
import { intake } from '../log/index.ts';
import { toolError } from './errors.ts';
import type { Tool, ToolAnswer, ToolContext, ToolInvoker } from './tool-port.ts';

/** Clock (milliseconds), sleep and canceller of the invoker that calls tools in this process. */
export interface DirectInvokerOptions {
  readonly nowMs: () => number;
  readonly sleep: Sleep;
  /** A new one for every use: `() => new AbortController()`. */
  readonly canceller: () => Canceller;
}

/** Fails with `tool.timeout` when a tool takes longer than `timeoutMs` of the context, and cancels the tool's signal. */
export function directInvoker(options: DirectInvokerOptions): ToolInvoker {
  checkArguments('directInvoker', { options: [options, 'with nowMs'] });
  const { nowMs } = options;
  return Object.freeze({
    invoke: async (tool, args, context): Promise<ToolAnswer> => {
      const startedMs = nowMs();
      const result = await inTime(tool, context, options, (inner) => tool.run(args, inner));
      const latencySeconds = Math.max(0, nowMs() - startedMs) / 1000;
      return { output: asJson(tool, result), latencySeconds, costUsd: tool.costPerCallUsd };
    },
  } satisfies ToolInvoker);
}

/** The first of three settles the call: the tool's result, the end of its time, or cancelling from outside. */
async function inTime(
  tool: Tool,
  context: ToolContext,
  { sleep, canceller }: DirectInvokerOptions,
  run: (context: ToolContext) => unknown,
): Promise<unknown> {
  const { signal: outer, timeoutMs } = context;
  const call = canceller();
  const timer = canceller();
  let stop: (error: Error) => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = (error) => {
      // Settled before the signal, so that what the tool throws on being cancelled does not win.
      reject(error);
      call.abort(error);
    };
  });
  const onCancel = (): void => stop(cancelled(tool, outer.reason));
  if (outer.aborted) throw cancelled(tool, outer.reason);
  outer.addEventListener('abort', onCancel, { once: true });
  try {
    const running = (async () => run({ ...context, signal: call.signal }))();
    const waiting = sleep(timeoutMs, timer.signal).then(() => {
      if (!timer.signal.aborted) stop(tooLate(tool, timeoutMs));
      return stopped;
    });
    return await Promise.race([stopped, running, waiting]);
  } finally {
    outer.removeEventListener('abort', onCancel);
    timer.abort('the call has ended');
  }
}

function asJson(tool: Tool, result: unknown): JsonValue {
  try {
    return intake(result).value;
  } catch (cause) {
    const problem = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw toolError(
      'tool.invalid_output',
      `Tool '${tool.name}' returned what JSON cannot carry: ${problem}`,
      { tool: tool.name },
      cause,
    );
  }
}

function tooLate(tool: Tool, timeoutMs: number): Error {
  return toolError('tool.timeout', `Tool '${tool.name}' did not answer within ${timeoutMs} ms.`, {
    tool: tool.name,
    timeout_ms: timeoutMs,
  });
}

function cancelled(tool: Tool, reason: unknown): Error {
  return toolError(
    'tool.execution_error',
    `Tool '${tool.name}' was cancelled.`,
    { tool: tool.name, cancelled: true },
    reason,
  );
}
