import { describe, expect, it } from 'vitest';
import { plantedOne } from '../../../test/harness/planted-events.ts';
import type { JsonObject } from '../../base/index.ts';
import { colourPaint } from '../text/paint.ts';
import { tagText, traceLines } from './event-line.ts';

const call = { behavior: 'extractor' };

const rows: readonly (readonly [type: string, payload: JsonObject, body: string])[] = [
  ['goal.created', { goal: 'Audit Q3' }, 'user: "Audit Q3"'],
  [
    'object.created',
    { object: { id: 'a#1', data: { title: 'T', text: 'x', status: 'open' } } },
    'a#1 "T" (open)',
  ],
  ['object.created', { object: { id: 'a#1', data: { title: '', text: 'x' } } }, 'a#1 "x"'],
  ['object.created', { object: { id: 'a#1', data: {} } }, 'a#1'],
  ['object.removed', { id: 'a#1' }, 'a#1'],
  ['relation.created', { relation: { source: 'a#1', type: 'r', target: 'b#2' } }, 'a#1 --r--> b#2'],
  ['relation.removed', { id: 'rel_001' }, 'rel_001'],
  ['patch.applied', { target: 'a#1', diff: {} }, 'a#1 (no change)'],
  ['patch.applied', { target: 'a#1', diff: { s: { old: null, new: true } } }, 'a#1 s: None -> True'],
  ['patch.proposed', { patch: { target: 'a#1', op: 'update', proposed_by: 'p' } }, 'a#1 update by p'],
  ['patch.rejected', { patch_id: 'patch_001', reason: 'stale' }, 'patch_001: stale'],
  ['behavior.started', { behavior: 'b', triggering_event_type: 'x', triggering_object_id: null }, 'b'],
  [
    'behavior.started',
    { behavior: 'b', triggering_event_type: 'object.created', triggering_object_id: 'a#1' },
    'b  (matched object.created: a#1)',
  ],
  [
    'relation_behavior.started',
    { behavior: 'b', triggering_event_type: 'x', relation_type: 'r' },
    'b  (matched x on r edge)',
  ],
  ['behavior.completed', { behavior: 'b', objects_created: 1, relations_created: 0 }, 'b'],
  [
    'behavior.completed',
    { behavior: 'b', objects_created: 1, relations_created: 1 },
    'b (1 object, 1 relation)',
  ],
  [
    'behavior.completed',
    { behavior: 'b', objects_created: 2, relations_created: 0 },
    'b (2 objects, 0 relations)',
  ],
  ['behavior.failed', { behavior: 'b', exception_type: 'ValueError', message: 'bad' }, 'b: ValueError: bad'],
  ['behavior.scheduled', { behavior: 'b', activate_after: 2 }, 'evt_001  b  activate_after=2_events'],
  ['behavior.scheduled', { behavior: 'b', activate_after: 1 }, 'evt_001  b  activate_after=1_event'],
  ['pattern.matched', { behavior: 'b', matches_count: 3 }, 'evt_001  b  matches=3'],
  ['llm.requested', { ...call, model: 'm', turn_index: 0 }, 'evt_001  extractor  model=m'],
  [
    'llm.requested',
    {
      ...call,
      model: 'm',
      cache_hit: true,
      turn_index: 2,
      estimated_input_tokens: 100,
      budget_remaining_usd: '0.9995',
      prompt_normalized: true,
    },
    'evt_001  extractor  model=m cache_hit=true turn=2 tokens_in~100 budget_remaining=$1.000 prompt_normalized=true',
  ],
  [
    'llm.responded',
    {
      ...call,
      input_tokens: 10,
      output_tokens: 5,
      cost_usd: '0.001',
      latency_seconds: 0.5,
      cache_hit: false,
    },
    'evt_001  extractor  tokens_in=10 tokens_out=5 cost=$0.001 latency=0.5s',
  ],
  [
    'llm.responded',
    { ...call, input_tokens: 10, output_tokens: 5, cost_usd: '0.001', latency_seconds: 0.5, cache_hit: true },
    'evt_001  extractor  cache_hit=true tokens_in=10 tokens_out=5',
  ],
  [
    'tool.requested',
    { ...call, tool: 't', args_hash: 'fd8e07d1aabb', cache_hit: true, deterministic: true },
    'evt_001  extractor  tool=t args_hash=fd8e07d1 cache_hit=true deterministic=true',
  ],
  [
    'tool.responded',
    { ...call, tool: 't', error: null, latency_seconds: 1.5, cost_usd: '0.005' },
    'evt_001  extractor  tool=t latency=1.5s cost=$0.005',
  ],
  [
    'tool.responded',
    { ...call, tool: 't', error: { reason: 'tool.timeout' }, latency_seconds: 1, cost_usd: '0' },
    'evt_001  extractor  tool=t error=tool.timeout',
  ],
  [
    'pack.loaded',
    {
      name: 'p',
      version: '1.0',
      object_types: ['a', 'b'],
      relation_types: [],
      policies: ['x'],
      prompts: { y: {} },
    },
    'p v1.0 (2 object_types, 1 policy, 1 prompt)',
  ],
  ['runtime.idle', { snapshot: {} }, 'queue empty, budget remaining'],
  ['runtime.budget_exhausted', { exhausted_by: 'max_events' }, 'stopped: max_events'],
];

