/** Decides which fields of a session and of a run of its agent are shown, and how they are called: alike in every command. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import type { RedactionNote } from '../../log/index.ts';
import type { Continuation, Execution, Session } from '../../sessions/index.ts';
import { line, pad } from '../text/printable.ts';
import { redactionNoteText } from '../text/redaction-note.ts';

/** A run of an agent, and whether somebody works on it. */
export interface ShownExecution extends Execution {
  /** True when its row says `running` and whoever worked on it is gone. */
  readonly isInterrupted: boolean;
  /** Processes of its agent that outlived the one that worked on it, as far as this machine can tell. */
  readonly leftoverPids: readonly number[];
  /** How the agent of the call that works on it, or did, learned what was said before; `null` where its row does not say it. */
  readonly continuation: Continuation | null;
}

export function sessionFields(session: Session): JsonObject {
  const { agentId, status, tags, metadata, context, parentSessionId, createdAt, updatedAt, deletedAt } =
    session;
  return {
    agent_id: agentId,
    status,
    tags: [...tags],
    metadata,
    context,
    parent_session_id: parentSessionId,
    created_at: createdAt,
    updated_at: updatedAt,
    deleted_at: deletedAt,
  };
}

export function executionFields(run: ShownExecution): JsonObject {
  const {
    id,
    status,
    isInterrupted,
    leftoverPids,
    provider,
    tokenUsage,
    costUsd,
    error,
    startedAt,
    endedAt,
  } = run;
  const note = redactionOf(run);
  return {
    run_id: id,
    status,
    interrupted: isInterrupted,
    leftover_pids: [...leftoverPids],
    provider,
    token_usage: tokenUsage,
    cost_usd: costUsd,
    error,
    started_at: startedAt,
    ended_at: endedAt,
    ...(note === null ? {} : { redacted: { ...note } }),
  };
}

/** One line: which run, how it stands, when it began, whose it is, what it cost, what it failed with, and who redacted it. */
export function executionLine(run: ShownExecution): string {
  const { id, status, isInterrupted, startedAt, provider, costUsd, error } = run;
  const by = provider === null ? '' : line`  ${provider}`;
  const cost = costUsd === null ? '' : `  $${costUsd}`;
  const message = error?.['message'];
  const failure = typeof message === 'string' ? line`  ${message}` : '';
  const state = isInterrupted ? 'interrupted' : status;
  const why = isInterrupted
    ? `  nobody works on it: its process is gone, or its lease has ended${leftoversOf(run)}`
    : '';
  const note = redactionOf(run);
  const redacted = note === null ? '' : line`  (${redactionNoteText(note)})`;
  return `  ${pad(id, 38)} ${pad(state, 11)} ${startedAt}${by}${cost}${failure}${why}${redacted}`;
}

function leftoversOf({ leftoverPids: pids }: ShownExecution): string {
  if (pids.length === 0) return '';
  const named = `${pids.length === 1 ? 'pid' : 'pids'} ${pids.join(', ')}`;
  return `; what it started still runs (${named}): the next call ends it`;
}

/** The row of a run keeps it among what programs put there. */
function redactionOf({ metadata }: Execution): RedactionNote | null {
  const { redacted } = metadata;
  if (redacted === undefined || !isJsonObject(redacted)) return null;
  const { by, at, reason } = redacted;
  if (typeof by !== 'string' || typeof at !== 'string' || typeof reason !== 'string') return null;
  return { by, at, reason };
}
