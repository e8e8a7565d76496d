/** Scenario 37: a pack comes in once, in one version, under names that nobody else has; a load that fails changes nothing. */
import {
  AmbiguousBehaviorError,
  behavior,
  BehaviorNotFoundError,
  llmBehavior,
  objectType,
  type Pack,
  pack,
  PackConflictError,
  PackSettingsMissingError,
  PackVersionConflictError,
  relationType,
  type Runtime,
  scriptedModel,
  sha256,
  tool,
  ToolNotFoundError,
  AmbiguousToolError,
} from 'runlog';
import { loadPack, type PackRequest } from 'runlog/packs';
import { diligence } from 'runlog/packs/diligence';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { openDiligence } from '../e2e/diligence/open-diligence.ts';
import { eventsOf, openFixed, typesOf } from '../harness/fixed-run.ts';

const load = async (run: Runtime, request: PackRequest): Promise<boolean> => loadPack(run, request, sha256);

test('the Diligence pack is loaded once, and no other version of it', async () => {
  const run = await openDiligence({}, { packs: [] });
  expect([await load(run, diligence), await load(run, diligence)]).toEqual([true, false]);
  expect((await typesOf(run)).filter((type) => type === 'pack.loaded')).toHaveLength(1);
  const other = load(run, { ...diligence, version: '0.2.0' });
  await expect(other).rejects.toBeInstanceOf(PackVersionConflictError);
  await expect(other).rejects.toThrow(
    "pack 'diligence': already loaded version '0.1.0', attempted to load version '0.2.0'",
  );
});

const any = z.object({});
const noop = (name: string) => behavior({ name, on: 'goal.created', run: () => {} });
const search = tool({ name: 'search', exportGlobally: true, run: () => 'found' });
const essays = pack({
  name: 'essays',
  version: '1',
  behaviors: [noop('judge')],
  objectTypes: [objectType({ name: 'essay', schema: any })],
  relationTypes: [relationType({ name: 'cites' })],
  tools: [search, tool({ name: 'secret', run: () => null })],
});

interface Conflict {
  readonly what: string;
  readonly other: Pack;
  readonly behaviors?: readonly string[];
}

const conflicts: readonly Conflict[] = [
  {
    what: "object type 'essay'",
    other: pack({ name: 'o', version: '1', objectTypes: [objectType({ name: 'essay', schema: any })] }),
  },
  {
    what: "relation type 'cites'",
    other: pack({ name: 'o', version: '1', relationTypes: [relationType({ name: 'cites' })] }),
  },
  {
    what: "tool 'search'",
    other: pack({
      name: 'o',
      version: '1',
      tools: [tool({ name: 'search', exportGlobally: true, run: () => 1 })],
    }),
  },
  {
    what: "behavior 'o.b'",
    other: pack({ name: 'o', version: '1', behaviors: [noop('b')] }),
    behaviors: ['o.b'],
  },
];

describe('a pack that collides', () => {
  it.each(conflicts)(
    'on $what is refused, nothing of it is loaded, and the ways out are named',
    async ({ what, other, behaviors = [] }) => {
      const run = await openFixed({ packs: [essays], behaviors: behaviors.map(noop) });
      const before = [run.installed, await run.head()];
      const loading = load(run, other);
      await expect(loading).rejects.toBeInstanceOf(PackConflictError);
      await expect(loading).rejects.toThrow(what);
      await expect(loading).rejects.toMatchObject({
        howToFix: 'Rename it in one of the two packs, or use the packs in separate runs.',
      });
      expect([run.installed, await run.head()]).toEqual(before);
      expect(run.ownerOfType('object', 'essay')).toBe('essays');
    },
  );

  it('names the pack that has it', async () => {
    const run = await openFixed({ packs: [essays] });
    const contexts = conflicts
      .slice(0, 3)
      .map(async ({ other }) => load(run, other).catch((error: unknown) => error));
    for (const error of await Promise.all(contexts))
      expect(error).toMatchObject({ context: { owner_pack: 'essays', conflicting_pack: 'o' } });
  });

  it('over a missing provider changes nothing either', async () => {
    const run = await openFixed();
    const needy = pack({
      name: 'needy',
      version: '1',
      objectTypes: [objectType({ name: 'essay', schema: any })],
      behaviors: [llmBehavior({ name: 'asker', on: 'goal.created', run: () => {} })],
    });
    await expect(load(run, needy)).rejects.toMatchObject({ name: 'MissingProviderError' });
    expect([run.ownerOfType('object', 'essay'), run.installed.owners, await eventsOf(run)]).toEqual([
      undefined,
      [],
      [],
    ]);
  });
});

