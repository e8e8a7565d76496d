// Shows: a run can be gone on with in another way from any of its events, and the two outcomes can be compared.
import { behavior, diffGraphs, open } from 'runlog';
import { graphDiffText } from 'runlog/view';

const planner = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    graph.addObject('offer', { price: 100, status: 'open' });
  },
});

const careful = behavior({
  name: 'careful',
  on: 'object.created',
  where: { 'object.type': 'offer' },
  run: ({ event, graph }) => graph.patchObject(event.payload.id, { status: 'declined' }),
});

const bold = behavior({
  name: 'bold',
  on: 'object.created',
  where: { 'object.type': 'offer' },
  run: ({ event, graph }) => {
    graph.patchObject(event.payload.id, { status: 'accepted', price: 90 });
    graph.addObject('contract', { offer: event.payload.id });
  },
});

const run = await open('memory:', { behaviors: [planner, careful] });
await run.runGoal('Answer the offer');

// The fork shares everything up to the end of the planner, and nothing is copied.
const fork = await run.fork({ atEvent: 'evt_004', behaviors: [planner, bold] });
await fork.runUntilIdle();

console.log(graphDiffText(diffGraphs(run.graph, fork.graph)).join('\n'));
console.log(`run: ${(await run.head()).seq} events, fork: ${(await fork.head()).seq} events`);
await fork.close();
await run.close();

// Prints:
// divergent objects:
//   - offer#1 differs (parent v2 ↔ fork v2)
//       data.price: 100 -> 90
//       data.status: "declined" -> "accepted"
//   - contract#2 only in fork
// run: 8 events, fork: 9 events
