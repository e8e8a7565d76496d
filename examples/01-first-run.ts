// Shows: one goal, three behaviors, and the log that comes of them.
import { behavior, open, relationBehavior } from 'runlog';
import { traceLines } from 'runlog/view';

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    const research = graph.addObject('task', { title: 'Research', status: 'open' });
    const memo = graph.addObject('task', { title: 'Draft memo', status: 'blocked' });
    graph.addRelation(research.id, memo.id, 'depends_on');
  },
});

const researcher = behavior({
  name: 'researcher',
  on: 'object.created',
  where: { 'object.type': 'task' },
  run: ({ event, graph }) => {
    const task = event.payload.object;
    if (task.data['status'] !== 'open') return;
    graph.addObject('claim', { text: 'Market early but growing.' });
    graph.emit('task.completed', { task_id: task.id });
  },
});

const unblock = relationBehavior({
  name: 'unblock',
  relationType: 'depends_on',
  on: 'task.completed',
  run: ({ relation, graph }) => graph.patchObject(relation.target, { status: 'open' }),
});

const run = await open('memory:', { behaviors: [planner, researcher, unblock] });
await run.runGoal('Evaluate this startup idea');
for await (const event of run.events()) console.log(traceLines(event).join('\n'));
await run.close();
