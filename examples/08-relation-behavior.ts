// Shows: a behavior of a relation. It runs once for each edge that an event touches, and knows both ends of it.
import { behavior, open, relationBehavior } from 'runlog';

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    const walls = graph.addObject('job', { title: 'Paint the walls', status: 'open' });
    const floor = graph.addObject('job', { title: 'Lay the floor', status: 'blocked' });
    const shelf = graph.addObject('job', { title: 'Put up the shelf', status: 'blocked' });
    graph.addRelation(walls.id, floor.id, 'comes_before');
    graph.addRelation(walls.id, shelf.id, 'comes_before');
    graph.addRelation(shelf.id, walls.id, 'is_near');
  },
});

// For `job#1` this runs twice, once for each `comes_before`; `is_near` is another type.
const unblock = relationBehavior({
  name: 'unblock',
  relationType: 'comes_before',
  on: 'job.done',
  run: ({ event, relation, graph }) => {
    if (event.payload['job'] !== relation.source) return;
    console.log(`${relation.id}: ${relation.source} is done, so ${relation.target} can begin`);
    graph.patchObject(relation.target, { status: 'open' });
  },
});

const run = await open('memory:', { behaviors: [planner, unblock] });
await run.runGoal('Renovate the room');
await run.emit('job.done', { job: 'job#1' });
await run.runUntilIdle();

for (const { id, data } of run.graph.objects('job')) console.log(id, data);
for await (const { type, payload } of run.events())
  if (type === 'relation_behavior.started') console.log(payload['behavior'], 'on', payload['relation_id']);
await run.close();

// Prints:
// rel_001: job#1 is done, so job#2 can begin
// rel_002: job#1 is done, so job#3 can begin
// job#1 { title: 'Paint the walls', status: 'open' }
// job#2 { title: 'Lay the floor', status: 'open' }
// job#3 { title: 'Put up the shelf', status: 'open' }
// unblock on rel_001
// unblock on rel_002
