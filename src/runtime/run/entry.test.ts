/** Proves that what a program without types hands in is refused with an error that says what was wanted, and leaves no trace. */
import {
  type Clock,
  ConfigurationError,
  type Budget,
  type OpenOptions,
  type Runtime,
  StorageError,
} from 'runlog';
import { describe, expect, it } from 'vitest';
import { openFixed } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';

async function refusal(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return 'nothing was refused';
}

function expectTyped(error: unknown): void {
  const isTyped = [ConfigurationError, StorageError].some((category) => error instanceof category);
  expect(isTyped, String(error)).toBe(true);
}

const values: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['a list', ['a']],
  ['an object', {}],
  ['a symbol', Symbol('s')],
  ['a function', () => 'a'],
];
const texts: readonly (readonly [string, unknown])[] = [...values, ['an empty text', '']];

type Call = (run: Runtime, value: unknown) => Promise<unknown>;

const ofText: Readonly<Record<string, Call>> = {
  runGoal: async (run, value) => run.runGoal(value as string),
  emit: async (run, value) => run.emit(value as string),
  approve: async (run, value) => run.approve(value as string, { by: 'jane' }),
  'approve by': async (run, value) => run.approve('1', { by: value as string }),
  deny: async (run, value) => run.deny(value as string, { by: 'jane' }),
  event: async (run, value) => run.event(value as string),
  fork: async (run, value) => run.fork({ atEvent: value as string }),
};
const ofFunctions: Readonly<Record<string, Call>> = {
  runUntil: async (run, value) => run.runUntil(value as () => boolean),
  mutate: async (run, value) => run.mutate(value as () => void),
  onEvents: async (run, value) => run.onEvents(value as () => void),
};

async function expectRefused(call: Call, value: unknown): Promise<void> {
  const run = await openFixed();
  await run.emit('note', {});
  const before = await run.head();
  expectTyped(await refusal(async () => call(run, value)));
  expect(await run.head()).toEqual(before);
  await run.close();
}

describe.each(Object.entries(ofText))('%s', (_name, call) => {
  it.each(texts)('refuses %s', async (_value, value) => expectRefused(call, value));
});

describe.each(Object.entries(ofFunctions))('%s', (_name, call) => {
  const noFunctions = texts.filter(([name]) => name !== 'a function');
  it.each(noFunctions)('refuses %s', async (_value, value) => expectRefused(call, value));
});

const options: readonly (readonly [string, OpenOptions])[] = [
  ...[1.5, Number.NaN, -1, '5', null, Number.NEGATIVE_INFINITY, 2 ** 53].map(
    (limit) =>
      [`a budget of ${String(limit)} events`, { budget: { maxEvents: limit } as unknown as Budget }] as const,
  ),
  ...[Number.NaN, -1, '5'].map(
    (limit) =>
      [
        `a budget of ${String(limit)} seconds`,
        { budget: { maxSeconds: limit } as unknown as Budget },
      ] as const,
  ),
  ...[[], 'none', 7, null].map(
    (budget) => [`${JSON.stringify(budget)} for a budget`, { budget: budget as unknown as Budget }] as const,
  ),
  ...[Number.NaN, 1.5, '7', Number.POSITIVE_INFINITY, null, 2 ** 60].map(
    (seed) => [`the seed ${String(seed)}`, { seed: seed as unknown as number }] as const,
  ),
  ...[null, 7, 'now', {}, { kind: 'frozen', start: null }, { nowMs: () => 0 }].map(
    (clock) => [`the clock ${JSON.stringify(clock)}`, { clock: clock as unknown as Clock }] as const,
  ),
  ...[null, true, 'later'].map(
    (graph) => [`${JSON.stringify(graph)} for a graph`, { graph: graph as unknown as 'lazy' }] as const,
  ),
  ['a label that is a number', { label: 7 as unknown as string }],
  ['a run id that is a number', { runId: 7 as unknown as string }],
];

describe('open', () => {
  it.each(options)('refuses %s, and makes nothing', async (_name, given) => {
    const place = memoryPlace();
    expectTyped(await refusal(async () => openFixed(given, place.open())));
    expect(place.database.logs.size).toBe(0);
  });

  it('refuses a clock that tells no time before anything is written', async () => {
    const clock: Clock = { kind: 'frozen', start: null, nowMs: () => Number.NaN };
    expectTyped(await refusal(async () => openFixed({ clock })));
  });
});
