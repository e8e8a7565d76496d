/** Decides the forms of what commands print of runs: lists, status, one event, what was rebuilt, what led to an object. */
import { z } from 'zod';
import {
  always,
  anyValue,
  count,
  countOrNull,
  flag,
  hash,
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

const holder = ours({ host: text, pid: count, expires_at: time })
  .nullable()
  .describe('the process that writes it');

export const storedEvent = ours({
  id: text,
  type: text,
  payload: theirs,
  actor: textOrNull,
  frame_id: textOrNull,
  caused_by: textOrNull,
  timestamp: text,
  schema_version: count.optional().describe('left out for 1'),
  redacted: redactionNote.optional(),
});

const shownEvent = storedEvent.omit({ schema_version: true });

export const object = ours({ id: text, type: text, data: theirs, version: count });

export const runsForms = always(
  z.array(
    ours({
      run_id: text,
      kind: z.enum(['run', 'session']),
      label: textOrNull,
      created_at: time,
      events: count,
      head_hash: hash,
      state: z
        .enum(['empty', 'idle', 'stopped', 'exhausted', 'running', 'damaged'])
        .or(z.enum(['unnamed', 'pending', 'active', 'paused', 'completed', 'failed', 'cancelled']))
        .describe('the first six of a run, the others of a session'),
      goal: textOrNull,
      parent_run_id: textOrNull,
      forked_at_seq: countOrNull,
      forked_at_event_id: textOrNull,
      recording: flag.describe('a fork that asks models and tools again'),
      held_by: holder,
    }),
  ),
);

const behavior = {
  name: text,
  kind: z.enum(['function', 'relation', 'llm']),
  subscribed_to: texts,
  activate_after: countOrNull,
};

const broughtFrom = ours({
  source: text,
  format: text,
  left_out: z
    .array(ours({ event_id: text, why: text }))
    .describe('what could not be kept: the run is incomplete when there is any'),
  inexact_numbers: z
    .array(ours({ row: text, column: text, number: text, read_as: text }))
    .describe('numbers of rows as they stood there, that no document can hold'),
})
  .nullable()
  .describe('the store of another program, or the one of runlog that it left something in');

const status = ours({
  run_id: text,
  state: z.enum(['idle', 'running', 'stopped', 'exhausted']),
  queue_depth: count,
  events_processed: count,
  budget: ours({
    used: z.record(text, z.number().nullable()),
    limits: z.record(text, z.number().nullable()),
    cost_used_usd: usd,
    cost_limit_usd: usd.nullable(),
    exhausted_by: textOrNull,
  }),
  frame: ours({ id: text, name: textOrNull }).nullable(),
  registered_behaviors: z.array(ours({ ...behavior, pattern: z.null() })),
  verified: flag.describe('with --verify: every hash of the log was computed'),
  recent_events: z.array(ours({ id: text, type: text, actor: textOrNull, timestamp: text })),
  scheduled: count,
  pending_approvals: count,
  failures: count,
  held_by: holder,
  forked_from: ours({
    parent_run_id: text,
    at_event: textOrNull,
    label: textOrNull,
    recording: flag,
  }).nullable(),
  brought_from: broughtFrom,
});

export const statusForms: readonly JsonForm[] = [
  ...always(status),
  { when: '--watch', isLine: true, schema: status },
];

const sessionLog = ours({
  session_id: text,
  kind: z.literal('session'),
  created_at: time,
  events: count,
  head_hash: hash,
  verified: flag.describe('with --verify: every hash of the log was computed'),
  session: ours(sessionFields).nullable(),
  runs: z.array(executionForm),
  recent_events: z.array(ours({ id: text, type: text, timestamp: text })),
  brought_from: broughtFrom,
});

const packs = z.array(
  ours({
    event_id: text,
    pack: text,
    version: text,
    prompts: z.record(text, ours({ version: text, hash: text })),
  }),
);

export const inspectForms: readonly JsonForm[] = [
  ...always(status),
  { when: 'of a session of an agent', schema: sessionLog },
  { when: '--event', schema: shownEvent },
  { when: '--behaviors', schema: z.array(ours({ ...behavior, started: count, failed: count })) },
  { when: '--pack-version', schema: packs },
  { when: '--memo', schema: z.array(theirs) },
  { when: '--search', isLine: true, schema: shownEvent },
];

const divergence = ours({
  kind: text,
  seq: count,
  event_id: text,
  event_type: text,
  field: text,
  expected: anyValue,
  actual: anyValue,
  behavior: textOrNull,
  cause_chain: z.array(ours({ event_id: text, type: text, actor: textOrNull })),
  probably_changed: texts,
});

export const replayForms: readonly JsonForm[] = [
  ...always(
    ours({
      run_id: text,
      events: count,
      objects: count,
      relations: count,
      effective_settings: z.record(text, theirs).describe('of each pack'),
      head_hash: hash,
    }),
  ),
  {
    when: '--verify',
    schema: ours({
      run_id: text,
      events: count,
      verified: count.describe('events that were found again'),
      invocations: count,
      calls: count.describe('answered from the record'),
      divergence: divergence.nullable(),
    }),
  },
];

export const whyForms = always(
  ours({
    object,
    calls: z.array(ours({ request: storedEvent, answer: storedEvent.nullable() })),
    events: z.array(storedEvent).describe('from the object up to the goal'),
    cycle_at: textOrNull,
    patches: z
      .array(
        ours({
          version: count.describe('of the object, with this patch'),
          fields: texts,
          proposed_by: textOrNull,
          event: storedEvent,
          cause: storedEvent.nullable().describe('the event that the patch came of'),
        }),
      )
      .describe('applied since, in order'),
  }),
);

const calls = { calls: count, cache_hits: count, failed: count, cost_usd: usd, seconds: z.number() };

export const summary = ours({
  events: count,
  by_type: z.record(text, count),
  model: ours({ ...calls, input_tokens: count, output_tokens: count }),
  tool: ours(calls),
  behavior_failures: count,
  first_at: timeOrNull,
  last_at: timeOrNull,
});
