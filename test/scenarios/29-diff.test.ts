/** Scenario 29: two runs compared: the same work done again is the same, another answer is told by object and field. */
import {
  behavior,
  type Behavior,
  frozenClock,
  llmBehavior,
  open,
  type Runtime,
  RunNotFoundError,
  scriptedModel,
} from 'runlog';
import { runDiffText } from 'runlog/view';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { moment, openFixed } from '../harness/fixed-run.ts';
import { memoryPlace } from '../harness/memory-store.ts';

const later = frozenClock('2027-01-01T00:00:00Z');

const asker = llmBehavior({
  name: 'claim_writer',
  on: 'goal.created',
  output: z.object({ text: z.string() }),
  run: ({ output, graph }) => {
    const source = graph.addObject('source', { title: 'Report' });
    const claim = graph.addObject('claim', output);
    graph.addRelation(source.id, claim.id, 'supports');
  },
});

function answering(text: string) {
  return scriptedModel({
    respond: () => ({ json: { text }, inputTokens: 100, outputTokens: 10, costUsd: '0.002' }),
  });
}

async function asked(): Promise<Runtime> {
  const run = await openFixed({ runId: 'run', behaviors: [asker], model: answering('a') });
  await run.runGoal('Find out');
  return run;
}

test('identical re-execution after a fork at the first event is identical, at another hour and from the record', async () => {
  const run = await asked();
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork', clock: later });
  await fork.runUntilIdle();
  expect((await fork.head()).hash).not.toBe((await run.head()).hash);
  const diff = await run.diff(fork);
  expect(diff).toMatchObject({
    isIdentical: true,
    kinship: 'right-is-fork',
    forkPoint: { id: 'evt_001' },
    past: { inheritedSeq: 1, equalSeq: 1 },
    events: { shared: (await run.head()).seq, onlyLeft: [], onlyRight: [] },
    objects: [],
    relations: [],
  });
});

test('what was asked is told apart from what the record answered', async () => {
  const run = await asked();
  const fork = await run.fork({ atEvent: 'evt_001', runId: 'fork' });
  await fork.runUntilIdle();
  const spent = { modelAnswers: 1, toolAnswers: 0, inputTokens: 100, outputTokens: 10, costUsd: '0.002' };
  const nothing = { modelAnswers: 0, toolAnswers: 0, inputTokens: 0, outputTokens: 0, costUsd: '0' };
  expect((await run.diff(fork)).usage).toEqual({
    left: { asked: spent, cached: nothing },
    right: { asked: nothing, cached: spent },
  });
});

test('another answer is told by the object that it changed, with both values and their events', async () => {
  const run = await asked();
  const fork = await run.fork({
    atEvent: 'evt_001',
    runId: 'fork',
    behaviors: [renamed(asker)],
    model: answering('b'),
  });
  await fork.runUntilIdle();
  const diff = await run.diff(fork);
  expect(diff.objects).toMatchObject([
    {
      id: 'claim#2',
      type: 'claim',
      where: 'both',
      leftVersion: 1,
      rightVersion: 1,
      fields: [
        {
          field: 'data.text',
          left: 'a',
          right: 'b',
          leftEvent: { id: 'evt_006', type: 'object.created', actor: 'claim_writer' },
          rightEvent: { id: 'evt_006', type: 'object.created', actor: 'claim_writer' },
        },
      ],
    },
  ]);
  expect(diff.relations).toEqual([]);
  expect(diff.isIdentical).toBe(false);
  expect(runDiffText(diff)).toContain('  - claim#2 differs (parent v1 ↔ fork v1)');
});

/** The same behavior under another question, so that nothing recorded fits. */
function renamed({ llm, ...rest }: Behavior): Behavior {
  return { ...rest, llm: llm === null ? null : { ...llm, maxTokens: llm.maxTokens + 1 } };
}

const maker = behavior({
  name: 'maker',
  on: 'goal.created',
  run: ({ graph }) => {
    for (const type of ['a', 'b', 'c']) graph.addObject(type, { x: 1, y: null });
    graph.addRelation('a#1', 'b#2', 'joins');
    graph.addRelation('b#2', 'c#3', 'joins');
  },
});

async function made(): Promise<{ run: Runtime; fork: Runtime }> {
  const run = await openFixed({ runId: 'run', behaviors: [maker] });
  await run.runGoal('Make');
  return { run, fork: await run.fork({ atEvent: 'evt_009', runId: 'fork' }) };
}

