/** Proves that commands from outside are each done once and in order, whatever goes on meanwhile. */
import {
  type GraphObject,
  IncompatibleRuntimeState,
  InvalidArgumentType,
  InvalidEventError,
  ReservedEventTypeError,
  type Runtime,
} from 'runlog';
import { describe, expect, it, test } from 'vitest';
import {
  eventsOf,
  loadFixed,
  openFixed,
  openUnrepeatable,
  typesOf,
} from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { slowStore } from '../../../test/harness/stopping-store.ts';
import { behavior } from '../behavior.ts';

const stores = [
  { name: 'a store that answers at once', open: () => memoryPlace().open() },
  { name: 'a store that takes its time', open: () => slowStore(memoryPlace().open()) },
];

describe.each(stores)('on $name', ({ open }) => {
  it('events that are emitted at once are all there, in their order', async () => {
    const run = await openFixed({}, open());
    const emitted = await Promise.all(Array.from({ length: 50 }, async (_, n) => run.emit('tick', { n })));
    expect(emitted.map(({ id }) => id)).toEqual((await eventsOf(run)).map(({ id }) => id));
    expect((await eventsOf(run)).map(({ payload }) => payload['n'])).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
  });

  it('reads between commits lose nothing', async () => {
    const ticker = behavior({
      name: 'ticker',
      on: ['goal.created', 'tick'],
      run: async ({ graph }) => {
        const size = graph.objects('t').length;
        if (size >= 40) return;
        graph.addObject('t', {});
        graph.emit('tick');
      },
    });
    const run = await openFixed({ behaviors: [ticker] }, open());
    const drive = { isOver: false };
    const reading = (async () => {
      while (!drive.isOver) {
        await Promise.all([run.status(), run.head(), run.approvals()]);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await run.runGoal('g');
    drive.isOver = true;
    await reading;
    const events = await eventsOf(run);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(run.graph.objects('t')).toHaveLength(40);
  });

  it('commands while the loop runs are done between two of its events', async () => {
    const release = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const waiter = behavior({
      name: 'waiter',
      on: 'goal.created',
      run: async ({ graph, ctx }) => {
        graph.addObject('mine', {});
        ctx.proposeObject('memo', { text: 'x' });
        entered.resolve();
        await release.promise;
        graph.addObject('mine', {});
      },
    });
    const run = await openFixed({ behaviors: [waiter] }, open());
    await run.mutate((graph) => graph.addObject('before', {}));
    const running = run.runGoal('g');
    await entered.promise;
    const mutated = run.mutate((graph) => graph.addObject('theirs', {}).id);
    const approved = run.approve('approval_001', { by: 'jane' });
    const emitted = await run.emit('while it waits');
    expect(await run.status()).toMatchObject({ state: 'running' });
    release.resolve();
    await running;
    expect(await mutated).toBe('theirs#4');
    expect(await approved).toBe('memo#5');
    const types = await typesOf(run);
    expect(types.indexOf('while it waits')).toBe(emitted.seq - 1);
    expect(types).toEqual([
      'object.created',
      'goal.created',
      'behavior.started',
      'while it waits',
      'object.created',
      'approval.proposed',
      'object.created',
      'behavior.completed',
      'object.created',
      'approval.granted',
      'object.created',
      'runtime.idle',
    ]);
  });

  it('goals that are set at once are each worked off once', async () => {
    const worker = behavior({
      name: 'worker',
      on: 'goal.created',
      run: async ({ event, graph }) => {
        await new Promise((resolve) => setImmediate(resolve));
        graph.addObject('done', { goal: event.payload.goal });
      },
    });
    const run = await openFixed({ behaviors: [worker] }, open());
    const statuses = await Promise.all(['a', 'b', 'c'].map(async (goal) => run.runGoal(goal)));
    expect(run.graph.objects('done').map(({ data }) => data['goal'])).toEqual(['a', 'b', 'c']);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'idle', 'idle']);
    expect(await run.status()).toMatchObject({ queueDepth: 0 });
  });

  it('a run that one caller stops early is gone on with for the other', async () => {
    const maker = behavior({ name: 'maker', on: 'make', run: ({ graph }) => graph.addObject('t', {}).id });
    const run = await openFixed({ behaviors: [maker] }, open());
    for (let n = 0; n < 5; n += 1) await run.emit('make');
    await Promise.all([run.runUntil((graph) => graph.objects('t').length === 2), run.runUntilIdle()]);
    expect(run.graph.objects('t')).toHaveLength(5);
  });
});

test('mutate is all or nothing', async () => {
  const run = await openFixed();
  const failing = run.mutate((graph) => {
    graph.addObject('t', {});
    graph.emit('x');
    graph.addRelation('t#1', 'nowhere', 'to');
  });
  await expect(failing).rejects.toThrow('nowhere');
  expect(await typesOf(run)).toEqual([]);
});

test('mutate sees its own changes, and nobody else does before it has ended', async () => {
  const run = await openFixed();
  const [inside, outside] = await run.mutate((graph) => {
    graph.addObject('t', {});
    return [graph.objects().length, run.graph.objects().length];
  });
  expect([inside, outside]).toEqual([1, 0]);
  expect(run.graph.objects()).toHaveLength(1);
});

test('an asynchronous mutate is refused, and changes nothing', async () => {
  const run = await openFixed();
  const changing = run.mutate(async (graph) => {
    graph.addObject('t', {});
    await Promise.resolve();
    graph.addObject('t', {});
  });
  await expect(changing).rejects.toBeInstanceOf(InvalidArgumentType);
  expect(await typesOf(run)).toEqual([]);
});

test('a writer that is kept after its mutate is refused', async () => {
  const run = await openFixed();
  const kept = await run.mutate((graph) => graph);
  expect(() => kept.addObject('t', {})).toThrow(IncompatibleRuntimeState);
  expect(() => kept.emit('x')).toThrow(IncompatibleRuntimeState);
  expect(await typesOf(run)).toEqual([]);
});

test('a mutate of many events is one commit, or refused as a whole', async () => {
  const run = await openFixed();
  await run.mutate((graph) => {
    for (let n = 0; n < 10_000; n += 1) graph.emit('tick', { n });
  });
  expect((await run.head()).seq).toBe(10_000);
  const tooMany = run.mutate((graph) => {
    for (let n = 0; n < 10_001; n += 1) graph.emit('tick', { n });
  });
  await expect(tooMany).rejects.toBeInstanceOf(InvalidEventError);
  expect((await run.head()).seq).toBe(10_000);
});

test('large groups that come at once are committed one by one', async () => {
  const run = await openFixed({}, slowStore(memoryPlace().open()));
  const large = async (): Promise<void> =>
    run.mutate((graph) => {
      for (let n = 0; n < 6000; n += 1) graph.emit('tick', { n });
    });
  await Promise.all([large(), large(), large()]);
  expect((await run.head()).seq).toBe(18_000);
});

describe('an event type', () => {
  const reserved = [
    'object.created',
    'object.removed',
    'relation.created',
    'relation.removed',
    'patch.proposed',
    'patch.applied',
    'patch.rejected',
    'behavior.started',
    'behavior.failed',
    'relation_behavior.started',
    'runtime.idle',
    'llm.responded',
    'tool.requested',
    'pattern.matched',
    'approval.granted',
    'pack.loaded',
  ];

  it.each(reserved)('%s is written by the runtime alone', async (type) => {
    const run = await openFixed();
    await expect(run.emit(type, { id: 'x' })).rejects.toBeInstanceOf(ReservedEventTypeError);
    await expect(run.mutate((graph) => graph.emit(type))).rejects.toBeInstanceOf(ReservedEventTypeError);
    expect(await typesOf(run)).toEqual([]);
  });

  it.each(['', 'x'.repeat(257), 'with\u0000nul', 'lone \ud800'])(
    '%j is refused, and the run goes on',
    async (type) => {
      const run = await openFixed();
      await expect(run.emit(type)).rejects.toBeInstanceOf(InvalidEventError);
      await expect(run.mutate((graph) => graph.emit(type))).rejects.toBeInstanceOf(InvalidEventError);
      await expect(run.mutate((graph) => graph.addObject(type, {}))).rejects.toBeInstanceOf(
        InvalidEventError,
      );
      await expect(run.emit('x', {}, { actor: type })).rejects.toBeInstanceOf(InvalidEventError);
      expect(await run.emit('good')).toMatchObject({ id: 'evt_001' });
    },
  );
});

describe('a command that is given inside a function of the program', () => {
  const commands: readonly (readonly [string, (run: Runtime) => Promise<unknown>])[] = [
    ['emit', async (run) => run.emit('x')],
    ['mutate', async (run) => run.mutate((graph) => graph.addObject('t', {}))],
    ['approve', async (run) => run.approve('1', { by: 'jane' })],
    ['runUntilIdle', async (run) => run.runUntilIdle()],
    ['runGoal', async (run) => run.runGoal('g')],
  ];

  it.each(commands)('is refused in a handler, which would wait for itself: %s', async (_name, command) => {
    const run = await openUnrepeatable({
      behaviors: [behavior({ name: 'inner', on: 'start', run: async () => command(run) })],
    });
    await run.emit('start');
    await run.runUntilIdle();
    expect(run.errors).toMatchObject([{ behavior: 'inner', exceptionType: 'IncompatibleRuntimeState' }]);
  });

  it.each(commands)('is refused in a mutate, which would get the same ids: %s', async (_name, command) => {
    const run = await openFixed();
    const refused: Promise<unknown>[] = [];
    await run.mutate((graph) => {
      refused.push(expect(command(run)).rejects.toBeInstanceOf(IncompatibleRuntimeState));
      graph.addObject('t', {});
    });
    await Promise.all(refused);
    expect(await typesOf(run)).toEqual(['object.created']);
  });

  it('is not refused for another run', async () => {
    const other = await openFixed({ runId: 'other' });
    const relay = behavior({
      name: 'relay',
      on: 'start',
      run: async () => void (await other.emit('relayed')),
    });
    const run = await openFixed({ behaviors: [relay] });
    await run.emit('start');
    await run.runUntilIdle();
    expect(await typesOf(other)).toEqual(['relayed']);
  });
});

describe('approvals', () => {
  const proposer = behavior({
    name: 'proposer',
    on: 'goal.created',
    run: ({ ctx }) => ctx.proposeObject('memo', { text: 'buy' }, 'too large'),
  });

  async function proposed(): Promise<Runtime> {
    const run = await openFixed({ behaviors: [proposer] });
    await run.runGoal('g');
    return run;
  }

  it('are pending until somebody decides, once', async () => {
    const run = await proposed();
    expect(await run.approvals()).toEqual([
      {
        id: 'approval_001',
        objectType: 'memo',
        data: { text: 'buy' },
        reason: 'too large',
        pack: null,
        eventId: 'evt_003',
      },
    ]);
    expect(await run.approve('1', { by: 'jane' })).toBe('memo#1');
    expect(await run.approvals()).toEqual([]);
    const granted = {
      name: 'ApprovalNotFoundError',
      summary: "approval 'approval_001' is not pending: jane granted it",
      context: { state: 'granted', event_id: 'evt_006', decided_by: 'jane' },
    };
    await expect(run.approve('approval_001', { by: 'joe' })).rejects.toMatchObject(granted);
    await expect(run.deny('approval_001', { by: 'joe' })).rejects.toMatchObject(granted);
  });

  it('that were denied, or that nobody proposed, are told apart', async () => {
    const run = await proposed();
    await run.deny('1', { by: 'jane', reason: 'no' });
    await expect(run.approve('approval_001', { by: 'joe' })).rejects.toMatchObject({
      summary: "approval 'approval_001' is not pending: jane denied it",
      context: { state: 'denied', event_id: 'evt_006' },
    });
    await expect(run.approve('approval_002', { by: 'joe' })).rejects.toMatchObject({
      summary: "approval 'approval_002' is not pending: run 'run_x' has none of that id",
      context: { state: 'unknown', pending_count: 0 },
    });
  });

  it('lead from the object over the grant to the proposal', async () => {
    const run = await proposed();
    await run.approve('001', { by: 'jane' });
    const [granted, created] = (await eventsOf(run)).slice(-2);
    expect(granted).toMatchObject({
      type: 'approval.granted',
      causedBy: 'evt_003',
      payload: { approved_by: 'jane' },
    });
    expect(created).toMatchObject({ type: 'object.created', actor: 'jane', causedBy: granted?.id });
    expect(run.graph.object('memo#1')?.provenance).toMatchObject({
      created_by: 'jane',
      caused_by_event: granted?.id,
      evidence: ['evt_003'],
    });
  });

  it('survive a reload, and cannot be changed by who reads them', async () => {
    const store = memoryPlace().open();
    const run = await openFixed({ behaviors: [proposer] }, store);
    await run.runGoal('g');
    await run.close();
    const loaded = await loadFixed(store);
    const [pending] = await loaded.approvals();
    expect(() => Object.assign(pending?.data ?? {}, { text: 'sell' })).toThrow(TypeError);
    await loaded.approve('approval_001', { by: 'jane' });
    expect(loaded.graph.object('memo#1')?.data).toEqual({ text: 'buy' });
  });

  it('deny leaves a reason and no object', async () => {
    const run = await proposed();
    await run.deny('approval_001', { by: 'jane', reason: 'no budget' });
    expect((await eventsOf(run)).at(-1)).toMatchObject({
      type: 'approval.denied',
      payload: { approval_id: 'approval_001', object_type: 'memo', denied_by: 'jane', reason: 'no budget' },
    });
    expect(run.graph.objects()).toEqual([]);
  });

  it('a proposal is checked when it is made', async () => {
    const forger = behavior({
      name: 'forger',
      on: 'goal.created',
      run: ({ ctx }) => ctx.proposeObject('memo', { provenance: { created_by: 'jane' } }),
    });
    const run = await openFixed({ behaviors: [forger] });
    await run.runGoal('g');
    expect(run.errors.map(({ exceptionType }) => exceptionType)).toEqual(['ReservedFieldError']);
    expect(await run.approvals()).toEqual([]);
  });
});

test('a listener that throws disturbs nobody but who calls next', async () => {
  const run = await openFixed();
  const heard: string[] = [];
  run.onEvents(() => {
    throw new Error('deaf');
  });
  run.onEvents((events) => void heard.push(...events.map(({ type }) => type)));
  await expect(run.emit('x')).rejects.toThrow('deaf');
  expect(heard).toEqual(['x']);
  expect(await typesOf(run)).toEqual(['x']);
});

test('a listener that ends hears no more', async () => {
  const run = await openFixed();
  const heard: string[] = [];
  const end = run.onEvents((events) => void heard.push(...events.map(({ type }) => type)));
  await run.emit('x');
  end();
  await run.emit('y');
  expect(heard).toEqual(['x']);
});

test('a listener may emit, and what it emits is not lost', async () => {
  const run = await openFixed();
  const answers: Promise<unknown>[] = [];
  run.onEvents((events) => {
    if (events.some(({ type }) => type === 'question')) answers.push(run.emit('answer'));
  });
  await run.emit('question');
  await Promise.all(answers);
  expect(await typesOf(run)).toEqual(['question', 'answer']);
});

test('what a command hands out cannot change the run', async () => {
  const run = await openFixed();
  const event = await run.emit('x', { deep: { list: [1] } });
  const object: GraphObject = await run.mutate((graph) => graph.addObject('t', { deep: { list: [1] } }));
  for (const value of [
    event,
    event.payload,
    event.payload['deep'],
    object,
    object.data,
    object.data['deep'],
    object.provenance,
  ]) {
    expect(Object.isFrozen(value)).toBe(true);
  }
});
