/** Proves what a handler gets, what it can do with it, and what it cannot do to it. */
import { RuntimeContextRequiredError, type Runtime } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import {
  eventsOf,
  moment,
  openFixed,
  openUnrepeatable,
  theEvent,
  typesOf,
} from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { slowStore } from '../../../test/harness/stopping-store.ts';
import { tool } from '../../effects/index.ts';
import { type GraphWriter, objectType } from '../../graph/index.ts';
import { behavior, type Context, type HandlerInput } from '../behavior.ts';

type Input = HandlerInput<{ readonly payload: object; readonly id: string }>;

/** Runs a handler once, on `goal.created`. */
async function ran(
  run: (input: Input) => unknown,
  options: Parameters<typeof openFixed>[0] = {},
): Promise<Runtime> {
  const only = behavior({ name: 'only', on: 'goal.created', tools: options.tools ?? [], run });
  const opened = await openFixed({ ...options, behaviors: [only] });
  await opened.mutate((graph) => {
    graph.addObject('t', { deep: { list: [1] } });
    graph.addRelation('t#1', 't#1', 'self');
    graph.proposePatch('t#1', { value: { x: 1 } });
  });
  await opened.runGoal('g');
  return opened;
}

/** Everything that can be reached from a value by its own properties. */
function reachable(value: unknown, found = new Set<unknown>()): Set<unknown> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  for (const child of Object.values(value)) reachable(child, found);
  return found;
}

test('nothing that a handler reads can be changed', async () => {
  const handedOut: unknown[] = [];
  const run = await ran(({ event, graph, view }) => {
    handedOut.push(event, ...graph.objects(), ...graph.relations(), ...graph.patches());
    handedOut.push(
      ...view.objects(),
      ...view.relations(),
      ...view.events(),
      graph.neighborhood('t#1').objects[0],
    );
  });
  expect(run.errors).toEqual([]);
  const parts = [...reachable(handedOut)].filter((value) => value !== handedOut);
  expect(parts.length).toBeGreaterThan(20);
  expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
});

test('an attempt to change what was read fails the handler, and changes nothing', async () => {
  const run = await ran(({ graph }) => {
    Object.assign(graph.object('t#1')?.data ?? {}, { hacked: true });
  });
  expect(run.errors.map(({ exceptionType }) => exceptionType)).toEqual(['TypeError']);
  expect(run.graph.object('t#1')?.data).toEqual({ deep: { list: [1] } });
});

test('settings of a pack cannot be changed by a handler of it', async () => {
  const reader = behavior({
    name: 'p.reader',
    on: 'goal.created',
    run: ({ ctx }: HandlerInput<unknown, { limits: { most: number } }>) => {
      ctx.settings.limits.most = 99;
    },
  });
  const run = await openUnrepeatable();
  await run.install({
    owner: 'p',
    behaviors: [reader],
    tools: [],
    objectTypes: [],
    relationTypes: [],
    policies: [],
    settings: { limits: { most: 1 } },
    loadedPayload: null,
  });
  await run.runGoal('g');
  expect(run.errors.map(({ exceptionType }) => exceptionType)).toEqual(['TypeError']);
});

test('what a handler was given as data stays as it was, whatever is done with it later', async () => {
  const run = await ran(({ graph }) => {
    const data = { list: [1] };
    graph.addObject('mine', data);
    data.list.push(2);
  });
  expect(run.graph.object('mine#2')?.data).toEqual({ list: [1] });
});

test('a handler reads what it has changed so far, through graph and through view', async () => {
  const seen: unknown[] = [];
  await ran(({ graph, view }) => {
    graph.patchObject('t#1', { x: 1 });
    const { id } = graph.addObject('u', {});
    graph.addRelation(id, 't#1', 'to');
    graph.removeRelation('rel_001');
    seen.push(graph.object('t#1')?.data['x'], graph.objects('u').length, view.objects('u').length);
    seen.push(
      graph.relations().map((relation) => relation.id),
      view.relations().map((relation) => relation.id),
    );
  });
  expect(seen).toEqual([1, 1, 1, ['rel_002'], ['rel_002']]);
});

test('a handler that fails leaves nothing that it changed', async () => {
  const run = await ran(({ graph, ctx }) => {
    graph.addObject('u', {});
    graph.patchObject('t#1', { x: 1 });
    graph.removeObject('t#1');
    graph.emit('said');
    ctx.proposeObject('memo', {});
    throw new Error('no');
  });
  expect((await typesOf(run)).slice(4)).toEqual(['behavior.started', 'behavior.failed', 'runtime.idle']);
  expect(run.graph.objects().map(({ id, version }) => [id, version])).toEqual([['t#1', 1]]);
  expect(await run.approvals()).toEqual([]);
});

