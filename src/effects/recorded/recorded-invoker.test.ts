/** Proves that recorded tool calls answer and fail again as they did, under keys that any folder can hold. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { failureReason, toolError } from '../errors.ts';
import { tool, type ToolContext, type ToolInvoker } from '../tool-port.ts';
import { memoryFixtures } from './fixture-store.ts';
import { recordedInvoker, toolFixtureKey } from './recorded-invoker.ts';
import { recordingInvoker } from './recording-invoker.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const abcHash = 'fd8e07d1b1b5763864eb4aa0bf3a1b0c59aa22cf200ab8cf9119f8098bb92efb';
const context: ToolContext = {
  behavior: 'b',
  eventId: 'evt_001',
  idempotencyKey: 'k',
  timeoutMs: 1000,
  signal: new AbortController().signal,
};
const myTool = tool({ name: 'my_tool', costPerCallUsd: '0.001', run: () => null });

function setUp(invoke: ToolInvoker['invoke']) {
  const store = memoryFixtures();
  let now = Date.UTC(2026, 0, 1);
  const nowMs = (): number => (now += 500);
  return {
    store,
    recorder: recordingInvoker({ inner: { invoke }, store, sha256, nowMs }),
    player: recordedInvoker({ store, sha256 }),
  };
}

const answering = async () => ({ output: { n: 3 }, latencySeconds: 0.1, costUsd: '0.001' });

test('a recorded call is answered again in full', async () => {
  const { recorder, player } = setUp(answering);
  const live = await recorder.invoke(myTool, { q: 'abc' }, context);
  expect(await player.invoke(myTool, { q: 'abc' }, context)).toEqual(live);
});

test('a fixture lies in the folder of its tool and says what was called', async () => {
  const { store, recorder } = setUp(answering);
  await recorder.invoke(myTool, { q: 'abc' }, context);
  expect(JSON.parse(store.texts.get(`my_tool/${abcHash}.json`) ?? '')).toEqual({
    tool: 'my_tool',
    args_hash: abcHash,
    recorded_at: '2026-01-01T00:00:01Z',
    args: { q: 'abc' },
    output: { n: 3 },
    error: null,
    latency_seconds: 0.1,
    cost_usd: '0.001',
  });
});

test('a recorded failure fails again with its reason and extras', async () => {
  const { store, recorder, player } = setUp(async () => {
    throw toolError('tool.network_error', 'gone', { status: 502 });
  });
  await expect(recorder.invoke(myTool, { q: 'abc' }, context)).rejects.toThrow('gone');
  expect(JSON.parse(store.texts.get(`my_tool/${abcHash}.json`) ?? '')).toMatchObject({
    output: null,
    latency_seconds: 0.5,
    cost_usd: '0.001',
  });
  expect(await player.invoke(myTool, { q: 'abc' }, context).catch(failureReason)).toEqual({
    reason: 'tool.network_error',
    message: 'gone',
    extras: { status: 502 },
  });
});

test('a call that was cancelled from outside is not recorded', async () => {
  const { store, recorder } = setUp(async () => {
    throw new Error('stopped');
  });
  await expect(recorder.invoke(myTool, {}, { ...context, signal: AbortSignal.abort() })).rejects.toThrow(
    'stopped',
  );
  expect(store.texts.size).toBe(0);
});

test('an answer that cannot be saved fails the call, and is not recorded as a failure of the tool', async () => {
  const saved: string[] = [];
  const store = {
    where: 'full disk',
    load: async () => null,
    save: async (key: string) => {
      saved.push(key);
      throw new Error('no space');
    },
  };
  const recorder = recordingInvoker({ inner: { invoke: answering }, store, sha256, nowMs: () => 0 });
  await expect(recorder.invoke(myTool, {}, context)).rejects.toThrow('no space');
  expect(saved).toHaveLength(1);
});

test('a miss names the nearest call of the same tool', async () => {
  const { recorder, player } = setUp(answering);
  await recorder.invoke(myTool, { q: 'abc', limit: 5 }, context);
  await recorder.invoke(tool({ name: 'other', run: () => null }), { q: 'abd' }, context);
  expect(await player.invoke(myTool, { q: 'abd', limit: 5 }, context).catch(failureReason)).toMatchObject({
    reason: 'tool.fixture_missing',
    extras: {
      tool: 'my_tool',
      fixtures_dir: 'memory',
      nearest: { field: 'q', recorded: 'abc', asked: 'abd' },
    },
  });
});

test('an argument that was not recorded is shown as absent', async () => {
  const { recorder, player } = setUp(answering);
  await recorder.invoke(myTool, { q: 'abc' }, context);
  await expect(player.invoke(myTool, { q: 'abc', limit: 5 }, context)).rejects.toThrow(
    'first in limit: recorded "(absent)", asked "5"',
  );
});

test('a fixture that was recorded for another call is refused', async () => {
  const { store, recorder, player } = setUp(answering);
  await recorder.invoke(myTool, { q: 'abc' }, context);
  await store.save(
    `my_tool/${sha256('{"args":{},"tool":"my_tool"}')}.json`,
    store.texts.get(`my_tool/${abcHash}.json`) ?? '',
  );
  expect(await player.invoke(myTool, {}, context).catch(failureReason)).toMatchObject({
    reason: 'tool.fixture_malformed',
  });
});

test.each([
  ['../../etc', '%002e.%002f..%002fetc/h.json'],
  ['a b', 'a%0020b/h.json'],
  ['.hidden', '%002ehidden/h.json'],
  ['diligence.search', 'diligence.search/h.json'],
])('a tool called %s is kept under %s', (name, key) => {
  expect(toolFixtureKey(name, 'h')).toBe(key);
});
