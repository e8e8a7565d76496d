/** Proves that a fork has the settings and the memory it was made with, for ever, or is not made at all. */
import {
  behavior,
  EventNotFoundError,
  forkRun,
  frozenClock,
  InvalidOverrideError,
  InvalidRuntimeConfiguration,
  isStructuredError,
  llmBehavior,
  load,
  type LogStore,
  open,
  type Pack,
  pack,
  RunNotFoundError,
  type Runtime,
  scriptedModel,
  StoreUnavailableError,
  tool,
} from 'runlog';
import { storeUnavailable } from 'runlog/log';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { eventsOf, loadFixed, openFixed, typesOf } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { overlaid } from '../../../test/harness/stopping-store.ts';

const settings = z
  .strictObject({
    stars: z.number().min(1).max(5).default(3),
    strict: z.boolean().default(false),
    name: z.string().default('Corner Books'),
    tags: z.array(z.string()).default([]),
    model: z.string().nullable().default(null),
  })
  .refine(({ stars, strict }) => !strict || stars >= 2, 'strict needs 2 stars');

const noter = behavior<'goal.created', z.output<typeof settings>>({
  name: 'noter',
  on: 'goal.created',
  run: ({ graph, ctx }) => void graph.addObject('note', { ...ctx.settings }),
});
const shop = pack({ name: 'shop', version: '1.0.0', behaviors: [noter], settings });
const till = pack({
  name: 'till',
  version: '2.0.0',
  settings: z.object({ stars: z.number().default(1), drawer: z.string().default('a') }),
});

async function parentIn(store: LogStore, packs: readonly Pack[] = [shop]): Promise<void> {
  const run = await openFixed({ packs }, store);
  await run.emit('ready');
  await run.runGoal('First');
  await run.close();
}

/** The event before the goal. */
const readyEvent = 'evt_002';

async function notesOf(run: Runtime): Promise<readonly unknown[]> {
  await run.runUntilIdle();
  return run.graph.objects('note').map(({ data }) => data);
}

/** What the error says that is to be done. */
async function wayOut(refused: Promise<unknown>): Promise<string> {
  const error: unknown = await refused.catch((thrown: unknown) => thrown);
  return isStructuredError(error) ? error.howToFix : '';
}

