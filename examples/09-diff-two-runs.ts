// Shows: two runs compared by what each did since they part: field by field with the events behind it, and what it cost.
import { behavior, llmBehavior, open, scriptedModel } from 'runlog';
import { runDiffText } from 'runlog/view';
import { z } from 'zod';

const pricer = llmBehavior({
  name: 'pricer',
  on: 'goal.created',
  output: z.object({ price: z.number() }),
  run: ({ output, graph }) => {
    graph.addObject('offer', { ...output, status: 'open' });
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
    graph.patchObject(event.payload.id, { status: 'accepted', note: 'today' });
    graph.addObject('contract', { offer: event.payload.id });
  },
});

const model = scriptedModel({
  respond: [{ json: { price: 100 }, inputTokens: 120, outputTokens: 8, costUsd: '0.0011' }],
});
const run = await open('memory:', { runId: 'run', behaviors: [pricer, careful], model });
await run.runGoal('Answer the offer');

// From its first event on, with another behavior. The model is not asked again: the run has its answer.
const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork', behaviors: [pricer, bold] });
await fork.runUntilIdle();

const diff = await run.diff(fork);
console.log(runDiffText(diff).join('\n'));
console.log(`a run and itself: ${(await run.diff(run)).isIdentical ? 'identical' : 'different'}`);
await fork.close();
await run.close();

// Prints:
// diff run vs fork:
//   fork is a fork of run at evt_001
//   shared_events            7
//   parent_only_events       1
//   fork_only_events         2
//   divergent_objects        2
//   divergent_relations      0
//   used since they part     parent               fork
//   model_calls              1                    0
//   tool_calls               0                    0
//   tokens_in                120                  0
//   tokens_out               8                    0
//   cost_usd                 0.0011               0
//   answers_from_record      0                    1
//   cost_usd_not_spent       0                    0.0011
// divergent objects:
//   - offer#1 differs (parent v2 ↔ fork v2)
//       data.note: (missing) -> "today"  ← parent evt_005 by pricer; fork evt_008 by bold
//       data.status: "declined" -> "accepted"  ← parent evt_008 by careful; fork evt_008 by bold
//   - contract#2 only in fork
//       ← fork evt_009 by bold
// events only in parent:
//   - evt_008 patch.applied by careful
// events only in fork:
//   - evt_008 patch.applied by bold
//   - evt_009 object.created by bold
// a run and itself: identical