describe('traceLines', () => {
  it.each(rows)('says of %s %j what the contract says', (type, payload, body) => {
    const event = plantedOne(type, payload, { actor: 'user' });
    expect(traceLines(event)).toEqual([tagText(type) + body]);
  });

  it('gives each changed field of a patch a line of its own', () => {
    const diff = { a: { old: 1, new: 2 }, b: { old: 'x', new: ['y'] } };
    expect(traceLines(plantedOne('patch.applied', { target: 't#1', diff }))).toEqual([
      '[patch.applied]           t#1 a: 1 -> 2',
      "[patch.applied]           t#1 b: x -> ['y']",
    ]);
  });

  it('shows every other event as emitted, with its payload', () => {
    const event = plantedOne('task.completed', { task_id: 'task#1', n: 1, ok: true, tags: ['a'] });
    expect(traceLines(event)).toEqual([
      "[event.emitted]           task.completed task_id=task#1 n=1 ok=True tags=['a']",
    ]);
  });

  it('leaves the flag out of the lines when a header says it', () => {
    const event = plantedOne('llm.requested', { ...call, model: 'm', prompt_normalized: true });
    expect(traceLines(event, { hidesNormalized: true })).toEqual([
      '[llm.requested]           evt_001  extractor  model=m',
    ]);
  });

  it.each(rows.map(([type]) => type))('takes %s with a payload that says nothing', (type) => {
    expect(traceLines(plantedOne(type, {})).join('')).toMatch(/^\[.+\] +\S/);
  });

  it.each(rows.map(([type]) => type))('takes %s with a payload of the wrong types', (type) => {
    const payload = Object.fromEntries(
      [
        'goal',
        'object',
        'relation',
        'patch',
        'diff',
        'behavior',
        'prompts',
        'cost_usd',
        'latency_seconds',
        'error',
      ].map((key) => [key, [1]] as const),
    );
    expect(traceLines(plantedOne(type, payload)).join('')).toMatch(/^\[.+\] +\S/);
  });

  it('lets no payload begin a line of its own or steer the terminal', () => {
    const goal = 'x\n[runtime.idle]            done\u001b[2J';
    expect(traceLines(plantedOne('goal.created', { goal }, { actor: 'user' }))).toEqual([
      '[goal.created]            user: "x\\n[runtime.idle]            done\\x1b[2J"',
    ]);
  });

  it('says of a payload that was dropped who did it, when and why', () => {
    const redacted = { by: 'ops', at: '2026-01-01T00:00:00Z', reason: 'asked\u001b[2J' };
    expect(traceLines({ ...plantedOne('message_sent', {}), redacted })).toEqual([
      '[event.emitted]           message_sent (redacted by ops at 2026-01-01T00:00:00Z: asked\\x1b[2J)',
    ]);
  });

  it('lets no event type steer the terminal', () => {
    expect(traceLines(plantedOne('a\u001b[2J', {}))).toEqual(['[event.emitted]           a\\x1b[2J']);
  });

  it('paints the tag when it is asked to', () => {
    expect(traceLines(plantedOne('runtime.idle', {}), { paint: colourPaint })).toEqual([
      '\u001b[2m[runtime.idle]            \u001b[22mqueue empty, budget remaining',
    ]);
  });
});

describe('tagText', () => {
  it('fills up to 26 characters', () => {
    expect(tagText('goal.created')).toBe('[goal.created]            ');
  });

  it.each(['runtime.budget_exhausted', 'relation_behavior.started'])('puts one blank behind %s', (tag) => {
    expect(tagText(tag)).toBe(`[${tag}] `);
  });
});
