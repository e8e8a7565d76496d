/** Decides the forms of what commands print of forks and decisions: plans, differences, promotions, approvals, the quickstart. */
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
  usd,
  usdOrNull,
} from './json-form.ts';
import { summary } from './run-forms.ts';

const setting = ours({ pack: text, key: text, value: anyValue });

const plannedCall = ours({
  kind: z.enum(['model', 'tool']),
  name: text,
  behavior: text,
  event_id: text,
  estimated_input_tokens: countOrNull,
  estimated_output_tokens: countOrNull,
  estimated_cost_usd: usdOrNull,
  basis: z.enum(['provider', 'declared', 'none', 'recorded']),
  basis_event_id: textOrNull,
});

export const forkForms: readonly JsonForm[] = [
  ...always(
    ours({
      parent_run_id: text,
      new_run_id: text,
      at_event: text,
      label: textOrNull,
      events_copied: count.describe('events that are shared; none is copied'),
      overrides: z.array(setting).optional(),
      recording: z.literal(true).optional(),
    }),
  ),
  {
    when: '--plan',
    schema: ours({
      parent_run_id: text,
      at_event: text,
      shared_events: count,
      served_from_record: count,
      live: z.array(plannedCall),
      diverging: z.array(ours({ behavior: text, event_id: text })),
      stopped_after_events: countOrNull,
      estimated_cost_usd: usd,
      is_complete: flag,
    }),
  },
];

const eventRef = ours({ id: text, seq: count, type: text, actor: textOrNull });
const comparedRun = ours({
  run_id: text,
  label: textOrNull,
  events: count,
  head_hash: hash,
  parent_run_id: textOrNull,
  forked_at_seq: countOrNull,
});
const spent = ours({
  model_calls: count,
  tool_calls: count,
  input_tokens: count,
  output_tokens: count,
  cost_usd: usd,
});
const sideUsage = ours({ asked: spent, from_record: spent });
const difference = {
  id: text,
  type: text,
  in_parent: flag,
  in_fork: flag,
  data: theirs.optional().describe('of what stands on one side'),
  fields: z.array(
    ours({
      field: text,
      in_parent: anyValue.optional(),
      in_fork: anyValue.optional(),
      parent_event: textOrNull,
      fork_event: textOrNull,
    }),
  ),
  parent_events: z.array(eventRef),
  fork_events: z.array(eventRef),
};

const runDiff = ours({
  parent_run_id: text.describe('of --run-a, whatever the kinship'),
  fork_run_id: text.describe('of --run-b'),
  is_identical: flag,
  shared_events: count,
  parent_only_events: count,
  fork_only_events: count,
  divergent_objects: count,
  divergent_relations: count,
  kinship: z.enum(['same', 'fork', 'parent', 'siblings', 'none']).describe('what --run-b is to --run-a'),
  fork_point: eventRef.nullable(),
  inherited_events: count,
  equal_events: count,
  runs: ours({ parent: comparedRun, fork: comparedRun }),
  usage: ours({ parent: sideUsage, fork: sideUsage }),
  objects: z.array(ours({ ...difference, parent_version: countOrNull, fork_version: countOrNull })),
  relations: z.array(ours({ ...difference, source: text, target: text })),
  events: ours({ only_in_parent: z.array(eventRef), only_in_fork: z.array(eventRef) }),
});

export const diffForms = always(runDiff);

const twoIds = { fork_id: text, id: text };

export const promoteForms = always(
  ours({
    fork: text,
    parent: text,
    at_event: text,
    since_seq: count,
    fork_head: ours({ seq: count, hash }),
    promoted_by: textOrNull.describe('null with --dry-run'),
    event_id: textOrNull.describe('the event that tells of it; null when nothing was written'),
    objects_created: z.array(ours({ ...twoIds, type: text, data: theirs })),
    objects_patched: z.array(ours({ ...twoIds, set: theirs, unset: texts })),
    objects_removed: z.array(ours(twoIds)),
    relations_created: z.array(ours({ ...twoIds, source: text, target: text, type: text, data: theirs })),
    relations_removed: z.array(ours(twoIds)),
  }),
);

const ofRun = { approval_id: text, object_type: text };
const ofAgent = {
  approval_id: text,
  session_id: text,
  run_id: text,
  interrupted: flag.describe('true when the process of the run is gone: nobody waits for the answer'),
  tool_name: text.describe('empty: a limit'),
};

export const approvalsForms = always(
  z.array(
    z.union([
      ours({ ...ofRun, reason: text, pack: textOrNull, event_id: text, data: theirs }),
      ours({
        ...ofAgent,
        agent: textOrNull,
        tool_call_id: textOrNull,
        tool_input: anyValue,
        policy: text,
        violation: text,
        details: anyValue,
        asked_at: time,
      }),
    ]),
  ),
);

export const approveForms: readonly JsonForm[] = [
  ...always(ours({ run_id: text, ...ofRun, approved_by: text, object_id: text })),
  { when: 'of a request of an agent', schema: ours({ ...ofAgent, approved_by: text }) },
];

export const denyForms: readonly JsonForm[] = [
  ...always(ours({ run_id: text, ...ofRun, denied_by: text, reason: text })),
  { when: 'of a request of an agent', schema: ours({ ...ofAgent, denied_by: text, reason: text }) },
];

const quickstartRun = {
  run_id: text,
  events: count,
  head_hash: hash,
  memos: z.array(ours({ id: text, data: theirs })),
  summary,
  pending_approvals: z.array(ours({ id: text, object_type: text, reason: text })),
};

export const quickstartForms = always(
  ours({
    store: text,
    was_complete: flag,
    run: ours(quickstartRun),
    fork: ours({
      ...quickstartRun,
      at_event: text,
      setting: ours({ key: text, before: text, after: text }),
      diff: runDiff,
    }).nullable(),
  }),
);
