/** Decides how the bundled tools are carried out offline: at once, with a fixed latency, so that equal runs have equal logs. */
import { intake } from '../../log/index.ts';
import type { ToolInvoker } from '../../effects/index.ts';

/** What the log says that a call took, in seconds. */
const recordedLatencySeconds = 0.2;

/**
 * A tool invoker for runs that repeat to the byte. It runs whatever tool it is given and does not enforce `timeoutMs`: the
 * tools of the pack answer from memory.
 */
export function diligenceInvoker(): ToolInvoker {
  return Object.freeze({
    invoke: async (tool, args, context) => ({
      output: intake(await tool.run(args, context)).value,
      latencySeconds: recordedLatencySeconds,
      costUsd: tool.costPerCallUsd,
    }),
  } satisfies ToolInvoker);
}
