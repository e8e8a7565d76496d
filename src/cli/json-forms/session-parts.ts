/** Decides the fields of a session and of a run of its agent: alike in every command. */
import { z } from 'zod';
import { count, flag, ours, text, textOrNull, texts, theirs, time, timeOrNull } from './json-form.ts';

export const sessionFields = {
  agent_id: text,
  status: z.enum(['pending', 'active', 'paused', 'completed', 'failed', 'cancelled']),
  tags: texts,
  metadata: theirs,
  context: theirs,
  parent_session_id: textOrNull,
  created_at: time,
  updated_at: time,
  deleted_at: timeOrNull,
};

export const redactionNote = ours({ by: text, at: text, reason: text }).describe(
  'who dropped the data, when and why',
);

export const executionForm = ours({
  run_id: text,
  status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled', 'timeout']),
  interrupted: flag.describe('true when `status` is `running` and whoever worked on it is gone'),
  leftover_pids: z
    .array(count)
    .describe('processes that an interrupted run has left running on this machine; the next call ends them'),
  provider: textOrNull,
  token_usage: theirs,
  cost_usd: z.number().nullable(),
  error: theirs.nullable(),
  started_at: time,
  ended_at: timeOrNull,
  redacted: redactionNote.optional(),
});
