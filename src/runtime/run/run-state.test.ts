/** Proves what a run reads off its log: where the loop stood, what was used, and what a behavior was shown. */
import { behavior, InvalidArgumentType, type Runtime, tool } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { loadFixed, openFixed, runId } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { type RawEvent, writeLog } from '../../../test/harness/raw-log.ts';
import { loadState } from './load-state.ts';
import type { RunState } from './run-state.ts';

async function stateOf(events: readonly RawEvent[]): Promise<RunState> {
  const store = memoryPlace().open();
  await writeLog(store, runId, events);
  return (await loadState(store, runId)).state;
}

const goal: RawEvent = { type: 'goal.created', payload: { goal: 'g' } };
const event = (type: string, payload: object = {}): RawEvent => ({ type, payload });
const started = (behaviorName: string, eventId: string): RawEvent =>
  event('behavior.started', { behavior: behaviorName, event_id: eventId });
const completed = (behaviorName: string, eventId: string): RawEvent =>
  event('behavior.completed', { behavior: behaviorName, event_id: eventId });

describe('the queue of a log', () => {
  const logs: readonly (readonly [string, readonly RawEvent[], number, string | null])[] = [
    ['nothing', [], 0, null],
    ['events that nobody has looked at', [goal, event('x')], 2, null],
    ['an invocation under way', [goal, event('x'), started('b', 'evt_001')], 2, 'evt_001'],
    ['an invocation of a later event', [goal, event('x'), started('b', 'evt_002')], 1, 'evt_002'],
    ['an invocation that ended', [goal, started('b', 'evt_001'), completed('b', 'evt_001')], 1, 'evt_001'],
    [
      'an idle run',
      [goal, started('b', 'evt_001'), completed('b', 'evt_001'), event('runtime.idle')],
      0,
      null,
    ],
    [
      'a failure that was not looked at',
      [goal, started('b', 'evt_001'), event('behavior.failed', { behavior: 'b', event_id: 'evt_001' })],
      2,
      'evt_001',
    ],
    [
      'a run that was out of budget',
      [goal, event('x'), event('runtime.budget_exhausted', { snapshot: { used: { max_events: 2 } } })],
      1,
      'evt_002',
    ],
    [
      'events of models and tools alone',
      [event('llm.requested'), event('llm.responded'), event('tool.requested')],
      0,
      null,
    ],
  ];

  it.each(logs)('with %s', async (_what, events, depth, current) => {
    const state = await stateOf(events);
    expect([state.queueDepth, state.current?.id ?? null]).toEqual([depth, current]);
  });

  it('is read in time that grows with the log and no faster', async () => {
    const many = Array.from({ length: 4000 }, () => event('tick'));
    const worked = many.flatMap((_, index) => {
      const id = `evt_${String(index + 1).padStart(3, '0')}`;
      return [started('b', id), completed('b', id)];
    });
    const begun = process.cpuUsage();
    expect((await stateOf([...many, ...worked.slice(0, 5000)])).queueDepth).toBe(1501);
    // Of this process, in microseconds: others may keep the machine busy meanwhile.
    expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
  });
});

describe('what a log has used', () => {
  it('is counted from its events, and answers that were recorded before cost nothing', async () => {
    const { usage } = await stateOf([
      goal,
      started('b', 'evt_001'),
      event('llm.requested', { cache_hit: false }),
      event('llm.responded', { cache_hit: false, cost_usd: '0.25' }),
      event('llm.requested', { cache_hit: true }),
      event('llm.responded', { cache_hit: true, cost_usd: '9' }),
      event('tool.requested', {}),
      event('tool.responded', { cost_usd: '5E-1' }),
      event('tool.requested', { cache_hit: true }),
      event('tool.responded', { cache_hit: true, cost_usd: '9' }),
      event('patch.applied', { patch: { id: 'patch_001', target: 't#1', op: 'update' } }),
    ]);
    expect(usage).toMatchObject({
      events: 1,
      behaviorCalls: 1,
      llmCalls: 1,
      toolCalls: 1,
      patches: 1,
      costUsd: '0.75',
    });
  });
});

describe('the end that a log tells of', () => {
  it('is the last one, and whether anything came after it', async () => {
    const state = await stateOf([
      goal,
      event('runtime.idle'),
      event('runtime.budget_exhausted', { exhausted_by: 'max_events' }),
    ]);
    expect(state.lastStop).toEqual({ type: 'runtime.budget_exhausted', seq: 3, exhaustedBy: 'max_events' });
  });
});

