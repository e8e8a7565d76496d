// Shows: a behavior that asks a model, which calls a tool. Questions and answers are events of the log.
import { llmBehavior, open, scriptedModel, tool } from 'runlog';
import { z } from 'zod';

const wordCount = tool({
  name: 'word_count',
  description: 'Counts the words of a text.',
  inputSchema: z.object({ text: z.string() }),
  deterministic: true,
  run: ({ text }) => ({ words: text.split(' ').length }),
});

const headline = llmBehavior({
  name: 'headline',
  on: 'goal.created',
  description: 'Write a headline of at most six words.',
  output: z.object({ text: z.string(), words: z.number().int() }),
  outputName: 'Headline',
  creates: ['headline'],
  tools: [wordCount],
  run: ({ output, graph }) => {
    graph.addObject('headline', output);
  },
});

// A script in the place of a vendor: it calls the tool, and then it answers.
const text = 'Rents rise for the third year';
const model = scriptedModel({
  respond: [
    { toolCalls: [{ name: 'word_count', args: { text } }], costUsd: '0.0008' },
    { json: { text, words: 6 }, costUsd: '0.0010' },
  ],
});

const run = await open('memory:', { behaviors: [headline], model });
const status = await run.runGoal('Find a headline for the report on rents');

for await (const { id, type, causedBy } of run.events())
  console.log(`${id} ${type} <- ${causedBy ?? 'nothing'}`);
console.log(run.graph.objects('headline')[0]?.data);
console.log('US dollars:', status.budget['cost_used_usd']);
await run.close();

// Prints:
// evt_001 goal.created <- nothing
// evt_002 behavior.started <- evt_001
// evt_003 llm.requested <- evt_001
// evt_004 llm.responded <- evt_003
// evt_005 tool.requested <- evt_003
// evt_006 tool.responded <- evt_005
// evt_007 llm.requested <- evt_003
// evt_008 llm.responded <- evt_007
// evt_009 object.created <- evt_001
// evt_010 behavior.completed <- evt_001
// evt_011 runtime.idle <- nothing
// { text: 'Rents rise for the third year', words: 6 }
// US dollars: 0.0018