describe('overrides', () => {
  it.each([
    ['shop.stars=5', 'stars', 5],
    ['stars=4.5', 'stars', 4.5],
    ['shop.strict=true', 'strict', true],
    ['shop.name=Book Nook', 'name', 'Book Nook'],
    ['shop.name=12', 'name', '12'],
    ['shop.name="quoted"', 'name', 'quoted'],
    ['shop.name=', 'name', ''],
    ['shop.name=a=b', 'name', 'a=b'],
    ['shop.tags=["a","b"]', 'tags', ['a', 'b']],
    ['shop.model=null', 'model', null],
    ['shop.model=opus', 'model', 'opus'],
  ])('%s reaches the behaviors of the fork, after each load', async (text, key, value) => {
    const store = memoryPlace().open();
    await parentIn(store);
    const at = text.indexOf('=');
    const set = [{ name: text.slice(0, at), text: text.slice(at + 1) }];
    const report = await forkRun(store, { runId: 'run_x', atEvent: readyEvent, set, packs: [shop] });
    expect(report.overrides).toEqual([{ pack: 'shop', key, value }]);
    const fork = await load(store, { runId: report.runId, packs: [shop] });
    await fork.runGoal('Second');
    await fork.close();
    const again = await load(store, { runId: report.runId, packs: [shop] });
    await again.runGoal('Third');
    const notes = z.array(z.record(z.string(), z.unknown())).parse(await notesOf(again));
    expect(notes.map((note) => note[key])).toEqual([value, value]);
  });

  it('stand right behind the shared past, as events', async () => {
    const store = memoryPlace().open();
    await parentIn(store);
    const { runId, sharedEvents } = await forkRun(store, {
      runId: 'run_x',
      atEvent: readyEvent,
      set: [{ name: 'stars', text: '5' }],
      record: true,
      label: 'strict',
      packs: [shop],
    });
    const fork = await load(store, { runId });
    const [first, second] = (await eventsOf(fork)).slice(2);
    expect(first).toMatchObject({
      id: 'evt_003',
      type: 'pack.settings_overridden',
      payload: { pack: { name: 'shop', version: '1.0.0' }, key: 'stars', value: 5 },
      timestamp: '2026-05-15T10:32:01Z',
    });
    expect(second).toMatchObject({
      id: 'evt_004',
      type: 'runtime.recording',
      payload: { from_event: readyEvent },
    });
    expect(await store.info(runId)).toMatchObject({ label: 'strict', parent: { logId: 'run_x', atSeq: 2 } });
    expect(sharedEvents).toBe(2);
  });

  it('are dated by the clock that the parent had at the fork point', async () => {
    const store = memoryPlace().open();
    await parentIn(store);
    const clock = frozenClock('2027-01-01T00:00:00Z');
    const again = await load(store, { runId: 'run_x', packs: [shop], clock });
    await again.runGoal('Second');
    await again.close();
    const recordingOf = async (atEvent: string, eventId: string): Promise<string | undefined> => {
      const { runId } = await forkRun(store, { runId: 'run_x', atEvent, record: true });
      return (await store.get(runId, eventId))?.timestamp;
    };
    expect(await recordingOf(readyEvent, 'evt_003')).toBe('2026-05-15T10:32:01Z');
    expect(await recordingOf('evt_008', 'evt_009')).toBe('2027-01-01T00:00:00Z');
  });

  it('are not looked for at an event that is not there', async () => {
    const store = memoryPlace().open();
    await parentIn(store);
    const set = [{ name: 'starz', text: '5' }];
    const refused = forkRun(store, { runId: 'run_x', atEvent: 'evt_099', set, packs: [shop] });
    await expect(refused).rejects.toThrow(EventNotFoundError);
  });

  it.each([
    ['an unknown pack', [['shopp.stars', '5']], "Did you mean 'shop.stars'?"],
    ['an unknown key', [['shop.starz', '5']], "Did you mean 'shop.stars'?"],
    ['an unknown key without a pack', [['starz', '5']], "Did you mean 'shop.stars'?"],
    ['a value out of range', [['shop.stars', '9']], ''],
    ['a value of another type', [['shop.stars', 'many']], ''],
    [
      'two values for one setting',
      [
        ['shop.stars', '4'],
        ['stars', '5'],
      ],
      'one value',
    ],
    [
      'values that do not go together',
      [
        ['shop.strict', 'true'],
        ['shop.stars', '1'],
      ],
      '',
    ],
    [
      'a good one and a bad one',
      [
        ['shop.name', 'x'],
        ['shop.stars', '9'],
      ],
      '',
    ],
  ])('with %s are refused, and no fork is made', async (_, named, hint) => {
    const store = memoryPlace().open();
    await parentIn(store);
    const set = named.map(([name = '', text = '']) => ({ name, text }));
    const forking = forkRun(store, { runId: 'run_x', atEvent: readyEvent, set, packs: [shop] });
    await expect(forking).rejects.toBeInstanceOf(InvalidOverrideError);
    expect(await wayOut(forking)).toContain(hint);
    expect(await store.logs()).toHaveLength(1);
  });

  it('that say the same twice count once', async () => {
    const store = memoryPlace().open();
    await parentIn(store);
    const set = [
      { name: 'shop.stars', text: '5' },
      { name: 'stars', text: '5.0' },
    ];
    const { overrides } = await forkRun(store, { runId: 'run_x', atEvent: readyEvent, set, packs: [shop] });
    expect(overrides).toHaveLength(1);
  });

  it('without a pack need a key that one pack alone has', async () => {
    const store = memoryPlace().open();
    await parentIn(store, [shop, till]);
    const fork = async (name: string) =>
      forkRun(store, { runId: 'run_x', atEvent: 'evt_003', set: [{ name, text: '4' }], packs: [shop, till] });
    await expect(fork('stars')).rejects.toThrow('more than one pack has it: shop, till');
    expect((await fork('drawer')).overrides).toEqual([{ pack: 'till', key: 'drawer', value: '4' }]);
  });

  it('of a pack that is not here are refused, and the way out is named', async () => {
    const store = memoryPlace().open();
    await parentIn(store);
    const forking = forkRun(store, {
      runId: 'run_x',
      atEvent: readyEvent,
      set: [{ name: 'stars', text: '4' }],
    });
    expect(await wayOut(forking)).toContain('run.fork({');
  });

  it('are made with the fork or not at all, when the store fails', async () => {
    const inner = memoryPlace().open();
    await parentIn(inner);
    const store = overlaid(inner, {
      fork: async () => {
        throw storeUnavailable({
          location: 'x',
          reason: 'full',
          whatFailed: 'No room.',
          howToFix: 'Make room.',
        });
      },
      commit: () => expect.unreachable('a fork is one write'),
    });
    const set = [{ name: 'stars', text: '4' }];
    const forking = forkRun(store, { runId: 'run_x', atEvent: readyEvent, set, packs: [shop], record: true });
    await expect(forking).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(await inner.logs()).toHaveLength(1);
  });
});