test('proposals are pending until the log decides on them', async () => {
  const { approvals } = await stateOf([
    event('approval.proposed', {
      approval_id: 'approval_001',
      object_type: 'memo',
      data: { x: 1 },
      reason: 'r',
      pack: 'p',
    }),
    event('approval.proposed', { approval_id: 'approval_002', object_type: 'memo' }),
    event('approval.proposed', { approval_id: 'approval_003', object_type: 'memo' }),
    event('approval.granted', { approval_id: 'approval_002' }),
    event('approval.denied', { approval_id: 'approval_003' }),
    event('approval.proposed', { reason: 'of nothing' }),
  ]);
  expect([...approvals.values()]).toEqual([
    { id: 'approval_001', objectType: 'memo', data: { x: 1 }, reason: 'r', pack: 'p', eventId: 'evt_001' },
  ]);
});

test('a view shows the log as it stood when the behavior was started, however much came since', async () => {
  const shown: (readonly string[])[] = [];
  const nothing = tool({ name: 'nothing', run: () => null });
  const looker = behavior({
    name: 'looker',
    on: 'look',
    view: { recentEvents: 4 },
    tools: [nothing],
    run: async ({ view, ctx }) => {
      const look = (): void => void shown.push(view.events().map(({ id }) => id));
      look();
      for (let call = 0; call < 300; call += 1) await ctx.callTool('nothing', { call });
      look();
    },
  });
  const run = await openFixed({ behaviors: [looker] });
  for (let n = 0; n < 3; n += 1) await run.emit('noise');
  await run.emit('look');
  await run.runUntilIdle();
  expect(shown).toEqual([
    ['evt_002', 'evt_003', 'evt_004', 'evt_005'],
    ['evt_002', 'evt_003', 'evt_004', 'evt_005'],
  ]);
});

test.each([{ constraints: 'fair' }, { successCriteria: 'won' }, { permissions: 'all' }])(
  'a frame with %j, where a list belongs, is refused',
  async (parts) => {
    const opening = openFixed({ frame: { goal: 'Win', ...(parts as object) } });
    await expect(opening).rejects.toThrow(InvalidArgumentType);
  },
);

describe('status', () => {
  async function idle(): Promise<Runtime> {
    const run = await openFixed({ frame: { goal: 'Win' } });
    for (let n = 0; n < 30; n += 1) await run.emit('noise', { n });
    await run.runUntilIdle();
    return run;
  }

  it('lists the last events, as many as are asked for', async () => {
    const run = await idle();
    expect((await run.status()).recentEvents).toHaveLength(20);
    expect((await run.status({ recent: 2 })).recentEvents.map(({ type }) => type)).toEqual([
      'noise',
      'runtime.idle',
    ]);
    expect((await run.status({ recent: 0 })).recentEvents).toEqual([]);
    expect((await run.status({ recent: 999 })).recentEvents).toHaveLength(31);
  });

  it.each([-1, 1.5, Number.NaN])('refuses to list %d events', async (recent) => {
    await expect((await idle()).status({ recent })).rejects.toMatchObject({
      name: 'InvalidRuntimeConfiguration',
    });
  });

  it('says what the run is for and how long its log is', async () => {
    expect(await (await idle()).status()).toMatchObject({
      runId,
      state: 'idle',
      queueDepth: 0,
      eventsProcessed: 31,
      frame: { id: 'frame_001', goal: 'Win' },
    });
  });
});

test('a loaded run has the purpose and the chance of the one before', async () => {
  const store = memoryPlace().open();
  const drawing = behavior({
    name: 'drawing',
    on: 'draw',
    run: ({ ctx, graph }) => graph.emit('drew', { number: ctx.random.next(), goal: ctx.frame?.goal }),
  });
  const run = await openFixed(
    { behaviors: [drawing], frame: { goal: 'Win', constraints: ['fair'] }, seed: 42 },
    store,
  );
  await run.emit('draw');
  await run.runUntilIdle();
  await run.close();
  const loaded = await loadFixed(store, { behaviors: [drawing] });
  await store.fork({ parent: runId, atSeq: 1, id: 'twin', label: null, createdAt: '2026-01-01T00:00:00Z' });
  const twin = await loadFixed(store, { behaviors: [drawing], runId: 'twin' });
  await twin.runUntilIdle();
  const drewIn = async (which: Runtime): Promise<unknown> => {
    for await (const each of which.events()) if (each.type === 'drew') return each.payload;
    return null;
  };
  expect(await drewIn(twin)).toEqual(await drewIn(loaded));
  expect((await loaded.status()).frame).toEqual({ id: 'frame_001', goal: 'Win' });
});