test('ids that a failed handler drew are drawn again', async () => {
  const failing = behavior({
    name: 'failing',
    on: 'goal.created',
    run: ({ graph, ctx }) => {
      graph.addObject('u', {});
      graph.addRelation('u#1', 'u#1', 'self');
      graph.proposePatch('u#1', { value: {} });
      ctx.proposeObject('memo', {});
      throw new Error('no');
    },
  });
  const next = behavior({
    name: 'next',
    on: 'goal.created',
    run: ({ graph, ctx }) => {
      const { id } = graph.addObject('u', {});
      graph.emit('drew', {
        ids: [
          id,
          graph.addRelation(id, id, 'self').id,
          graph.proposePatch(id, { value: {} }).id,
          ctx.proposeObject('memo', {}),
        ],
      });
    },
  });
  const run = await openFixed({ behaviors: [failing, next] });
  await run.runGoal('g');
  expect((await theEvent(run, 'drew')).payload).toEqual({
    ids: ['u#1', 'rel_001', 'patch_001', 'approval_001'],
  });
});

describe('after its end a handler', () => {
  interface Kept {
    readonly graph: GraphWriter;
    readonly ctx: Context;
    readonly input: Input;
  }

  async function kept(): Promise<{ readonly run: Runtime; readonly kept: Kept }> {
    const found: Kept[] = [];
    const lookup = tool({ name: 'lookup', run: () => 1 });
    const run = await ran((input) => void found.push({ graph: input.graph, ctx: input.ctx, input }), {
      tools: [lookup],
    });
    const [first] = found;
    if (first === undefined) throw new Error('the handler did not run');
    return { run, kept: first };
  }

  const changes: readonly (readonly [string, (kept: Kept) => unknown])[] = [
    ['addObject', ({ graph }) => graph.addObject('late', {})],
    ['addRelation', ({ graph }) => graph.addRelation('t#1', 't#1', 'late')],
    ['patchObject', ({ graph }) => graph.patchObject('t#1', { late: true })],
    ['proposePatch', ({ graph }) => graph.proposePatch('t#1', { value: {} })],
    ['applyPatch', ({ graph }) => graph.applyPatch('patch_001')],
    ['rejectPatch', ({ graph }) => graph.rejectPatch('patch_001', 'late')],
    ['removeObject', ({ graph }) => graph.removeObject('t#1')],
    ['removeRelation', ({ graph }) => graph.removeRelation('rel_001')],
    ['emit', ({ graph }) => graph.emit('late')],
    ['proposeObject', ({ ctx }) => ctx.proposeObject('late', {})],
    ['graph', ({ input }) => input.graph],
    ['view', ({ input }) => input.view],
  ];

  it.each(changes)('is refused %s', async (_name, change) => {
    const { run, kept: late } = await kept();
    const { hash } = await run.head();
    expect(() => change(late)).toThrow(RuntimeContextRequiredError);
    expect((await run.head()).hash).toBe(hash);
  });

  it('is refused callTool', async () => {
    const { run, kept: late } = await kept();
    await expect(late.ctx.callTool('lookup', {})).rejects.toBeInstanceOf(RuntimeContextRequiredError);
    expect(await typesOf(run)).not.toContain('tool.requested');
  });
});

describe('ctx', () => {
  it('says who reacts, when, and what the run is for', async () => {
    const said: unknown[] = [];
    await ran(
      ({ ctx }) =>
        void said.push(ctx.behavior, ctx.timestamp, ctx.frame, ctx.settings, ctx.packSettings('none')),
      {
        frame: { goal: 'Win', id: 'frame_009', constraints: ['fair'] },
      },
    );
    const frame = {
      goal: 'Win',
      id: 'frame_009',
      constraints: ['fair'],
      successCriteria: [],
      permissions: [],
    };
    expect(said).toEqual(['only', moment, frame, undefined, undefined]);
    expect(Object.isFrozen(said[2])).toBe(true);
  });

  it('draws the same chance again for the same run, event and behavior, and other chance for another seed', async () => {
    const draw = async (seed: number): Promise<unknown> => {
      const run = await ran(
        ({ ctx, graph }) => graph.emit('drew', { numbers: [ctx.random.next(), ctx.random.next()] }),
        { seed },
      );
      return (await theEvent(run, 'drew')).payload['numbers'];
    };
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });
});