describe('run.fork with settings', () => {
  it('has them at once, and after a load, while the parent keeps its own', async () => {
    const store = memoryPlace().open();
    const run = await openFixed({ packs: [shop] }, store);
    await run.emit('ready');
    const fork = await run.fork({ atEvent: readyEvent, settings: { shop: { stars: 5 } } });
    const forkOfFork = await fork.fork({ atEvent: 'evt_003', settings: { shop: { name: 'Nook' } } });
    for (const each of [run, fork, forkOfFork]) await each.runGoal('Note');
    expect(await notesOf(run)).toMatchObject([{ stars: 3, name: 'Corner Books' }]);
    expect(await notesOf(fork)).toMatchObject([{ stars: 5, name: 'Corner Books' }]);
    expect(await notesOf(forkOfFork)).toMatchObject([{ stars: 5, name: 'Nook' }]);
    await forkOfFork.close();
    const again = await loadFixed(store, { runId: forkOfFork.runId, packs: [shop] });
    await again.runGoal('Again');
    expect(await notesOf(again)).toMatchObject([{}, { stars: 5, name: 'Nook' }]);
  });

  it('before the pack was loaded has them too', async () => {
    const store = memoryPlace().open();
    const later = await openFixed({}, store);
    await later.emit('early');
    await later.close();
    const loaded = await loadFixed(store, { packs: [shop] });
    const fork = await loaded.fork({ atEvent: 'evt_001', settings: { shop: { stars: 2 } } });
    await fork.runGoal('Note');
    expect(await typesOf(fork)).toEqual(expect.arrayContaining(['pack.settings_overridden', 'pack.loaded']));
    expect(await notesOf(fork)).toMatchObject([{ stars: 2 }]);
  });

  it('does not take over what its parent overrode after the fork point', async () => {
    const run = await openFixed({ packs: [shop] });
    await run.emit('ready');
    const changed = await run.fork({ atEvent: readyEvent, settings: { shop: { stars: 5 } } });
    const back = await changed.fork({ atEvent: readyEvent });
    await back.runGoal('Note');
    expect(await notesOf(back)).toMatchObject([{ stars: 3 }]);
  });

  it.each([
    ['an unknown pack', { shopp: { stars: 4 } }],
    ['an unknown key', { shop: { starz: 4 } }],
    ['a wrong value', { shop: { stars: '4' } }],
  ])('refuses %s, and makes no fork', async (_, wanted) => {
    const store = memoryPlace().open();
    const run = await openFixed({ packs: [shop] }, store);
    const forking = run.fork({ atEvent: 'evt_001', settings: wanted });
    await expect(forking).rejects.toBeInstanceOf(InvalidOverrideError);
    expect(await store.logs()).toHaveLength(1);
  });
});

describe('a fork that records', () => {
  const lookup = tool({ name: 'lookup', run: () => ({ n: 1 }) });
  const asker = llmBehavior({
    name: 'asker',
    on: 'goal.created',
    tools: [lookup],
    run: ({ rawText, graph }) => void graph.addObject('answer', { rawText }),
  });

  const answering = (text: string) =>
    scriptedModel({
      respond: ({ messages }) =>
        messages.length > 1 ? { text } : { toolCalls: [{ id: 'c', name: 'lookup', args: {} }] },
    });

  async function answered(store: LogStore): Promise<void> {
    const run = await openFixed({ behaviors: [asker], model: answering('old') }, store);
    await run.runGoal('Ask');
    await run.close();
  }

  async function answerOf(store: LogStore, runId: string, text: string): Promise<readonly unknown[]> {
    const model = answering(text);
    const run = await loadFixed(store, { runId, behaviors: [asker], model });
    await run.runUntilIdle();
    const found = run.graph.objects('answer').map(({ data }) => data['rawText']);
    await run.close();
    return [...found, model.calls];
  }

  it('asks again after each load, and keeps what it was answered', async () => {
    const store = memoryPlace().open();
    await answered(store);
    const { runId } = await forkRun(store, { runId: 'run_x', atEvent: 'evt_001', record: true });
    expect(await answerOf(store, runId, 'new')).toEqual(['new', 2]);
    expect(await answerOf(store, runId, 'newer')).toEqual(['new', 0]);
  });

  it('is what its parent was answered when it does not', async () => {
    const store = memoryPlace().open();
    await answered(store);
    const { runId } = await forkRun(store, { runId: 'run_x', atEvent: 'evt_001' });
    expect(await answerOf(store, runId, 'new')).toEqual(['old', 0]);
  });

  it('serves its answers to a fork of it that does not record', async () => {
    const store = memoryPlace().open();
    await answered(store);
    const first = await forkRun(store, { runId: 'run_x', atEvent: 'evt_001', record: true });
    await answerOf(store, first.runId, 'new');
    const second = await forkRun(store, { runId: first.runId, atEvent: 'evt_002' });
    expect(await answerOf(store, second.runId, 'newest')).toEqual(['new', 0]);
  });

  it('keeps an answer from before the fork point', async () => {
    const store = memoryPlace().open();
    await answered(store);
    const { runId } = await forkRun(store, { runId: 'run_x', atEvent: 'evt_006', record: true });
    expect(await answerOf(store, runId, 'new')).toEqual(['new', 1]);
  });

  it('can be made of an open run', async () => {
    const run = await openFixed({ behaviors: [asker], model: answering('old') });
    await run.runGoal('Ask');
    const fork = await run.fork({ atEvent: 'evt_001', record: true, model: answering('new') });
    await fork.runUntilIdle();
    expect(fork.graph.objects('answer')[0]?.data).toEqual({ rawText: 'new' });
  });

  it('names the way to record when an interrupted invocation asks something else', async () => {
    const store = memoryPlace().open();
    await answered(store);
    const { runId } = await forkRun(store, { runId: 'run_x', atEvent: 'evt_004' });
    const other = llmBehavior({ name: 'asker', on: 'goal.created', description: 'Other', run: () => {} });
    const fork = await loadFixed(store, { runId, behaviors: [other], model: answering('new') });
    await fork.runUntilIdle();
    expect(fork.errors.map(({ reason }) => reason)).toEqual(['replay.diverged']);
    expect(fork.errors[0]?.message).toContain('--record');
  });
});

