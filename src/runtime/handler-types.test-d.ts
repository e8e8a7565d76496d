/** Proves, when it compiles, that the types of events, declared objects, schemas and settings reach people's code. */
import { behavior, llmBehavior, objectType, relationBehavior, type Runtime } from 'runlog';
import type { GraphObject, GraphWriter, ObjectType, Relation } from 'runlog/graph';
import type { Context, EventOf, HandlerInput } from 'runlog/runtime';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

declare module 'runlog' {
  interface EventMap {
    'test.weighed': { readonly grams: number; readonly by: string };
  }
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

behavior({
  name: 'goal',
  on: 'goal.created',
  when: ({ event, graph }) => event.payload.goal !== '' && graph.objects().length === 0,
  run: ({ event, graph, ctx }) => {
    expectTypeOf(event.type).toEqualTypeOf<'goal.created'>();
    expectTypeOf(event.payload.goal).toEqualTypeOf<string>();
    expectTypeOf(event.seq).toEqualTypeOf<number>();
    expectTypeOf(graph).toEqualTypeOf<GraphWriter>();
    expectTypeOf(ctx).toEqualTypeOf<Context>();
    expectTypeOf(event.payload).not.toHaveProperty('nonsense');
    expectTypeOf(event).not.toEqualTypeOf<Writable<typeof event>>();
  },
});

behavior({
  name: 'several',
  on: ['goal.created', 'behavior.failed'],
  run: ({ event }) => {
    if (event.type === 'goal.created') expectTypeOf(event.payload.goal).toEqualTypeOf<string>();
    else expectTypeOf(event.payload.exception_type).toEqualTypeOf<string>();
  },
});

behavior({
  name: 'declared',
  on: 'test.weighed',
  run: ({ event }) => {
    expectTypeOf(event.payload).toEqualTypeOf<{ readonly grams: number; readonly by: string }>();
  },
});

behavior({
  name: 'unknown types are data',
  on: 'something.else',
  run: ({ event }) => {
    expectTypeOf(event.payload['anything']).not.toEqualTypeOf<string>();
    expectTypeOf(event.type).toEqualTypeOf<string>();
  },
});

relationBehavior({
  name: 'edges',
  relationType: 'knows',
  on: 'object.created',
  run: ({ relation, event }) => {
    expectTypeOf(relation).toEqualTypeOf<Relation>();
    expectTypeOf(event.payload.object.version).toEqualTypeOf<number>();
  },
});

const claim = z.object({ text: z.string(), confidence: z.number().default(0.5) });

llmBehavior({
  name: 'reader',
  on: 'object.created',
  output: claim,
  run: ({ output, rawText, event }) => {
    expectTypeOf(output).toEqualTypeOf<{ text: string; confidence: number }>();
    expectTypeOf(rawText).toEqualTypeOf<string>();
    expectTypeOf(event.payload.id).toEqualTypeOf<string>();
  },
});

behavior({
  name: 'settings',
  on: 'goal.created',
  run: ({ ctx }: HandlerInput<EventOf<'goal.created'>, { readonly limit: number }>) => {
    expectTypeOf(ctx.settings.limit).toEqualTypeOf<number>();
  },
});

const claimType = objectType({ name: 'claim', schema: claim });
expectTypeOf(claimType).toEqualTypeOf<ObjectType<{ text: string; confidence: number }>>();

async function writes(run: Runtime): Promise<void> {
  const added = await run.mutate((graph) => graph.addObject(claimType, { text: 'T', confidence: 1 }));
  expectTypeOf(added).toEqualTypeOf<GraphObject>();
  await run.mutate((graph) => graph.addObject('claim', { anything: true }));
  await run.mutate((graph) => graph.proposePatch('claim#1', { op: 'replace', value: {} }));
}
expectTypeOf(writes).returns.resolves.toEqualTypeOf<void>();
