import { describe, expect, it } from 'vitest';
import { planted } from '../../../test/harness/planted-events.ts';
import type { JsonObject } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import { causalChain, chainLookup } from './causal-chain.ts';
import { chainText, chainToJson } from './chain-text.ts';

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

  describe('that was patched', () => {
    const patch = (id: string, op: string, value: JsonObject, proposedBy: string): JsonObject => ({
      ...{ id, target: 'task#1', op, value, proposed_by: proposedBy, status: 'applied' },
    });
    const patched = planted(
      ['goal.created', { goal: 'g' }, { actor: 'user' }],
      ['object.created', { id: 'task#1' }, { actor: 'planner', causedBy: 'evt_001' }],
      ['task.done', {}, { actor: 'worker', causedBy: 'evt_001' }],
      [
        'patch.applied',
        {
          patch: {
            ...patch('patch_001', 'update', { status: 'open' }, 'unblock'),
            rationale: 'all that it waits for is done',
          },
          diff: { status: { old: 'blocked', new: 'open' } },
        },
        { actor: 'unblock', causedBy: 'evt_003' },
      ],
      ['patch.proposed', { patch: patch('patch_002', 'replace', { title: 'T' }, 'planner') }],
      ['patch.rejected', { patch_id: 'patch_003', target: 'task#1', reason: 'no' }],
      [
        'patch.applied',
        {
          patch: patch('patch_002', 'replace', { title: 'T' }, 'planner'),
          diff: { status: { old: 'open', new: null }, title: { old: 'a\n', new: 'T'.repeat(200) } },
        },
        { actor: 'jane' },
      ],
      ['patch.applied', { patch: { ...patch('patch_004', 'update', {}, 'x'), target: 'task#2' } }],
    );
    const task: GraphObject = { ...object('task#1', 'task', { title: 'T' }, {}), version: 3 };

    it('says after its causes who changed which fields, when, and because of which event, in order', async () => {
      expect((await textOf(task, patched)).slice(3)).toEqual([
        '  ← unblock (evt_004) patch.applied  version=2 at=2026-05-15T10:32:01Z',
        '    status: blocked -> open',
        '    (all that it waits for is done)',
        '    ← worker (evt_003) task.done',
        '  ← jane (evt_007) patch.applied  version=3 at=2026-05-15T10:32:01Z proposed_by=planner',
        '    status: open -> None',
        `    title: a\\n -> ${'T'.repeat(59)}…`,
      ]);
    });

    it('has them in JSON with what they changed, and what they came of', async () => {
      const lookup = chainLookup(() => task, patched);
      const chain = await causalChain(lookup, 'task#1');
      expect(chain === null ? null : chainToJson(chain)).toMatchObject({
        events: [{ id: 'evt_002' }, { id: 'evt_001' }],
        patches: [
          {
            version: 2,
            fields: ['status'],
            proposed_by: 'unblock',
            event: { id: 'evt_004', actor: 'unblock', timestamp: '2026-05-15T10:32:01Z' },
            cause: { id: 'evt_003' },
          },
          {
            ...{ version: 3, fields: ['status', 'title'], proposed_by: 'planner' },
            ...{ event: { id: 'evt_007' }, cause: null },
          },
        ],
      });
    });

    it('has the fields that a patch names, where an older writer wrote down no difference', async () => {
      const old = planted(
        ['object.created', { id: 'task#1' }, { actor: 'planner' }],
        [
          'patch.applied',
          { patch: patch('patch_001', 'update', { status: 'open' }, 'unblock') },
          { actor: 'unblock' },
        ],
      );
      expect((await textOf({ ...task, version: 2 }, old)).slice(2)).toEqual([
        '  ← unblock (evt_002) patch.applied  version=2 at=2026-05-15T10:32:01Z',
        '    status: ? -> open',
      ]);
    });

    it('counts from where it was made again under the same id', async () => {
      const again = planted(
        ['object.created', { id: 'task#1' }, { actor: 'a' }],
        ['patch.applied', { patch: patch('patch_001', 'update', { status: 'open' }, 'a') }, { actor: 'a' }],
        ['object.removed', { id: 'task#1' }, { actor: 'a' }],
        ['object.created', { id: 'task#1' }, { actor: 'b' }],
      );
      expect(await textOf({ ...task, version: 1 }, again)).toEqual([
        'task#1 (task) "T"',
        '  ← b (evt_004) object.created',
      ]);
    });

    it('says of a patch that changed nothing that it did not', async () => {
      const same = planted(
        ['object.created', { id: 'task#1' }, { actor: 'a' }],
        [
          'patch.applied',
          { patch: patch('patch_001', 'update', { status: 'open' }, 'a'), diff: {} },
          { actor: 'a' },
        ],
      );
      expect((await textOf({ ...task, version: 2 }, same)).at(-1)).toBe('    (no change)');
    });
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
