/** Scenario 12: the data behind a causal chain: every object leads back to the goal by the ids in its provenance. */
import type { LogEvent } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf } from '../harness/fixed-run.ts';
import { auditRun } from './audit-run.ts';

test('from the claim the ids lead over the model call and the document to the goal', async () => {
  const { run } = await auditRun({ answers: [{ json: { text: 'T', confidence: 0.9 } }] });
  await run.runGoal('Audit Q3');
  const byId = new Map((await eventsOf(run)).map((event) => [event.id, event]));
  const provenance = run.graph.object('claim#2')?.provenance;
  expect(provenance).toMatchObject({ llm_request_event_id: 'evt_006', caused_by_event: 'evt_003' });
  expect(byId.get('evt_006')).toMatchObject({
    type: 'llm.requested',
    actor: 'extractor',
    causedBy: 'evt_003',
  });
  expect(chainFrom(byId, 'evt_008')).toEqual([
    'extractor evt_008 object.created',
    'planner evt_003 object.created',
    'user evt_001 goal.created',
  ]);
});

function chainFrom(byId: ReadonlyMap<string, LogEvent>, id: string): string[] {
  const event = byId.get(id);
  if (event === undefined) return [];
  return [`${event.actor} ${event.id} ${event.type}`, ...chainFrom(byId, event.causedBy ?? '')];
}
