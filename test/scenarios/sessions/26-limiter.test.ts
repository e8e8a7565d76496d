// Scenario 26 of agent sessions: at most so many runs at once, and a session that is given back gives back its runs.
import { expect, test } from 'vitest';
import { nodePlatform } from 'runlog';
import { MaxRunsExceededError, MaxSessionsExceededError, RunLimiter, SessionServer } from 'runlog/sessions';
import { sayHello, sessionBed } from '../../harness/session-bed.ts';

test('26: a third run is refused until a session is given back, and the same run twice uses one slot', () => {
  const limiter = new RunLimiter({ maxParallelRuns: 2, maxParallelSessions: 1 });
  limiter.acquireSession('s');
  expect(() => limiter.acquireSession('t')).toThrow(MaxSessionsExceededError);
  for (const run of ['a', 'b', 'a']) limiter.acquireRun('s', run);
  expect(() => limiter.acquireRun('t', 'c')).toThrow(MaxRunsExceededError);
  limiter.releaseSession('s');
  limiter.acquireRun('t', 'c');
  expect(limiter.status()).toMatchObject({ activeSessions: 0, activeRuns: 1 });
  limiter.releaseRun('c');
  expect(limiter.status().activeRuns).toBe(0);
});

test('a server ends a run that its limiter refuses, and gives the slot of one that has ended back', async () => {
  const bed = sessionBed();
  const manager = bed.manager(sayHello);
  await manager.startSession({ id: 's' });
  const limiter = new RunLimiter({ maxParallelRuns: 1 });
  const { store } = bed;
  const server = await SessionServer.open({
    manager,
    store,
    platform: nodePlatform,
    sessionId: 's',
    limiter,
  });
  limiter.acquireRun('t', 'elsewhere');
  await expect(server.executeRun('go')).rejects.toBeInstanceOf(MaxRunsExceededError);
  limiter.releaseRun('elsewhere');
  await server.executeRun('go');
  expect((await store.listRuns('s')).map(({ status }) => status)).toEqual(['cancelled', 'completed']);
  expect(limiter.status().activeRuns).toBe(0);
});
