import { describe, expect, it } from 'vitest';
import { planted } from '../../../test/harness/planted-events.ts';
import type { JsonObject } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import { causalChain, chainLookup } from './causal-chain.ts';
import { chainText } from './chain-text.ts';

function object(id: string, type: string, data: JsonObject, provenance: JsonObject): GraphObject {
  return { id, type, data, version: 1, provenance };
}

const claim = object('claim#2', 'claim', { text: 'T' }, { llm_request_event_id: 'evt_006' });

const modelRun = planted(
  ['goal.created', { goal: 'Audit Q3' }, { actor: 'user' }],
  ['behavior.started', { behavior: 'planner' }, { actor: 'runtime', causedBy: 'evt_001' }],
  ['object.created', { id: 'document#1' }, { actor: 'planner', causedBy: 'evt_001' }],
  ['behavior.completed', { behavior: 'planner' }, { actor: 'runtime', causedBy: 'evt_001' }],
  ['behavior.started', { behavior: 'extractor' }, { actor: 'runtime', causedBy: 'evt_003' }],
  ['llm.requested', { model: 'claude-sonnet-4-5' }, { actor: 'extractor', causedBy: 'evt_003' }],
  ['llm.responded', { cost_usd: '0.001' }, { actor: 'extractor', causedBy: 'evt_006' }],
  ['object.created', { id: 'claim#2' }, { actor: 'extractor', causedBy: 'evt_003' }],
);

const byTool = object('note#1', 'note', {}, { tool_request_event_ids: ['evt_002', 'evt_004', 'evt_006'] });
const toolRun = planted(
  ['goal.created', { goal: 'g' }, { actor: 'user' }],
  ['tool.requested', { tool: 'search' }, { actor: 'b', causedBy: 'evt_001' }],
  ['tool.responded', { error: { reason: 'tool.timeout' } }, { actor: 'b', causedBy: 'evt_002' }],
  ['tool.requested', { tool: 'search' }, { actor: 'b', causedBy: 'evt_001' }],
  ['tool.responded', { cache_hit: true, cost_usd: '0.003' }, { actor: 'b', causedBy: 'evt_004' }],
  ['tool.requested', { tool: 'fetch' }, { actor: 'b', causedBy: 'evt_001' }],
  ['object.created', { id: 'note#1' }, { actor: 'b', causedBy: 'evt_001' }],
);

async function textOf(found: GraphObject, events: ReturnType<typeof planted>): Promise<readonly string[]> {
  const lookup = chainLookup((id) => (id === found.id ? found : undefined), events);
  return chainText(await causalChain(lookup, found.id), found.id);
}

describe('the causal chain of an object', () => {
  it('reads as the specification prints it', async () => {
    expect(await textOf(claim, modelRun)).toEqual([
      'claim#2 (claim) "T"',
      '  ← extractor (evt_006) llm.requested  model=claude-sonnet-4-5',
      '    (evt_007) llm.responded cost=$0.001',
      '  ← extractor (evt_008) object.created',
      '    ← planner (evt_003) object.created',
      '      ← user (evt_001) goal.created',
    ]);
  });

  it('says how each tool call ended, and which has no answer', async () => {
    expect(await textOf(byTool, toolRun)).toEqual([
      'note#1 (note)',
      '  ← b (evt_002) tool.requested  tool=search',
      '    (evt_003) tool.responded error=tool.timeout',
      '  ← b (evt_004) tool.requested  tool=search',
      '    (evt_005) tool.responded (cache_hit)',
      '  ← b (evt_006) tool.requested  tool=fetch',
      '    (no answer)',
      '  ← b (evt_007) object.created',
      '    ← user (evt_001) goal.created',
    ]);
  });

  it('has every turn of the model, and the calls between them, in their order', async () => {
    const found = object(
      'claim#1',
      'claim',
      {},
      { llm_request_event_id: 'evt_002', tool_request_event_ids: ['evt_004'] },
    );
    const turns = planted(
      ['goal.created', { goal: 'g' }, { actor: 'user' }],
      ['llm.requested', { model: 'm' }, { actor: 'b', causedBy: 'evt_001' }],
      ['llm.responded', {}, { actor: 'b', causedBy: 'evt_002' }],
      ['tool.requested', { tool: 'search' }, { actor: 'b', causedBy: 'evt_002' }],
      ['tool.responded', {}, { actor: 'b', causedBy: 'evt_004' }],
      ['llm.requested', { model: 'm' }, { actor: 'b', causedBy: 'evt_002' }],
      ['llm.responded', {}, { actor: 'b', causedBy: 'evt_006' }],
      ['object.created', { id: 'claim#1' }, { actor: 'b', causedBy: 'evt_001' }],
    );
    const lines = await textOf(found, turns);
    expect(lines.filter((text) => text.startsWith('    ('))).toEqual([
      '    (evt_003) llm.responded',
      '    (evt_005) tool.responded',
      '    (evt_007) llm.responded',
    ]);
  });

  it('stops at a goal, whatever caused the goal', async () => {
    const nested = planted(
      ['timer.fired', {}],
      ['goal.created', { goal: 'g' }, { actor: 'user', causedBy: 'evt_001' }],
      ['object.created', { id: 'note#1' }, { actor: 'b', causedBy: 'evt_002' }],
    );
    expect(await textOf(object('note#1', 'note', {}, {}), nested)).toHaveLength(3);
  });

  it('ends where causes go round in a circle', async () => {
    const circle = planted(
      ['a.b', {}, { actor: 'x', causedBy: 'evt_002' }],
      ['object.created', { id: 'note#1' }, { actor: 'y', causedBy: 'evt_001' }],
    );
    expect(await textOf(object('note#1', 'note', {}, {}), circle)).toEqual([
      'note#1 (note)',
      '  ← y (evt_002) object.created',
      '    ← x (evt_001) a.b',
      '      (cycle at evt_002)',
    ]);
  });

  it('says so when there is no such object', async () => {
    const lookup = chainLookup(() => undefined, modelRun);
    expect(chainText(await causalChain(lookup, 'claim#9'), 'claim#9')).toEqual(['(no such object: claim#9)']);
  });

  it('lets no text of an object steer the terminal', async () => {
    const hostile = object('note#1', 'n\u001b', { title: '\u001b[2J\n' }, {});
    const lines = await textOf(hostile, planted(['object.created', { id: 'note#1' }, { actor: '\u009b' }]));
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
