import { describe, expect, it } from 'vitest';
import { planted } from '../../../test/harness/planted-events.ts';
import { traceText } from './trace-text.ts';

const user = { actor: 'user' };

/** The run of the README: a planner, a researcher, and a relation behavior that unblocks what was waited for. */
const readmeRun = planted(
  ['goal.created', { goal: 'Evaluate this startup idea' }, user],
  [
    'behavior.started',
    { behavior: 'planner', triggering_event_type: 'goal.created', triggering_object_id: null },
  ],
  ['object.created', { object: { id: 'task#1', data: { title: 'Research', status: 'open' } } }],
  ['object.created', { object: { id: 'task#2', data: { title: 'Draft memo', status: 'blocked' } } }],
  ['relation.created', { relation: { source: 'task#1', target: 'task#2', type: 'depends_on' } }],
  ['behavior.completed', { behavior: 'planner', objects_created: 2, relations_created: 1 }],
  [
    'behavior.started',
    { behavior: 'researcher', triggering_event_type: 'object.created', triggering_object_id: 'task#1' },
  ],
  ['object.created', { object: { id: 'claim#3', data: { text: 'Market early but growing.' } } }],
  ['task.completed', { task_id: 'task#1' }],
  ['behavior.completed', { behavior: 'researcher', objects_created: 1, relations_created: 0 }],
  [
    'behavior.started',
    { behavior: 'researcher', triggering_event_type: 'object.created', triggering_object_id: 'task#2' },
  ],
  ['behavior.completed', { behavior: 'researcher', objects_created: 0, relations_created: 0 }],
  [
    'relation_behavior.started',
    {
      behavior: 'unblock',
      triggering_event_type: 'task.completed',
      relation_type: 'depends_on',
      relation_id: 'rel_001',
    },
  ],
  ['patch.applied', { target: 'task#2', diff: { status: { old: 'blocked', new: 'open' } } }],
  ['behavior.completed', { behavior: 'unblock', objects_created: 0, relations_created: 0 }],
  ['runtime.idle', { snapshot: {} }],
);

const asked = {
  behavior: 'extractor',
  model: 'claude-sonnet-4-5',
  prompt_normalized: true,
  cache_hit: false,
};
const answered = {
  behavior: 'extractor',
  input_tokens: 10,
  output_tokens: 5,
  cost_usd: '0.001',
  latency_seconds: 0.5,
};

const modelRun = planted(
  ['goal.created', { goal: 'Audit Q3' }, user],
  [
    'behavior.started',
    { behavior: 'planner', triggering_event_type: 'goal.created', triggering_object_id: null },
  ],
  ['object.created', { object: { id: 'document#1', data: { title: 'Doc', body: 'héllo' } } }],
  ['behavior.completed', { behavior: 'planner', objects_created: 1, relations_created: 0 }],
  [
    'behavior.started',
    { behavior: 'extractor', triggering_event_type: 'object.created', triggering_object_id: 'document#1' },
  ],
  ['llm.requested', { ...asked, turn_index: 0, estimated_input_tokens: 100, budget_remaining_usd: '1.00' }],
  ['llm.responded', { ...answered, turn_index: 0 }],
  ['object.created', { object: { id: 'claim#2', data: { text: 'T', confidence: 0.9 } } }],
  ['behavior.completed', { behavior: 'extractor', objects_created: 1, relations_created: 0, tool_calls: 0 }],
  ['runtime.idle', { snapshot: {} }],
);

const toolRun = planted(
  ['llm.requested', { ...asked, turn_index: 0 }],
  ['llm.responded', { ...answered, turn_index: 0 }],
  [
    'tool.requested',
    { behavior: 'extractor', tool: 'my_tool', args_hash: 'fd8e07d1c0ffee', deterministic: true },
  ],
  [
    'tool.responded',
    { behavior: 'extractor', tool: 'my_tool', error: null, cost_usd: '0.001', latency_seconds: 0 },
  ],
  ['llm.requested', { ...asked, turn_index: 1 }],
  ['llm.responded', { ...answered, turn_index: 1 }],
);

describe('traceText', () => {
  it('prints the run of the README as the specification prints it', () => {
    expect(traceText(readmeRun)).toEqual([
      '[goal.created]            user: "Evaluate this startup idea"',
      '[behavior.started]        planner',
      '[object.created]          task#1 "Research" (open)',
      '[object.created]          task#2 "Draft memo" (blocked)',
      '[relation.created]        task#1 --depends_on--> task#2',
      '[behavior.completed]      planner (2 objects, 1 relation)',
      '[behavior.started]        researcher  (matched object.created: task#1)',
      '[object.created]          claim#3 "Market early but growing."',
      '[event.emitted]           task.completed task_id=task#1',
      '[behavior.completed]      researcher',
      '[behavior.started]        researcher  (matched object.created: task#2)',
      '[behavior.completed]      researcher',
      '[relation_behavior.started] unblock  (matched task.completed on depends_on edge)',
      '[patch.applied]           task#2 status: blocked -> open',
      '[behavior.completed]      unblock',
      '[runtime.idle]            queue empty, budget remaining',
    ]);
  });

  it('prints a run that asks a model, with one header for what holds for all questions', () => {
    expect(traceText(modelRun)).toEqual([
      '[trace.flags]             prompt_normalized=true (1 llm request)',
      '[goal.created]            user: "Audit Q3"',
      '[behavior.started]        planner',
      '[object.created]          document#1 "Doc"',
      '[behavior.completed]      planner',
      '[behavior.started]        extractor  (matched object.created: document#1)',
      '[llm.requested]           evt_006  extractor  model=claude-sonnet-4-5 tokens_in~100 budget_remaining=$1.000',
      '[llm.responded]           evt_007  extractor  tokens_in=10 tokens_out=5 cost=$0.001 latency=0.5s',
      '[object.created]          claim#2 "T"',
      '[behavior.completed]      extractor',
      '[runtime.idle]            queue empty, budget remaining',
    ]);
  });

  it('prints a run that calls a tool', () => {
    expect(traceText(toolRun)).toEqual([
      '[trace.flags]             prompt_normalized=true (2 llm requests)',
      '[llm.requested]           evt_001  extractor  model=claude-sonnet-4-5',
      '[llm.responded]           evt_002  extractor  tokens_in=10 tokens_out=5 cost=$0.001 latency=0.5s',
      '[tool.requested]          evt_003  extractor  tool=my_tool args_hash=fd8e07d1 deterministic=true',
      '[tool.responded]          evt_004  extractor  tool=my_tool latency=0.0s cost=$0.001',
      '[llm.requested]           evt_005  extractor  model=claude-sonnet-4-5 turn=1',
      '[llm.responded]           evt_006  extractor  tokens_in=10 tokens_out=5 cost=$0.001 latency=0.5s',
    ]);
  });

  it('keeps the flag on the lines when not every question has it', () => {
    const mixed = planted(
      ['llm.requested', asked],
      ['llm.requested', { ...asked, prompt_normalized: false }],
    );
    expect(traceText(mixed)).toEqual([
      '[llm.requested]           evt_001  extractor  model=claude-sonnet-4-5 prompt_normalized=true',
      '[llm.requested]           evt_002  extractor  model=claude-sonnet-4-5',
    ]);
  });

  it('prints nothing for a run without events', () => {
    expect(traceText([])).toEqual([]);
  });
});