test('what one side took from the shared past is told with its data and its relations', async () => {
  const { run, fork } = await made();
  await fork.mutate((graph) => graph.removeObject('b#2'), { actor: 'jane' });
  const { objects, relations } = await run.diff(fork);
  expect(objects).toMatchObject([
    {
      id: 'b#2',
      where: 'left',
      data: { x: 1, y: null },
      leftVersion: 1,
      rightVersion: null,
      leftEvents: [],
      rightEvents: [{ id: 'evt_010', type: 'object.removed', actor: 'jane' }],
    },
  ]);
  expect(relations).toMatchObject([
    { id: 'rel_001', where: 'left', source: 'a#1', target: 'b#2', rightEvents: [{ id: 'evt_010' }] },
    { id: 'rel_002', where: 'left', source: 'b#2', target: 'c#3', rightEvents: [{ id: 'evt_010' }] },
  ]);
});

test('a field that is null is told from one that is missing, also where only the past knows', async () => {
  const { run, fork } = await made();
  await run.mutate((graph) => graph.patchObject('a#1', { y: 1, z: 1 }));
  const [object] = (await run.diff(fork)).objects;
  expect(object?.fields.map(({ field, left, right }) => [field, left, right])).toEqual([
    ['data.y', 1, null],
    ['data.z', 1, undefined],
    ['version', 2, 1],
  ]);
});

test('two forks of one run are siblings, and share what they inherited', async () => {
  const { run, fork } = await made();
  const twin = await run.fork({ atEvent: 'evt_008', runId: 'twin' });
  await fork.mutate((graph) => graph.addObject('d', {}));
  const diff = await fork.diff(twin);
  expect(diff).toMatchObject({ kinship: 'siblings', forkPoint: { id: 'evt_008' } });
  expect(diff.objects.map(({ id, where }) => [id, where])).toEqual([['d#4', 'left']]);
});

test('a fork of a fork is compared with the first run from where it left that run', async () => {
  const { run, fork } = await made();
  await fork.emit('tick', {});
  const early = await fork.fork({ atEvent: 'evt_008', runId: 'early' });
  const late = await fork.fork({ atEvent: 'evt_010', runId: 'late' });
  expect(await run.diff(early)).toMatchObject({ kinship: 'right-is-fork', forkPoint: { id: 'evt_008' } });
  expect(await run.diff(late)).toMatchObject({ kinship: 'right-is-fork', forkPoint: { id: 'evt_009' } });
  expect(await late.diff(run)).toMatchObject({ kinship: 'left-is-fork', forkPoint: { id: 'evt_009' } });
  expect(await late.diff(fork)).toMatchObject({ kinship: 'left-is-fork', forkPoint: { id: 'evt_010' } });
  expect(await early.diff(late)).toMatchObject({ kinship: 'siblings', forkPoint: { id: 'evt_008' } });
});

test('runs without kinship share what is equal from their beginnings', async () => {
  const store = memoryPlace().open();
  const options = { behaviors: [maker], clock: frozenClock(moment) };
  const [run, copy] = [
    await open(store, { ...options, runId: 'run' }),
    await open(store, { ...options, runId: 'copy' }),
  ];
  await run.runGoal('Make');
  await copy.runGoal('Make');
  await copy.emit('more', { n: 1 });
  const diff = await run.diff('copy');
  expect(diff).toMatchObject({ kinship: 'none', forkPoint: null, past: { inheritedSeq: 0, equalSeq: 9 } });
  expect(diff.events.onlyRight).toMatchObject([{ type: 'more' }]);
});

test('the same events in another order are a difference', async () => {
  const store = memoryPlace().open();
  const [run, other] = [await open(store, { runId: 'a' }), await open(store, { runId: 'b' })];
  for (const n of [1, 2]) await run.emit('tick', { n });
  for (const n of [2, 1]) await other.emit('tick', { n });
  const diff = await run.diff(other);
  expect(diff.events).toMatchObject({
    shared: 1,
    onlyLeft: [{ type: 'tick' }],
    onlyRight: [{ type: 'tick' }],
  });
  expect(diff.isIdentical).toBe(false);
});

test('a run that is not there is not found', async () => {
  const run = await asked();
  await expect(run.diff('nobody')).rejects.toBeInstanceOf(RunNotFoundError);
});
