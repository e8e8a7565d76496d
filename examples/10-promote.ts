// Shows: what was tried out in a fork is taken into the run as one block, and refused where the run has decided otherwise.
import { open, PromoteConflictError } from 'runlog';

const run = await open('memory:', { runId: 'run' });
await run.mutate((graph) => {
  graph.addObject('offer', { price: 100, status: 'open' });
});

const trial = await run.fork({ atEvent: 'evt_001', runId: 'trial' });
await trial.mutate((graph) => {
  graph.patchObject('offer#1', { price: 90 });
  graph.addObject('contract', { offer: 'offer#1' });
});

// Meanwhile the run goes on: another field of the offer, and an object under the id that the trial has used as well.
await run.mutate((graph) => {
  graph.patchObject('offer#1', { status: 'accepted' });
  graph.addObject('note', { text: 'call back' });
});

const { eventId, plan } = await run.promote(trial, { by: 'ada' });
console.log(
  eventId,
  plan.created.map(({ forkId, id }) => `${forkId} is ${id} here`),
);
for (const { id, data } of run.graph.objects()) console.log(id, data);

// The trial goes on, and so does the run, with another price.
await trial.mutate((graph) => graph.patchObject('offer#1', { price: 80 }));
await run.mutate((graph) => graph.patchObject('offer#1', { price: 95 }));
try {
  await run.promote(trial, { by: 'ada' });
} catch (error) {
  if (error instanceof PromoteConflictError) console.log(error.summary, error.context['conflicts']);
}
await trial.close();
await run.close();

// Prints:
// evt_004 [ 'contract#2 is contract#3 here' ]
// offer#1 { price: 90, status: 'accepted' }
// note#2 { text: 'call back' }
// contract#3 { offer: 'offer#1' }
// fork 'trial' and run 'run' contradict each other in 1 place [
//   {
//     kind: 'both_changed',
//     id: 'offer#1',
//     field: 'price',
//     at_fork_point: 90,
//     in_parent: 95,
//     in_fork: 80,
//     parent_event: 'evt_007',
//     fork_event: 'evt_004'
//   }
// ]
