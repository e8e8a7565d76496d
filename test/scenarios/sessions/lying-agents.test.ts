// A run comes to its one end whatever its agent answers: what cannot be stored is left out or said to be, and never leaves a run behind.
import { expect, test } from 'vitest';
import type { AgentEvent, AgentResult } from 'runlog/sessions';
import { disagreements, hello, type Play, sessionBed } from '../../harness/session-bed.ts';

const most = 16 * 1024 * 1024;

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

/** What an adapter that is not written in TypeScript may hand over. */
function answer(json: Readonly<Record<string, unknown>>): Partial<AgentResult> {
  return Object.assign({ tokenUsage: { input_tokens: 5, output_tokens: 1 } }, json);
}

function event(type: AgentEvent['type'], data: object): AgentEvent {
  const told: AgentEvent = { type, data: {} };
  Reflect.set(told, 'data', data);
  return told;
}

async function ended(play: Play) {
  const bed = sessionBed();
  const manager = bed.manager(play);
  const outcome = await manager.runOnce('go', { session: { id: 's' } }).catch((error: unknown) => error);
  const [run] = await bed.store.listRuns('s');
  expect(await disagreements(bed.store, 's')).toEqual([]);
  await manager.close();
  return { outcome, run, types: await bed.types('s') };
}

test.each<[string, unknown]>([
  ['a text', 'done'],
  ['a number that JSON does not have', { content: Number.NaN }],
  ['a bigint', { content: 10n }],
  ['100,000 levels', { content: nested(100_000) }],
  ['a text that no row holds', { content: 'x'.repeat(most + 1) }],
])('an output that is %s fails the run, with what it has used', async (_name, output) => {
  const { outcome, run, types } = await ended(async () => answer({ output }));
  expect(outcome).toMatchObject({ code: 'provider_error' });
  expect(run).toMatchObject({ status: 'failed', error: { code: 'provider_error' } });
  expect(types.slice(-2)).toEqual(['run_failed', 'session_failed']);
});

test('an output that fits alone, and not beside what was asked, fails the run too', async () => {
  const { run } = await ended(async () => answer({ output: { content: 'x'.repeat(most - 200) } }));
  expect(run).toMatchObject({ status: 'failed', tokenUsage: { input_tokens: 5, output_tokens: 1 } });
  expect(JSON.stringify(run?.error)).toContain('cannot be stored');
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['tokens', { tokenUsage: { input_tokens: Number.NaN, output_tokens: Infinity } }],
  ['tokens below zero', { tokenUsage: { input_tokens: -7 } }],
  ['tokens beyond all use', { tokenUsage: { input_tokens: 1e300, output_tokens: 2 ** 53 } }],
  ['a cost', { costUsd: 'NaN' }],
  ['a cost that is a number', { costUsd: Number.NaN }],
  ['a cost below zero', { costUsd: '-5' }],
  ['a cost beyond all numbers', { costUsd: `1${'0'.repeat(400)}` }],
  ['turns', { turnCount: Number.NaN }],
  ['a model', { model: { name: 'm' } }],
  ['a session of its own', { providerSessionId: 7 }],
])('%s that cannot be is not known, and the run completes', async (_name, odd) => {
  const given = { output: { content: 'done' }, tokenUsage: {}, ...odd };
  const { run, types } = await ended(async () => answer(given));
  expect(run).toMatchObject({ status: 'completed', output: { content: 'done' }, costUsd: null });
  expect(run).toMatchObject({ tokenUsage: {}, turnCount: 0 });
  expect(types.at(-1)).toBe('session_completed');
});

test.each([Number.NaN, Infinity, -1000, 1e308])('tokens told as %j do not count', async (count) => {
  const { run } = await ended(async ({ tell }) => {
    for (const one of hello) await tell(one);
    await tell(event('token_usage_updated', { input_tokens: count, output_tokens: count }));
    throw new Error('and then it failed');
  });
  expect(run).toMatchObject({ status: 'failed', tokenUsage: { input_tokens: 1000, output_tokens: 500 } });
});

test('an end that cannot be stored as it was told is told in our words', async () => {
  const { run, types } = await ended(async ({ tell }) => {
    await tell(event('run_completed', { said: nested(100_000) }));
    return answer({ output: { content: 'done' } });
  });
  expect(run).toMatchObject({ status: 'completed', metadata: { persistence_failures: 1 } });
  expect(types.slice(-2)).toEqual(['run_completed', 'session_completed']);
});

test.each<[string, Play]>([
  [
    'words without end',
    async () => {
      throw new Error('x'.repeat(most + 1));
    },
  ],
  [
    'something that cannot even be read',
    async () => {
      throw Object.create(null);
    },
  ],
  [
    'a model whose name no row holds',
    async ({ tell }) => {
      await tell(event('run_started', { model: 'm'.repeat(most + 1) }));
      throw new Error('no such model');
    },
  ],
])('an agent that fails with %s has failed', async (_name, play) => {
  const { run, outcome, types } = await ended(play);
  expect(outcome).toMatchObject({ code: 'provider_error' });
  expect(run).toMatchObject({ status: 'failed', error: { code: 'provider_error' } });
  expect(types.slice(-2)).toEqual(['run_failed', 'session_failed']);
});

test.each<[string, unknown]>([
  ['a text', 'done'],
  ['nothing', undefined],
  ['null', null],
  ['a list', [{ content: 'done' }]],
  ['a content without an output', { content: 'done' }],
])('a script that answers with %s fails its run, and is told what an answer is', async (_name, given) => {
  const returned: { answer: Partial<AgentResult> } = { answer: {} };
  Reflect.set(returned, 'answer', given);
  const { outcome, run } = await ended(async () => returned.answer);
  expect(outcome).toMatchObject({ code: 'provider_error' });
  expect(run).toMatchObject({ status: 'failed', error: { code: 'provider_error' } });
  expect(JSON.stringify(run?.error)).toContain("{ output: { content: 'text' } }");
});

test('a script that answers with an empty map has said nothing, and completes', async () => {
  expect((await ended(async () => ({}))).run).toMatchObject({ status: 'completed', output: { content: '' } });
});

test.each([null, 'text', 5])(
  'an event that is %j fails the run, which says what an event is',
  async (told) => {
    const { run } = await ended(async ({ tell }) => {
      await Reflect.apply(tell, undefined, [told]);
      return answer({ output: { content: 'done' } });
    });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'validation_error' } });
    expect(JSON.stringify(run?.error)).toContain('an event of an agent must be a map with');
  },
);