describe('tool calls of a handler', () => {
  const calls: string[] = [];
  const slowly = tool({
    name: 'slowly',
    inputSchema: z.object({ n: z.number() }),
    run: async ({ n }) => {
      calls.push(`begin ${n}`);
      await new Promise((resolve) => setTimeout(resolve, 3 - n));
      calls.push(`end ${n}`);
      if (n === 2) throw new Error('two is broken');
      return n;
    },
  });

  it('go one after the other, in the order in which they were made', async () => {
    calls.length = 0;
    const run = await ran(
      async ({ ctx, graph }) => {
        const answers = await Promise.all([0, 1].map(async (n) => ctx.callTool('slowly', { n })));
        graph.emit('answers', { outputs: answers.map(({ output }) => output) });
      },
      { tools: [slowly] },
    );
    expect(calls).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1']);
    expect((await theEvent(run, 'answers')).payload).toEqual({ outputs: [0, 1] });
  });

  it('that nobody awaits end before their invocation does', async () => {
    const run = await ran(({ ctx }) => void ctx.callTool('slowly', { n: 1 }), { tools: [slowly] });
    expect((await typesOf(run)).slice(4)).toEqual([
      'behavior.started',
      'tool.requested',
      'tool.responded',
      'behavior.completed',
      'runtime.idle',
    ]);
  });

  it('that nobody awaits may fail, and nothing else fails of it', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const run = await ran(({ ctx }) => void ctx.callTool('slowly', { n: 2 }), { tools: [slowly] });
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    expect(run.errors).toEqual([]);
  });

  it('that wait for their turn are made, also when the handler has failed meanwhile', async () => {
    calls.length = 0;
    await ran(({ ctx }) => Promise.all([2, 1].map(async (n) => ctx.callTool('slowly', { n }))), {
      tools: [slowly],
    });
    expect(calls).toEqual(['begin 2', 'end 2', 'begin 1', 'end 1']);
  });

  it('are refused for tools that the behavior does not list', async () => {
    const other = behavior({
      name: 'other',
      on: 'goal.created',
      run: async ({ ctx }) => ctx.callTool('slowly', { n: 1 }),
    });
    const run = await openFixed({ behaviors: [other], tools: [slowly] });
    await run.runGoal('g');
    expect(run.errors).toMatchObject([{ reason: 'tool.unknown_tool', exceptionType: 'UnknownToolError' }]);
  });
});

test('an asynchronous handler that throws at once harms nobody else', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const thrower = behavior({
    name: 'thrower',
    on: 'goal.created',
    run: async () => {
      throw new Error('at once');
    },
  });
  const run = await openFixed({ behaviors: [thrower] }, slowStore(memoryPlace().open()));
  await run.runGoal('g');
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  expect(run.errors).toMatchObject([{ message: 'at once' }]);
});

test('a handler that awaits nothing costs no commit of its own', async () => {
  const place = memoryPlace();
  let commits = 0;
  const inner = place.open();
  const { overlaid } = await import('../../../test/harness/stopping-store.ts');
  const store = overlaid(inner, {
    commit: async (parts, records) => {
      commits += 1;
      return inner.commit(parts, records);
    },
  });
  const ticker = behavior({
    name: 'ticker',
    on: 'tick',
    run: async ({ graph }) => void graph.addObject('t', {}),
  });
  const run = await openFixed({ behaviors: [ticker] }, store);
  await run.mutate((graph) => {
    for (let n = 0; n < 50; n += 1) graph.emit('tick');
  });
  await run.runUntilIdle();
  expect(commits).toBeLessThan(10);
});

test('data of a declared type is what its schema hands out, also when it is patched', async () => {
  const task = objectType({
    name: 'task',
    schema: z.object({
      title: z.string(),
      effort: z.coerce.number().default(1),
      tags: z.array(z.string()).default([]),
    }),
  });
  const run = await openFixed({ types: [task] });
  await run.mutate((graph) => {
    graph.addObject('task', { title: 'A', effort: '3', unknown: true });
    graph.patchObject('task#1', { effort: '5', unknown: true });
  });
  expect(run.graph.object('task#1')?.data).toEqual({ title: 'A', effort: 5, tags: [] });
  await expect(run.mutate((graph) => graph.patchObject('task#1', { effort: 'much' }))).rejects.toMatchObject({
    name: 'PackSchemaViolation',
  });
  await expect(run.mutate((graph) => graph.patchObject('task#1', { title: null }))).rejects.toMatchObject({
    name: 'PackSchemaViolation',
  });
});

test('a type that is given as a value is checked by it, declared or not', async () => {
  const task = objectType({ name: 'task', schema: z.object({ title: z.string() }) });
  const run = await openFixed();
  const wrong = run.mutate((graph) => graph.addObject(task, { title: 7 as unknown as string }));
  await expect(wrong).rejects.toMatchObject({ name: 'PackSchemaViolation' });
  expect(await eventsOf(run)).toEqual([]);
});
