/** Decides the run of scenarios 12, 16, 17, 18, 19 and 20: a planner adds a document, and a model reads it. */
import { behavior, type Behavior, llmBehavior, type Runtime, scriptedModel } from 'runlog';
import type { ScriptedModel, ScriptedModelOptions, Tool } from 'runlog/effects';
import type { LogStore } from 'runlog/log';
import { z } from 'zod';
import { openFixed, type RunOptions } from '../harness/fixed-run.ts';

export const outputSchema = z.object({ text: z.string(), confidence: z.number().min(0).max(1) });

export const planner: Behavior = behavior({
  name: 'planner',
  on: 'goal.created',
  run: ({ graph }) => {
    graph.addObject('document', { title: 'Doc', body: 'h\u00e9llo' });
  },
});

export interface Audit {
  /** In the order of the calls; or a function of the call. */
  readonly answers: ScriptedModelOptions['respond'];
  readonly tools?: readonly Tool[];
  readonly maxToolTurns?: number;
  readonly options?: RunOptions;
  readonly store?: LogStore;
}

export function extractor(audit: Pick<Audit, 'tools' | 'maxToolTurns'> = {}): Behavior {
  return llmBehavior({
    name: 'extractor',
    on: 'object.created',
    where: { 'object.type': 'document' },
    description: 'Extract.',
    output: outputSchema,
    outputName: 'Out',
    creates: ['claim'],
    deterministic: true,
    view: { around: 'event.payload.object.id', depth: 1, recentEvents: 3 },
    tools: audit.tools ?? [],
    ...(audit.maxToolTurns === undefined ? {} : { maxToolTurns: audit.maxToolTurns }),
    run: ({ output, graph }) => {
      graph.addObject('claim', output);
    },
  });
}

export async function auditRun(
  audit: Audit,
): Promise<{ readonly run: Runtime; readonly model: ScriptedModel }> {
  const model = auditModel(audit.answers);
  const run = await openFixed(
    {
      behaviors: [planner, extractor(audit)],
      model,
      frame: { goal: 'Audit', constraints: ['be brief'] },
      budget: { maxCostUsd: '1.00' },
      ...audit.options,
    },
    audit.store,
  );
  return { run, model };
}

export function auditModel(respond: ScriptedModelOptions['respond']): ScriptedModel {
  return scriptedModel({
    defaultModel: 'claude-sonnet-4-5',
    respond,
    countTokens: () => 100,
    // One cent for a thousand tokens out, nothing for those in.
    estimateCost: ({ outputTokens }) => String((outputTokens * 10) / 1_000_000),
  });
}
