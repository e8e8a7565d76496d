/** Scenario 7: a behavior that throws. */
import { behavior, type Runtime } from 'runlog';
import { expect, test } from 'vitest';
import { openFixed, theEvent, typesOf } from '../harness/fixed-run.ts';
import { textWith } from '../harness/matchers.ts';

class ValueError extends Error {
  override readonly name = 'ValueError';
}

const boom = behavior({
  name: 'boom',
  on: 'goal.created',
  run: ({ graph }) => {
    graph.addObject('task', { title: 'never' });
    throw new ValueError('bad');
  },
});

const after = behavior({
  name: 'after',
  on: 'goal.created',
  run: ({ graph }) => {
    graph.emit('ok');
  },
});

async function finished(): Promise<Runtime> {
  const run = await openFixed({ behaviors: [boom, after] });
  await run.runGoal('g');
  return run;
}

test('what a failing behavior changed is nowhere, and the run goes on', async () => {
  const run = await finished();
  expect(await typesOf(run)).toEqual([
    'goal.created',
    'behavior.started',
    'behavior.failed',
    'behavior.started',
    'ok',
    'behavior.completed',
    'runtime.idle',
  ]);
  expect(run.graph.objects()).toEqual([]);
});

test('the failure names the behavior, the event and what was thrown, and has no reason', async () => {
  const { payload } = await theEvent(await finished(), 'behavior.failed');
  expect(payload).toEqual({
    behavior: 'boom',
    event_id: 'evt_001',
    exception_type: 'ValueError',
    message: 'bad',
    traceback: textWith('07-failure.test.ts'),
  });
});

test('the traceback names files without their folders, and no file of the runtime', async () => {
  const { payload } = await theEvent(await finished(), 'behavior.failed');
  expect(payload['traceback']).toMatch(/^at .*\(07-failure\.test\.ts:\d+:\d+\)$/m);
  expect(payload['traceback']).not.toMatch(/[\\/]|invocation\.ts|loop\.ts/);
});

test('the run lists the failure', async () => {
  expect((await finished()).errors).toEqual([
    {
      behavior: 'boom',
      eventId: 'evt_001',
      reason: null,
      exceptionType: 'ValueError',
      message: 'bad',
      failedEventId: 'evt_003',
    },
  ]);
});

const thrown: readonly (readonly [string, unknown])[] = [
  ['a text', 'just a text'],
  ['nothing', undefined],
  ['an object', { code: 7 }],
  ['an object without a prototype', Object.create(null)],
  ['an error whose name is no text', Object.assign(new Error('odd'), { name: 5 })],
  ['an error whose message is no text', Object.assign(new Error('odd'), { message: { deep: 1n } })],
  ['an error that cannot be read', unreadable()],
  ['an error with a very long message', new Error('x'.repeat(17 * 1024 * 1024))],
];

test.each(thrown)('%s can be thrown, too', async (_what, value) => {
  const thrower = behavior({
    name: 'thrower',
    on: 'goal.created',
    run: () => {
      throw value;
    },
  });
  const run = await openFixed({ behaviors: [thrower] });
  await run.runGoal('g');
  expect(await typesOf(run)).toEqual(['goal.created', 'behavior.started', 'behavior.failed', 'runtime.idle']);
});

function unreadable(): Error {
  const error = new Error('secret');
  Object.defineProperty(error, 'message', {
    get: () => {
      throw new Error('no');
    },
  });
  return error;
}