test('a fork point among changes and a run that is not there are refused', async () => {
  const store = memoryPlace().open();
  await parentIn(store);
  const at = async (runId: string, atEvent: string) => forkRun(store, { runId, atEvent });
  await expect(at('run_x', 'evt_005')).rejects.toBeInstanceOf(InvalidRuntimeConfiguration);
  await expect(at('run_x', 'evt_999')).rejects.toMatchObject({ name: 'EventNotFoundError' });
  await expect(at('run_y', 'evt_001')).rejects.toBeInstanceOf(RunNotFoundError);
});

test('a run whose pack is refused is not made', async () => {
  const store = memoryPlace().open();
  const opening = open(store, { runId: 'a', packs: [{ pack: shop, settings: { stars: 9 } }] });
  await expect(opening).rejects.toMatchObject({ name: 'PackSettingsMissingError' });
  expect(await store.info('a')).toBeUndefined();
});

test.each([
  { what: 'a label that is a number', wrong: { label: 7 } },
  { what: 'no list of settings', wrong: { set: null } },
  { what: 'a setting without a name', wrong: { set: [{ text: '3' }] } },
  { what: 'a setting whose value is no text', wrong: { set: [{ name: 'stars', text: 3 }] } },
  { what: 'packs that are no list', wrong: { packs: 'shop' } },
  { what: 'packs that are no packs', wrong: { packs: [1] } },
  { what: 'a run that is a number', wrong: { runId: 7 } },
  { what: 'an id that is a number', wrong: { newRunId: 7 } },
  { what: 'a word for whether it records', wrong: { record: 'yes' } },
  { what: 'an event that is a number', wrong: { atEvent: 3 } },
])('a fork with $what is refused by its name, and nothing is made', async ({ wrong }) => {
  const store = memoryPlace().open();
  await parentIn(store);
  const before = (await store.logs()).length;
  const request = Object.assign({ atEvent: 'evt_001' }, wrong);
  const refusal = await forkRun(store, request).then(
    () => null,
    (error: unknown) => error,
  );
  expect(isStructuredError(refusal) && refusal.name).toBe('InvalidArgumentType');
  expect((await store.logs()).length).toBe(before);
});

test.each([
  ['that a run has', 'run_x', 'RunExistsError'],
  ['that is empty', '', 'InvalidEventError'],
  ['that is too long', 'x'.repeat(257), 'InvalidEventError'],
  ['with half a character', '\ud800', 'InvalidEventError'],
])('a fork with an id %s is refused, and nothing is made', async (_, newRunId, name) => {
  const store = memoryPlace().open();
  await parentIn(store);
  const forking = forkRun(store, { runId: 'run_x', atEvent: readyEvent, newRunId });
  await expect(forking).rejects.toMatchObject({ name });
  expect((await store.logs()).map(({ id }) => id)).toEqual(['run_x']);
});

const nowhere = 'sqlite:////nowhere/runs.db';

test.each([
  ['too long', 'x'.repeat(1025)],
  ['half a character', '\ud800'],
  ['one with a zero', 'a\0'],
])('a fork whose label is %s is refused before its store is opened', async (_, label) => {
  const forking = forkRun(nowhere, { atEvent: 'evt_001', label });
  await expect(forking).rejects.toMatchObject({ name: 'InvalidEventError' });
});
