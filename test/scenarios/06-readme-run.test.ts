/** Scenario 6: the run of the README, event by event. */
import { behavior, relationBehavior, type Runtime } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, openFixed, theEvent, typesOf } from '../harness/fixed-run.ts';

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    const research = graph.addObject('task', { title: 'Research', status: 'open' });
    const draft = graph.addObject('task', { title: 'Draft memo', status: 'blocked' });
    graph.addRelation(research.id, draft.id, 'depends_on');
  },
});

const researcher = behavior({
  name: 'researcher',
  on: 'object.created',
  where: { 'object.type': 'task' },
  run: ({ event, graph }) => {
    if (event.payload.object.data['status'] !== 'open') return;
    graph.addObject('claim', { text: 'Market early but growing.' });
    graph.emit('task.completed', { task_id: event.payload.id });
  },
});

const unblock = relationBehavior({
  name: 'unblock',
  relationType: 'depends_on',
  on: 'task.completed',
  run: ({ relation, graph }) => {
    graph.patchObject(relation.target, { status: 'open' });
  },
});

async function finished(): Promise<Runtime> {
  const run = await openFixed({ behaviors: [planner, researcher, unblock] });
  await run.runGoal('Evaluate this startup idea');
  return run;
}

test('the sixteen events of the README stand in their order', async () => {
  expect(await typesOf(await finished())).toEqual([
    'goal.created',
    'behavior.started',
    'object.created',
    'object.created',
    'relation.created',
    'behavior.completed',
    'behavior.started',
    'object.created',
    'task.completed',
    'behavior.completed',
    'behavior.started',
    'behavior.completed',
    'relation_behavior.started',
    'patch.applied',
    'behavior.completed',
    'runtime.idle',
  ]);
});

test('each event says who made it and which event led to it', async () => {
  const events = await eventsOf(await finished());
  expect(events.map(({ actor, causedBy }) => `${actor} ${causedBy}`)).toEqual([
    'user null',
    'runtime evt_001',
    'planner evt_001',
    'planner evt_001',
    'planner evt_001',
    'runtime evt_001',
    'runtime evt_003',
    'researcher evt_003',
    'researcher evt_003',
    'runtime evt_003',
    'runtime evt_004',
    'runtime evt_004',
    'runtime evt_009',
    'unblock evt_009',
    'runtime evt_009',
    'runtime null',
  ]);
});

test('the lifecycle events carry what the trace prints', async () => {
  const events = await eventsOf(await finished());
  const payloadOf = (id: string) => events.find((event) => event.id === id)?.payload;
  expect(payloadOf('evt_007')).toEqual({
    behavior: 'researcher',
    event_id: 'evt_003',
    triggering_event_type: 'object.created',
    triggering_object_id: 'task#1',
  });
  expect(payloadOf('evt_006')).toEqual({
    behavior: 'planner',
    event_id: 'evt_001',
    objects_created: 2,
    relations_created: 1,
    patches_applied: 0,
    patches_proposed: 0,
    events_emitted: 0,
  });
  expect(payloadOf('evt_013')).toEqual({
    behavior: 'unblock',
    event_id: 'evt_009',
    triggering_event_type: 'task.completed',
    relation_type: 'depends_on',
    relation_id: 'rel_001',
  });
});

test('idle says what was used', async () => {
  const { payload } = await theEvent(await finished(), 'runtime.idle');
  expect(payload).toMatchObject({ snapshot: { used: { max_events: 7, max_behavior_calls: 4 } } });
});

test('the graph holds what the behaviors made', async () => {
  const { graph } = await finished();
  expect(graph.object('task#2')).toMatchObject({ version: 2, data: { status: 'open' } });
  expect(graph.objects('claim').map(({ id }) => id)).toEqual(['claim#3']);
});
