// Shows: a run that is stopped and loaded again has the same history as one that was never stopped.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behavior, load, logicalClock, open } from 'runlog';

const note = behavior({
  name: 'note',
  on: 'goal.created',
  run: ({ event, graph }) => {
    graph.addObject('note', { text: event.payload.goal });
  },
});

// A clock that counts events gives the same timestamps to both runs.
const options = { behaviors: [note], clock: logicalClock('2026-01-01T00:00:00Z') };
const folder = mkdtempSync(join(tmpdir(), 'runlog-example-'));
const file = join(folder, 'runs.db');

const straight = await open(file, { ...options, runId: 'straight' });
await straight.runGoal('Collect what is known');
await straight.runGoal('Write it down');
const expected = await straight.head();
await straight.close();

const before = await open(file, { ...options, runId: 'stopped' });
await before.runGoal('Collect what is known');
console.log(`stopped after ${(await before.head()).seq} events`);
await before.close();

const after = await load(file, { ...options, runId: 'stopped' });
await after.runGoal('Write it down');
const head = await after.head();
await after.close();

console.log(`${head.seq} events, ${expected.seq} without the stop`);
console.log(head.hash === expected.hash ? 'the same history' : 'another history');
rmSync(folder, { recursive: true });

// Prints:
// stopped after 5 events
// 10 events, 10 without the stop
// the same history
