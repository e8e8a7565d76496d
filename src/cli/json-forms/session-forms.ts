/** Decides the forms of what commands print of sessions of agents: lists, what was said, events, use and maintenance. */
import { z } from 'zod';
import {
  always,
  anyValue,
  count,
  countOrNull,
  flag,
  type JsonForm,
  ours,
  text,
  textOrNull,
  texts,
  theirs,
  time,
  timeOrNull,
  usd,
} from './json-form.ts';
import { executionForm, redactionNote, sessionFields } from './session-parts.ts';

const event = ours({
  id: text,
  type: text,
  timestamp: time,
  session_id: text,
  run_id: textOrNull,
  sequence_number: countOrNull,
  provider: textOrNull,
  data: theirs,
  redacted: redactionNote.optional(),
});

export const agentForms: readonly JsonForm[] = [{ when: '', isLine: true, schema: event }];

export const sessionForms: readonly JsonForm[] = [
  ...always(
    ours({
      session_id: text,
      ...sessionFields,
      runs: z.array(executionForm),
      messages: z.array(
        ours({
          role: z.enum(['system', 'user', 'assistant', 'tool']),
          content: textOrNull,
          run_id: textOrNull,
          tool_name: text.optional(),
          tool_input: anyValue.optional(),
          tool_output: anyValue.optional(),
        }),
      ),
    }),
  ),
  { when: '--events or --follow', isLine: true, schema: event },
];

const message = ours({
  role: text,
  content: textOrNull,
  run_id: textOrNull,
  sequence_number: countOrNull,
  timestamp: time,
}).nullable();

export const sessionsForms = always(
  ours({
    sessions: z.array(
      ours({
        session_id: text,
        ...sessionFields,
        first_message: message.optional().describe('the first that was said to the agent'),
        match: message.optional().describe('with --search: the message that was found'),
      }),
    ),
    cursor: textOrNull.describe('for --cursor; null behind the last page'),
    total_count: countOrNull,
  }),
);

const sums = {
  runs: count,
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  cost_usd: usd,
  unpriced_tokens: count.describe('tokens whose price nobody knows: they are in no sum of money'),
};

export const usageForms = always(
  ours({
    by: z.enum(['day', 'model', 'agent']),
    since: timeOrNull,
    groups: z.array(ours({ key: text, ...sums })),
    total: ours(sums),
    unpriced_models: z.array(ours({ provider: textOrNull, model: textOrNull, runs: count, tokens: count })),
  }),
);

export const redactForms = always(
  ours({
    store: text,
    session_id: text,
    dry_run: flag,
    by: text,
    at: time,
    reason: text,
    events: z.array(
      ours({
        event_id: text,
        sequence_number: count,
        type: text,
        timestamp: time,
        run_id: textOrNull,
        redacted_before: redactionNote.nullable().describe('null for one that had its data'),
      }),
    ),
    runs: z
      .array(ours({ run_id: text, fields: z.array(z.enum(['input', 'output', 'error'])) }))
      .describe('whose rows repeat what the events said'),
    left: z
      .array(ours({ type: text, events: count }))
      .describe('events of the same runs that keep their data and may repeat it'),
    events_redacted: count.describe('that had their data; with dry_run, that would lose it'),
  }),
);

export const maintainForms = always(
  ours({
    store: text,
    dry_run: flag,
    ok: flag,
    stopped: flag,
    duration_ms: count,
    sessions_soft_deleted: count,
    sessions_hard_deleted: count,
    events_pruned: count,
    artifacts_cleaned: count,
    soft_deleted: z.array(
      ours({
        session_id: text,
        because: z.enum(['max_completed_session_age_days', 'max_session_age_days']),
      }),
    ),
    hard_deleted: z.array(ours({ session_id: text, events: count, runs: count, artifacts: count })),
    pruned: z.array(ours({ session_id: text, events: count, left: count })),
    archived: texts,
    orphans: z.array(ours({ key: text, size: count.describe('bytes') })),
    errors: z.array(
      ours({
        step: z.enum(['soft-delete', 'hard-delete', 'prune', 'artifacts']),
        session_id: textOrNull,
        code: text,
        message: text,
      }),
    ),
  }),
);
