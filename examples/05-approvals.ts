// Shows: a type of objects that somebody has to approve before one is added.
import { behavior, open } from 'runlog';

const writer = behavior({
  name: 'writer',
  on: 'goal.created',
  run: ({ ctx }) => {
    ctx.proposeObject('memo', { title: 'Go ahead' }, 'the numbers are good');
    ctx.proposeObject('memo', { title: 'Wait' }, 'the numbers are old');
  },
});

// The same memo without asking: the policy makes this a failure.
const hasty = behavior({
  name: 'hasty',
  on: 'goal.created',
  run: ({ graph }) => graph.addObject('memo', { title: 'Done' }).id,
});

const policies = [{ name: 'memos_are_read_first', requiresApproval: ['memo'] }];
const run = await open('memory:', { behaviors: [writer, hasty], policies });
await run.runGoal('Decide');

for (const { id, data, reason } of await run.approvals()) console.log(`${id}, ${reason}:`, data);
for (const { behavior: name, reason } of run.errors) console.log(`${name} failed: ${reason}`);

const memoId = await run.approve('approval_001', { by: 'ada' });
await run.deny('approval_002', { by: 'ada', reason: 'ask again in May' });
await run.runUntilIdle();

const memo = run.graph.object(memoId);
console.log(memoId, 'by', memo?.provenance['created_by'], memo?.data);
console.log(`${(await run.approvals()).length} pending`);
await run.close();

// Prints:
// approval_001, the numbers are good: { title: 'Go ahead' }
// approval_002, the numbers are old: { title: 'Wait' }
// hasty failed: approval.required
// memo#1 by ada { title: 'Go ahead' }
// 0 pending
