/** Decides how a run of the program is followed: line by line as fast as the events are taken, to its good or bad end. */
import { addUsd, isJsonObject, type JsonObject, type Usd, zeroUsd } from '../../../base/index.ts';
import { beginningOf, outputLines, type ProgramEnd, type RunningProgram } from '../../../host/index.ts';
import {
  type AgentCall,
  type AgentEvent,
  type AgentResult,
  errorTextLimits,
  providerFailure,
  sessionError,
} from '../../../sessions/index.ts';
import { claudeFailure } from './claude-failure.ts';
import { numberAt, objectAt, objectsAt, present, textAt } from './claude-line.ts';
import { ClaudeStream } from './claude-stream.ts';
import { reported } from './claude-usage.ts';
import type { ToolGate } from './tool-gate.ts';

/** Reads the program to its end. */
export async function followClaude(
  runId: string,
  running: RunningProgram,
  call: AgentCall,
  limits: { readonly maxLineBytes: number; readonly timeoutMs: number; readonly gate: ToolGate | null },
): Promise<AgentResult> {
  const { program } = running;
  const { maxLineBytes, timeoutMs, gate } = limits;
  const stream = new ClaudeStream();
  // One more than is kept, so that what was left out is known.
  const errorOutput = beginningOf(program.stderr, errorTextLimits.bytes + 1);
  let refusal: { readonly error: unknown } | null = null;
  for await (const line of outputLines(program.stdout, maxLineBytes)) {
    // A stopped program is read to its end, so that it can end.
    if (running.stoppedBy !== null) continue;
    const events = line.isCut ? [tooLong(maxLineBytes)] : stream.read(line.text);
    try {
      for (const event of events) {
        await call.onEvent(event);
        if (gate !== null) letBegin(gate, event, call);
      }
      checkTokens(stream, call);
    } catch (error) {
      refusal = { error };
      await gate?.close();
      void running.stop('listener');
    }
  }
  const [end, stderr] = await Promise.all([program.ended, errorOutput]);
  if (refusal !== null) throw refusal.error;
  if (running.stoppedBy === 'cancel') throw cancelled(runId);
  if (running.stoppedBy === 'timeout') throw late(end, stderr.text, timeoutMs);
  const failure = claudeFailure(stream, end, stderr);
  if (failure !== null) throw failure;
  const result = resultOf(stream, call);
  await call.onEvent({ type: 'run_completed', data: completedData(stream, result) });
  return result;
}

/** What the event was taken for may begin. A call that ends without a question has begun without an answer. */
function letBegin(gate: ToolGate, { type, data }: AgentEvent, { isApproved, allowedTools }: AgentCall): void {
  const { tool_call_id: id, tool_name: name } = data;
  if (typeof id !== 'string') return;
  if (type === 'tool_call_started') {
    const isAllowed = typeof name === 'string' && allowedTools?.includes(name) === true;
    gate.open(id, isAllowed || isApproved?.(id) === true ? 'allow' : 'pass');
  }
  if (type === 'tool_call_completed' && !gate.wasAsked(id)) {
    throw sessionError(
      'capability_not_supported',
      'the program has begun a tool without waiting for an approval',
      {
        details: { tool_call_id: id, tool_name: name ?? null },
        why: 'It did not ask its hook: hooks are switched off where it runs.',
        howToFix:
          'Allow hooks in the managed settings of Claude Code, or cancel in place of asking: ' +
          '`"on_violation": "cancel"` in the file of `--policy`, `onViolation: \'cancel\'` in a program.',
      },
    );
  }
}

/** The program knows no such limit: it is stopped as soon as it says that it has used more. */
function checkTokens({ usage }: ClaudeStream, { maxTokens }: AgentCall): void {
  const used = Object.values(usage).reduce((sum, count) => sum + count, 0);
  if (maxTokens === undefined || used <= maxTokens) return;
  throw sessionError('policy_violation', `the run has used ${used} tokens, and may use ${maxTokens}`, {
    details: { metric: 'total_tokens', actual: used, limit: maxTokens },
  });
}

function resultOf(stream: ClaudeStream, call: AgentCall): AgentResult {
  const line = stream.result ?? {};
  return {
    output: {
      content: textAt(line, 'result') ?? stream.lastText,
      stop_reason: textAt(line, 'stop_reason') ?? 'end_turn',
    },
    tokenUsage: reported(stream.usage),
    costUsd: costOf(line, call),
    model: stream.model,
    providerSessionId: stream.sessionId,
    turnCount: stream.turnCount === 0 ? (numberAt(line, 'num_turns') ?? 0) : stream.turnCount,
  };
}

/** The total of a session that goes on counts all its runs; what this one cost stands by model. */
function costOf(result: JsonObject, call: AgentCall): Usd | null {
  const byModel = Object.values(objectAt(result, 'model_usage_since_last_result'));
  const costs = byModel.flatMap((model) => (isJsonObject(model) ? [numberAt(model, 'costUSD')] : []));
  if (costs.length > 0 && costs.every((cost) => cost !== null))
    return costs.map(decimal).reduce(addUsd, zeroUsd);
  const total = numberAt(result, 'total_cost_usd');
  return total === null || call.resumeFrom !== undefined ? null : decimal(total);
}

function completedData(stream: ClaudeStream, result: AgentResult): JsonObject {
  const line = stream.result ?? {};
  const denials = objectsAt(line, 'permission_denials');
  return {
    ...present({
      stop_reason: result.output['stop_reason'] ?? null,
      session_id: result.providerSessionId,
      num_turns: result.turnCount,
      duration_ms: numberAt(line, 'duration_ms'),
      total_cost_usd: result.costUsd === null ? null : Number(result.costUsd),
    }),
    token_usage: result.tokenUsage,
    ...(denials.length === 0 ? {} : { permission_denials: denials }),
  };
}

/** A sum of the program's, without what binary fractions leave behind. */
function decimal(amount: number): Usd {
  return addUsd(amount.toFixed(12), zeroUsd);
}

export function cancelled(runId: string): Error {
  return sessionError('cancelled', `run '${runId}' was cancelled`, { details: { run_id: runId } });
}

function late(end: ProgramEnd, stderr: string, timeoutMs: number): Error {
  const message = `the program did not end within ${timeoutMs} ms`;
  return sessionError('provider_timeout', message, {
    details: { timeout_ms: timeoutMs },
    providerError: providerFailure({
      provider: 'claude',
      kind: 'timeout',
      message,
      exitCode: end.exitCode,
      stderr,
    }),
  });
}

function tooLong(maxLineBytes: number) {
  const error = `the program wrote a line of more than ${maxLineBytes} bytes; it is left out`;
  return { type: 'error_occurred', data: { error_code: 'provider_error', error_message: error } } as const;
}
