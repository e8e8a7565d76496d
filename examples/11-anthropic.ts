// Shows: a behavior that asks one of Anthropic's models, which calls a tool. It needs `npm install @anthropic-ai/sdk` and a key in
// ANTHROPIC_API_KEY, and costs a fraction of a cent.
import { llmBehavior, open, tool } from 'runlog';
import { anthropicModel } from 'runlog/models/anthropic';
import { z } from 'zod';

const prices = tool({
  name: 'prices',
  description: 'The price of an article in euros.',
  inputSchema: z.object({ article: z.enum(['desk', 'chair']) }),
  deterministic: true,
  run: ({ article }) => ({ article, euros: article === 'desk' ? 240 : 80 }),
});

const buyer = llmBehavior({
  name: 'buyer',
  on: 'goal.created',
  description: 'Choose one article, look up its price with the tool, and say in one sentence why.',
  output: z.object({ article: z.string(), euros: z.number(), why: z.string() }),
  outputName: 'Choice',
  creates: ['choice'],
  tools: [prices],
  run: ({ output, graph }) => {
    graph.addObject('choice', output);
  },
});

// The budget is looked at before each call, with the vendor's own count of the tokens.
const run = await open('memory:', {
  behaviors: [buyer],
  model: anthropicModel(),
  budget: { maxCostUsd: '0.10' },
});
const status = await run.runGoal('Furnish the office');

for (const { behavior, reason, message } of run.errors) console.log(`${behavior}: ${reason}: ${message}`);
console.log(run.graph.objects('choice')[0]?.data);
console.log('US dollars:', status.budget['cost_used_usd']);
await run.close();

// Prints:
// { article: 'desk', euros: 240, why: 'The chair can wait.' }
// US dollars: 0.0008
