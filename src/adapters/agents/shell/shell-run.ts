/** Decides how a command is followed: its output told as it comes and kept up to a limit, its exit code its success. */
import { performance } from 'node:perf_hooks';
import { StringDecoder } from 'node:string_decoder';
import type { JsonObject } from '../../../base/index.ts';
import type { ProgramEnd, RunningProgram } from '../../../host/index.ts';
import { type AgentCall, type AgentResult, providerFailure, sessionError } from '../../../sessions/index.ts';
import type { PlannedCommand } from './shell-input.ts';

export interface ShellLimits {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly successExitCodes: readonly number[];
}

/** The one call of a tool that a command is. */
export function commandCall(runId: string, { command, askedArgs, cwd }: PlannedCommand): JsonObject {
  return {
    tool_call_id: `call_${runId}`,
    tool_name: 'bash',
    tool_input: { command, args: [...askedArgs], cwd },
  };
}

/** Told before the command is started: whoever listens can keep it from that. */
export async function tellOfCommand(
  call: AgentCall,
  planned: PlannedCommand,
  tool: JsonObject,
): Promise<void> {
  const { cwd, command } = planned;
  await call.onEvent({ type: 'run_started', data: { cwd, command } });
  await call.onEvent({ type: 'tool_call_started', data: tool });
}

export async function followCommand(
  runId: string,
  running: RunningProgram,
  call: AgentCall,
  tool: JsonObject,
  limits: ShellLimits,
): Promise<AgentResult> {
  const startedMs = performance.now();
  const { program } = running;
  const teller = new Teller(running, call);
  const output = new Output(limits.maxOutputBytes, teller);
  await Promise.all([output.take(program.stdout), output.take(program.stderr)]);
  const end = await program.ended;
  if (teller.refusal !== null) throw teller.refusal.error;
  const durationMs = Math.round(performance.now() - startedMs);
  const told: JsonObject = {
    output: output.text,
    exit_code: end.exitCode,
    duration_ms: durationMs,
    ...(output.isCut ? { truncated: true } : {}),
  };
  const failure = failureOf(runId, running, end, limits, told);
  if (failure !== null) {
    await call.onEvent({ type: 'tool_call_failed', data: { ...tool, tool_output: told, is_error: true } });
    throw failure;
  }
  const stopReason = `exit_code_${end.exitCode}`;
  await call.onEvent({ type: 'tool_call_completed', data: { ...tool, tool_output: told } });
  await call.onEvent({ type: 'message_received', data: { content: output.text, role: 'tool' } });
  const ended = {
    stop_reason: stopReason,
    exit_code: end.exitCode,
    duration_ms: durationMs,
    token_usage: {},
  };
  await call.onEvent({ type: 'run_completed', data: ended });
  return {
    output: { content: output.text, ...told, stop_reason: stopReason },
    tokenUsage: {},
    costUsd: null,
    model: null,
    providerSessionId: null,
    turnCount: 1,
  };
}

/** Tells events one at a time; stops the command when they are not taken. */
class Teller {
  refusal: { readonly error: unknown } | null = null;
  #last: Promise<void> = Promise.resolve();
  readonly #running: RunningProgram;
  readonly #call: AgentCall;

  constructor(running: RunningProgram, call: AgentCall) {
    this.#running = running;
    this.#call = call;
  }

  tell(event: Parameters<AgentCall['onEvent']>[0]): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.refusal !== null) return;
      try {
        await this.#call.onEvent(event);
      } catch (error) {
        this.refusal = { error };
        void this.#running.stop('listener');
      }
    });
    return this.#last;
  }
}

/** Both outputs in the order in which they come; the beginning of them is kept. */
class Output {
  text = '';
  isCut = false;
  #bytes = 0;
  readonly #maxBytes: number;
  readonly #teller: Teller;

  constructor(maxBytes: number, teller: Teller) {
    this.#maxBytes = maxBytes;
    this.#teller = teller;
  }

  async take(stream: AsyncIterable<Buffer>): Promise<void> {
    const decoder = new StringDecoder('utf8');
    for await (const chunk of stream) {
      const fits = chunk.subarray(0, this.#maxBytes - this.#bytes);
      this.#bytes += fits.length;
      if (fits.length < chunk.length) this.isCut = true;
      await this.#add(decoder.write(fits));
    }
    // A character that was cut in two is left out; one that the command itself broke off is shown as broken.
    if (!this.isCut) await this.#add(decoder.end());
  }

  async #add(piece: string): Promise<void> {
    if (piece === '') return;
    this.text += piece;
    await this.#teller.tell({ type: 'message_streamed', data: { content: piece, delta: piece } });
  }
}

function failureOf(
  runId: string,
  running: RunningProgram,
  end: ProgramEnd,
  { timeoutMs, successExitCodes }: ShellLimits,
  told: JsonObject,
): Error | null {
  const { exitCode, signal } = end;
  const details = { ...told, run_id: runId, ...(signal === null ? {} : { signal }) };
  if (running.stoppedBy === 'cancel')
    return sessionError('cancelled', `run '${runId}' was cancelled`, { details });
  if (running.stoppedBy === 'timeout') {
    const message = `the command did not end within ${timeoutMs} ms`;
    return sessionError('command_timeout', message, {
      details: { ...details, timeout_ms: timeoutMs },
      providerError: providerFailure({ provider: 'shell', kind: 'timeout', message, exitCode }),
    });
  }
  if (exitCode !== null && successExitCodes.includes(exitCode)) return null;
  const message =
    signal === null ? `the command ended with exit code ${exitCode}` : `the command was ended by ${signal}`;
  return sessionError('command_failed', message, {
    details,
    howToFix: 'Read what it said: its output is kept in the session, and in `context.output` for programs.',
    providerError: providerFailure({ provider: 'shell', kind: 'transport_exit', message, exitCode }),
  });
}
