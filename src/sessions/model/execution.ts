/**
 * Decides what an execution is: one run of an agent inside a session (`run` in every stored name), what it was asked, what came of
 * it and what it used; and which state may follow which. An execution that has ended does not run again.
 */
import { checkArguments, type JsonObject, type JsonValue } from '../../base/index.ts';
import { sessionError, type SessionErrorJson } from '../errors/session-error.ts';
import { checkChosenId } from './chosen-id.ts';
import { Fields } from './fields.ts';
import type { Mint } from './mint.ts';

/** Every state; the last four are ends. */
export const executionStatuses = [
  'pending',
  'running',
  'completed',
  'failed',
  'cancelled',
  'timeout',
] as const;
/** Where a run of an agent stands. */
export type ExecutionStatus = (typeof executionStatuses)[number];

/** One run of an agent in a session: status, input, output, tokens, cost. A document beside the log. */
export interface Execution {
  readonly id: string;
  readonly sessionId: string;
  readonly status: ExecutionStatus;
  readonly input: JsonValue;
  readonly output: JsonObject | null;
  /** `{ code, message, provider_error?, details? }`. */
  readonly error: JsonObject | null;
  readonly metadata: JsonObject;
  readonly turnCount: number;
  /** `input_tokens`, `output_tokens` and whatever else a provider counts. */
  readonly tokenUsage: JsonObject;
  readonly costUsd: number | null;
  /** When it was made. UTC, to the microsecond, as the other time. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly provider: string | null;
  readonly providerMetadata: JsonObject;
  /** As in a session: the version of the stored row, `null` for "as last read or written through this handle". */
  readonly version: number | null;
}

/** A run of an agent to be made. */
export interface NewExecution {
  readonly sessionId: string;
  readonly id?: string | undefined;
  readonly input?: JsonValue;
  readonly metadata?: JsonObject;
}

const ends: readonly ExecutionStatus[] = ['completed', 'failed', 'cancelled', 'timeout'];
const next: Readonly<Record<ExecutionStatus, readonly ExecutionStatus[]>> = {
  // What a provider did while nobody wrote it down is recorded as it ended.
  pending: ['running', ...ends],
  running: ends,
  completed: [],
  failed: [],
  cancelled: [],
  timeout: [],
};

/** A new execution, `pending`. Throws `ValidationError` for a `sessionId` that is missing or empty, and for an id that cannot be typed. */
export function newExecution(given: NewExecution, mint: Mint): Execution {
  checkArguments('newExecution', { given: [given, 'object'], mint: [mint, 'with now'] });
  const { sessionId, id, input, metadata } = given;
  checkChosenId('run', id);
  return executionFromJson({
    id: id ?? mint.id('run'),
    session_id: sessionId,
    status: 'pending',
    input: input ?? null,
    metadata: metadata ?? {},
    started_at: mint.now(),
  });
}

/** The execution in its next state; an end gives it `endedAt`. Throws `InvalidTransitionError`. */
export function moveExecution(execution: Execution, status: ExecutionStatus, mint: Mint): Execution {
  checkArguments('moveExecution', {
    execution: [execution, 'with status'],
    status: [status, 'text'],
    mint: [mint, 'with now'],
  });
  checkExecutionMove(execution.id, execution.status, status);
  if (execution.status === status) return execution;
  return { ...execution, status, endedAt: isExecutionOver(status) ? mint.now() : execution.endedAt };
}

/** Ends it as completed. */
export function completeExecution(execution: Execution, output: JsonObject, mint: Mint): Execution {
  checkArguments('completeExecution', {
    execution: [execution, 'with status'],
    output: [output, 'object'],
    mint: [mint, 'with now'],
  });
  return { ...moveExecution(execution, 'completed', mint), output };
}

/** Ends it as failed, or as `timeout`. */
export function failExecution(
  execution: Execution,
  error: SessionErrorJson,
  mint: Mint,
  status: 'failed' | 'timeout' = 'failed',
): Execution {
  checkArguments('failExecution', {
    execution: [execution, 'with status'],
    error: [error, 'object'],
    mint: [mint, 'with now'],
  });
  return { ...moveExecution(execution, status, mint), error };
}

/** Adds to what was used: numbers are added, anything else is replaced. */
export function addTokenUsage(execution: Execution, used: JsonObject): Execution {
  const usage = new Map(Object.entries(execution.tokenUsage));
  for (const [key, value] of Object.entries(used)) {
    const before = usage.get(key);
    usage.set(key, typeof before === 'number' && typeof value === 'number' ? before + value : value);
  }
  return { ...execution, tokenUsage: Object.fromEntries(usage) };
}

/** Throws `InvalidTransitionError` when an execution in one state cannot come into the other. */
export function checkExecutionMove(id: string, from: ExecutionStatus, to: ExecutionStatus): void {
  if (from === to || next[from].includes(to)) return;
  throw sessionError('invalid_transition', `run '${id}' is ${from} and cannot become ${to}`, {
    details: { run_id: id, from, to, allowed: [...next[from]] },
  });
}

/** True for an execution that has ended. */
export function isExecutionOver(status: ExecutionStatus): boolean {
  return ends.includes(status);
}

/** Reads a stored or exported execution. Throws `ValidationError` and `InvalidStatusError`. */
export function executionFromJson(json: unknown): Execution {
  const fields = new Fields('run', json);
  return Object.freeze({
    id: fields.text('id'),
    sessionId: fields.text('session_id'),
    status: readExecutionStatus(fields.text('status')),
    input: fields.value('input'),
    output: fields.optionalMap('output'),
    error: fields.optionalMap('error'),
    metadata: fields.map('metadata'),
    turnCount: fields.countOr('turn_count', 0, 0),
    tokenUsage: fields.map('token_usage'),
    costUsd: fields.optionalNumber('cost_usd'),
    startedAt: fields.moment('started_at'),
    endedAt: fields.optionalMoment('ended_at'),
    provider: fields.optionalText('provider'),
    providerMetadata: fields.map('provider_metadata'),
    version: null,
  });
}

/** The stored and exported form. The version of the row is not part of it. */
export function executionToJson(execution: Execution): JsonObject {
  return {
    id: execution.id,
    session_id: execution.sessionId,
    status: execution.status,
    input: execution.input,
    output: execution.output,
    error: execution.error,
    metadata: execution.metadata,
    turn_count: execution.turnCount,
    token_usage: execution.tokenUsage,
    cost_usd: execution.costUsd,
    started_at: execution.startedAt,
    ended_at: execution.endedAt,
    provider: execution.provider,
    provider_metadata: execution.providerMetadata,
  };
}

/** Throws `InvalidStatusError` for a text that is no status. */
export function readExecutionStatus(text: string): ExecutionStatus {
  const status = executionStatuses.find((known) => known === text);
  if (status !== undefined) return status;
  throw sessionError('invalid_status', `there is no run status '${text}'`, {
    details: { status: text, known: [...executionStatuses] },
  });
}