describe('names', () => {
  const reviews = pack({
    name: 'reviews',
    version: '1',
    behaviors: [noop('judge'), noop('reader')],
    tools: [tool({ name: 'secret', run: () => 1 })],
  });

  it('in two packs may be alike: both react, and the short one is ambiguous', async () => {
    const run = await openFixed({ packs: [essays, reviews], behaviors: [noop('planner')] });
    expect(() => run.behavior('judge')).toThrow(AmbiguousBehaviorError);
    expect(() => run.tool('secret')).toThrow(AmbiguousToolError);
    expect(() => run.behavior('judge')).toThrow(
      expect.objectContaining({ howToFix: "Use the full name: 'essays.judge'." }),
    );
    const names = ['essays.judge', 'reader', 'planner'].map((name) => run.behavior(name).name);
    expect(names).toEqual(['essays.judge', 'reviews.reader', 'planner']);
    expect([run.tool('search').name, run.tool('essays.search').name]).toEqual(['search', 'essays.search']);
    await run.runGoal('g');
    const started = (await eventsOf(run)).filter(({ type }) => type === 'behavior.started');
    expect(started.map(({ payload }) => payload['behavior'])).toEqual([
      'planner',
      'essays.judge',
      'reviews.judge',
      'reviews.reader',
    ]);
  });

  it('that nobody has are not found, with a suggestion, and a dotted one is strict', async () => {
    const run = await openFixed({ packs: [reviews] });
    expect(() => run.behavior('readr')).toThrow(BehaviorNotFoundError);
    expect(() => run.behavior('readr')).toThrow(
      expect.objectContaining({ howToFix: "Did you mean 'reviews.reader'?" }),
    );
    expect(() => run.behavior('essays.reader')).toThrow(BehaviorNotFoundError);
    expect(() => run.tool('search')).toThrow(ToolNotFoundError);
  });

  it('of two lookups in Diligence and beside it: the short one is ambiguous, the full one works', async () => {
    const second = pack({ name: 'second', version: '1', behaviors: [noop('question_generator')] });
    const run = await openDiligence({}, { packs: [diligence, second] });
    expect(() => run.behavior('question_generator')).toThrow(AmbiguousBehaviorError);
    expect(run.behavior('diligence.question_generator').kind).toBe('llm');
  });
});

describe('tools', () => {
  it('stay in their pack, unless they are exported', async () => {
    const caller = (name: string) =>
      behavior({
        name: 'caller',
        on: 'goal.created',
        tools: [name],
        run: async ({ ctx, graph }) => {
          graph.addObject('answer', { of: (await ctx.callTool(name, {})).output });
        },
      });
    const run = await openFixed({ packs: [essays], behaviors: [caller('search')] });
    await run.runGoal('g');
    expect(run.graph.objects('answer')[0]?.data).toEqual({ of: 'found' });
    await expect(openFixed({ packs: [essays], behaviors: [caller('secret')] })).rejects.toMatchObject({
      name: 'MissingToolError',
    });
  });

  it('are called by the model of their pack under the full name', async () => {
    const model = scriptedModel({
      respond: [{ toolCalls: [{ name: 'p.look', args: {} }] }, { text: 'done' }],
    });
    const p = pack({
      name: 'p',
      version: '1',
      tools: [tool({ name: 'look', run: () => 1 })],
      behaviors: [llmBehavior({ name: 'asker', on: 'goal.created', tools: ['look'], run: () => {} })],
    });
    const run = await openFixed({ packs: [p], model });
    await run.runGoal('g');
    expect(run.errors).toEqual([]);
  });
});

describe('settings', () => {
  const needing = pack({ name: 'needing', version: '1', settings: z.object({ a: z.coerce.number() }) });

  it('that are required are asked for, and the run is not made', async () => {
    await expect(openFixed({ packs: [needing] })).rejects.toBeInstanceOf(PackSettingsMissingError);
  });

  it('are converted by their schema', async () => {
    const run = await openFixed({ packs: [{ pack: needing, settings: { a: '3' } }] });
    expect((await eventsOf(run))[0]?.payload['settings']).toBe('{"a":3}');
  });
});
