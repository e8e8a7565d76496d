// What a program without types spells otherwise is refused by the session manager, with the name that was meant, before anything is written.
import { openSessionManager, nodePlatform } from 'runlog';
import { scriptedAgent, type SessionManager, type StreamOptions, streamSession } from 'runlog/sessions';
import { expect, test } from 'vitest';
import { newCanceller, sayHello, sessionBed } from '../../harness/session-bed.ts';

/** As a program without types would write it. */
const misspelled = (name: string): object => ({ [name]: 1 });

function refusalOf(call: string, option: string, near: string): object {
  return {
    code: 'invalid-runtime-configuration',
    summary: `\`${call}\` has no option '${option}'`,
    context: { call, option, near: [near] },
  };
}

const calls: readonly (readonly [
  call: string,
  option: string,
  near: string,
  use: (manager: SessionManager, options: object) => Promise<unknown>,
])[] = [
  ['startSession', 'tag', 'tags', async (manager, options) => manager.startSession(options)],
  ['startRun', 'metaData', 'metadata', async (manager, options) => manager.startRun('s', 'go', options)],
  ['executeRun', 'timeout', 'timeoutMs', async (manager, options) => manager.executeRun('r', options)],
  ['resumeRun', 'deadline', 'deadlineMs', async (manager, options) => manager.resumeRun('r', options)],
  ['runOnce', 'policys', 'policies', async (manager, options) => manager.runOnce('go', options)],
  [
    'session of runOnce',
    'tag',
    'tags',
    async (manager, options) => manager.runOnce('go', { session: options }),
  ],
];

test.each(calls)('%s refuses an option %s, and names %s', async (call, option, near, use) => {
  const manager = sessionBed().manager(sayHello);
  await expect(use(manager, misspelled(option))).rejects.toMatchObject(refusalOf(call, option, near));
});

test('nothing is written of a session, or of a run, whose options are refused', async () => {
  const bed = sessionBed();
  const manager = bed.manager(sayHello);
  await manager.startSession({ id: 's' });
  for (const [, option, , use] of calls) await use(manager, misspelled(option)).catch(() => undefined);
  expect((await bed.store.listSessions()).map(({ id }) => id)).toEqual(['s']);
  expect(await bed.store.listRuns('s')).toEqual([]);
});

const misformed: readonly (readonly [name: string, form: string, options: object])[] = [
  ['onEvent', 'a function', { onEvent: 5 }],
  ['isAlone', 'a boolean', { isAlone: 'yes' }],
  ['signal', 'an object with `aborted`', { signal: 'now' }],
];

test.each(misformed)('a run is refused whose %s is not %s, before it begins', async (name, form, options) => {
  const bed = sessionBed();
  const manager = bed.manager(sayHello);
  await manager.startSession({ id: 's' });
  await manager.startRun('s', 'go', { id: 'r' });
  await expect(manager.executeRun('r', options)).rejects.toMatchObject({
    code: 'invalid-argument-type',
    summary: `executeRun takes \`${name}\` as ${form}, and what was given is of type ${typeof Reflect.get(options, name)}`,
  });
  expect((await bed.store.getRun('r')).status).toBe('pending');
});

test('a session manager refuses an option that it does not know, over a store or made by hand', async () => {
  const bed = sessionBed();
  const agent = scriptedAgent({ name: 'claude', newCanceller, play: sayHello });
  expect(() => openSessionManager(bed.store, agent, misspelled('lease'))).toThrow(
    expect.objectContaining(refusalOf('openSessionManager', 'lease', 'leaseMs')),
  );
  expect(() => bed.manager(sayHello, misspelled('lease'))).toThrow(
    expect.objectContaining(refusalOf('SessionManager', 'lease', 'leaseMs')),
  );
});

test.each([
  ['idleTimeout', 'idleTimeoutMs'],
  ['idleTimeoutms', 'idleTimeoutMs'],
])('a stream with an option %s is refused as every failure, and %s is named', async (option, near) => {
  const options: StreamOptions = misspelled(option);
  const stream = streamSession(sessionBed().manager(sayHello), 'go', nodePlatform, options);
  await expect(stream.result).rejects.toMatchObject(refusalOf('streamSession', option, near));
});
