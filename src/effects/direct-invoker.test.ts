/** Proves how a tool is run, stopped and measured. Time is a number that the tests move. */
import { expect, test } from 'vitest';
import type { CancelSignal } from '../base/index.ts';
import { directInvoker } from './direct-invoker.ts';
import { failureReason } from './errors.ts';
import { tool, type ToolContext } from './tool-port.ts';

/** A clock and a sleep that ends when the time is moved far enough. */
function handClock() {
  let now = 0;
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  return {
    nowMs: () => now,
    sleep: (delayMs: number, signal?: CancelSignal) =>
      new Promise<void>((wake) => {
        sleepers.push({ atMs: now + delayMs, wake });
        signal?.addEventListener('abort', () => wake(), { once: true });
      }),
    move: (byMs: number) => {
      now += byMs;
      for (const sleeper of sleepers.filter(({ atMs }) => atMs <= now)) sleeper.wake();
      sleepers = sleepers.filter(({ atMs }) => atMs > now);
    },
  };
}

function setUp() {
  const clock = handClock();
  const outer = new AbortController();
  const context: ToolContext = {
    behavior: 'b',
    eventId: 'evt_001',
    idempotencyKey: 'k',
    timeoutMs: 1000,
    signal: outer.signal,
  };
  const invoker = directInvoker({ ...clock, canceller: () => new AbortController() });
  return { clock, outer, context, invoker };
}

/** A tool that never ends by itself; `signal` is the one that it was given. */
function endlessTool() {
  const seen: { signal: CancelSignal | null } = { signal: null };
  const endless = tool({
    name: 'endless',
    run: (_args, context) => {
      seen.signal = context.signal;
      return new Promise(() => {});
    },
  });
  return { endless, seen };
}

test('the result, the time it took and the price of the tool come back', async () => {
  const { clock, context, invoker } = setUp();
  const counting = tool<{ n: number }>({
    name: 'count',
    costPerCallUsd: '0.001',
    run: async ({ n }) => {
      clock.move(250);
      return { n: n + 1 };
    },
  });
  expect(await invoker.invoke(counting, { n: 2 }, context)).toEqual({
    output: { n: 3 },
    latencySeconds: 0.25,
    costUsd: '0.001',
  });
});

test('a tool need not be asynchronous, and returning nothing is null', async () => {
  const { context, invoker } = setUp();
  expect(await invoker.invoke(tool({ name: 't', run: () => undefined }), {}, context)).toMatchObject({
    output: null,
  });
});

test('what a tool throws comes out as it is', async () => {
  const { context, invoker } = setUp();
  const broken = tool({
    name: 't',
    run: () => {
      throw new TypeError('bad');
    },
  });
  await expect(invoker.invoke(broken, {}, context)).rejects.toThrow(new TypeError('bad'));
});

test('a tool past its time fails and is told to stop', async () => {
  const { clock, context, invoker } = setUp();
  const { endless, seen } = endlessTool();
  const failed = invoker.invoke(endless, {}, context).catch(failureReason);
  clock.move(1000);
  expect(await failed).toEqual({
    reason: 'tool.timeout',
    message: "Tool 'endless' did not answer within 1000 ms.",
    extras: { tool: 'endless', timeout_ms: 1000 },
  });
  expect(seen.signal?.aborted).toBe(true);
});

test('a tool that throws because it is told to stop still counts as too late', async () => {
  const { clock, context, invoker } = setUp();
  const obedient = tool({
    name: 't',
    run: (_args, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
  });
  const failed = invoker.invoke(obedient, {}, context).catch(failureReason);
  clock.move(1000);
  expect(await failed).toMatchObject({ reason: 'tool.timeout' });
});

test('a tool that ends in time is not told to stop', async () => {
  const { clock, context, invoker } = setUp();
  const seen: CancelSignal[] = [];
  await invoker.invoke(tool({ name: 't', run: (_args, { signal }) => seen.push(signal) }), {}, context);
  clock.move(5000);
  await Promise.resolve();
  expect(seen[0]?.aborted).toBe(false);
});

test('cancelling from outside ends the call and reaches the tool', async () => {
  const { outer, context, invoker } = setUp();
  const { endless, seen } = endlessTool();
  const failed = invoker.invoke(endless, {}, context).catch(failureReason);
  outer.abort(new Error('enough'));
  expect(await failed).toMatchObject({ reason: 'tool.execution_error', extras: { cancelled: true } });
  expect(seen.signal?.aborted).toBe(true);
});

test('a call that is cancelled before it begins does not run the tool', async () => {
  const { outer, context, invoker } = setUp();
  outer.abort();
  const { endless, seen } = endlessTool();
  await expect(invoker.invoke(endless, {}, context)).rejects.toThrow('was cancelled');
  expect(seen.signal).toBeNull();
});

test('a result that JSON cannot carry is refused with its path', async () => {
  const { context, invoker } = setUp();
  const failed = invoker
    .invoke(tool({ name: 't', run: () => ({ a: [() => 1] }) }), {}, context)
    .catch(failureReason);
  expect(await failed).toMatchObject({
    reason: 'tool.invalid_output',
    message: "Tool 't' returned what JSON cannot carry: a function at 'a[0]' cannot be written as JSON",
  });
});
