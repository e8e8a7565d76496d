/** Decides what is kept of live tools: every call with its result, or with the error that it failed with. */
import { checkArguments, formatInstant, type JsonObject, type Sha256 } from '../../base/index.ts';
import { toolErrorToJson } from '../errors.ts';
import { toolAnswerToPayload } from '../recorded-answer.ts';
import { argsHash, type Tool, type ToolAnswer, type ToolContext, type ToolInvoker } from '../tool-port.ts';
import { fixtureText } from './fixture-file.ts';
import type { FixtureStore } from './fixture-store.ts';
import { toolFixtureKey } from './recorded-invoker.ts';

/** The invoker that is asked, where its answers are kept, and a clock (milliseconds). */
export interface RecordingInvokerOptions {
  readonly inner: ToolInvoker;
  readonly store: FixtureStore;
  readonly sha256: Sha256;
  readonly nowMs: () => number;
}

/** An invoker that calls through `inner`. A call that cannot be saved fails: a recording with a hole would look whole. */
export function recordingInvoker(options: RecordingInvokerOptions): ToolInvoker {
  checkArguments('recordingInvoker', { options: [options, 'with inner'] });
  const { inner, store, sha256, nowMs } = options;
  const save = (tool: Tool, args: JsonObject, outcome: JsonObject): Promise<void> => {
    const hash = argsHash(tool.name, args, sha256);
    const call = { tool: tool.name, args_hash: hash, recorded_at: formatInstant(nowMs()), args };
    return store.save(toolFixtureKey(tool.name, hash), fixtureText({ ...call, ...outcome }));
  };
  return Object.freeze({
    invoke: async (tool: Tool, args: JsonObject, context: ToolContext) => {
      const startedMs = nowMs();
      let answer: ToolAnswer;
      try {
        answer = await inner.invoke(tool, args, context);
      } catch (error) {
        // A call that was cancelled from outside says nothing about the tool.
        if (!context.signal.aborted) await save(tool, args, failureOf(tool, error, nowMs() - startedMs));
        throw error;
      }
      await save(tool, args, toolAnswerToPayload(answer));
      return answer;
    },
  });
}

function failureOf(tool: Tool, error: unknown, tookMs: number): JsonObject {
  return {
    output: null,
    error: toolErrorToJson(tool.name, error),
    latency_seconds: Math.max(0, tookMs) / 1000,
    cost_usd: tool.costPerCallUsd,
  };
}
