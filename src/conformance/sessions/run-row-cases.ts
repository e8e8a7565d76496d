/** Decides what a session store promises about the rows of runs. */
import { moveExecution, SessionMismatchError, SessionRunNotFoundError } from '../../sessions/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { completedRun, idsOf, plain, sampleRun, sampleSession } from './samples.ts';
import { type SessionCase, sessionCases } from './session-case.ts';

export const runRowCases: readonly SessionCase[] = sessionCases('run', {
  'saved-is-read': {
    properties: [15, 16],
    why: 'A run that cannot be read back was not saved.',
    async run({ store, mint }) {
      const run = sampleRun(mint);
      await store.saveRun(run);
      expectEqual(plain(await store.getRun('r1')), plain(run), 'the run');
    },
  },
  'absent-is-told': {
    properties: [17],
    why: 'Whoever mistypes an id must not go on with an empty run.',
    async run({ store }) {
      await expectRefusal(store.getRun('nobody'), SessionRunNotFoundError, 'an unknown run');
    },
  },
  'second-save-replaces': {
    properties: [18],
    why: 'A state that is not written is lost with the process.',
    async run({ store, mint }) {
      const run = sampleRun(mint);
      await store.saveRun(run);
      await store.saveRun(moveExecution(run, 'running', mint));
      expectEqual((await store.getRun('r1')).status, 'running', 'the status');
    },
  },
  'listed-by-session': {
    properties: [19, 20, 21],
    why: 'A run that appears in another session charges somebody else for it.',
    async run({ store, mint }) {
      for (const id of ['s1', 's2']) await store.saveSession(sampleSession(mint, id));
      expectEqual(await store.listRuns('s1'), [], 'a session without runs');
      expectEqual(await store.listRuns('nobody'), [], 'an unknown session');
      for (const id of ['r1', 'r2']) await store.saveRun(sampleRun(mint, id));
      await store.saveRun(sampleRun(mint, 'r3', 's2'));
      expectEqual(idsOf(await store.listRuns('s1')), ['r1', 'r2'], 'the runs in the order of their making');
      expectEqual(idsOf(await store.listRuns('s1', { limit: 1, offset: 1 })), ['r2'], 'the second page');
    },
  },
  'listed-by-status': {
    properties: [22],
    why: 'Recovery asks for what is running, and must not touch what has ended.',
    async run({ store, mint }) {
      await store.saveRun(sampleRun(mint, 'waiting'));
      await store.saveRun(completedRun(mint, 'done'));
      expectEqual(idsOf(await store.listRuns('s1', { status: 'completed' })), ['done'], 'completed');
      expectEqual(idsOf(await store.listRuns('s1', { status: 'pending' })), ['waiting'], 'pending');
    },
  },
  'active-is-found': {
    properties: [23, 25],
    why: 'A second run beside one that is going on writes into the same files.',
    async run({ store, mint }) {
      const run = sampleRun(mint, 'later');
      await store.saveRun(completedRun(mint, 'earlier'));
      await store.saveRun(run);
      await store.saveRun(moveExecution(run, 'running', mint));
      const active = await store.getActiveRun('s1');
      expectEqual([active?.id, active?.status], ['later', 'running'], 'the active run');
    },
  },
  'none-is-active': {
    properties: [24],
    why: 'A run that has ended and counts as active blocks its session for ever.',
    async run({ store, mint }) {
      expectEqual(await store.getActiveRun('s1'), null, 'an unknown session');
      const run = sampleRun(mint, 'was');
      await store.saveRun(sampleRun(mint, 'waiting'));
      await store.saveRun(moveExecution(run, 'running', mint));
      await store.saveRun(moveExecution(moveExecution(run, 'running', mint), 'failed', mint));
      await store.saveRun(moveExecution(sampleRun(mint, 'other', 's2'), 'running', mint));
      expectEqual(await store.getActiveRun('s1'), null, 'a session without a running run');
    },
  },
  'same-again-changes-nothing': {
    properties: [26],
    why: 'A save that is repeated after a lost answer must not make a second run.',
    async run({ store, mint }) {
      const run = sampleRun(mint);
      for (let time = 0; time < 3; time += 1) await store.saveRun(run);
      expectEqual(idsOf(await store.listRuns('s1')), ['r1'], 'the runs');
    },
  },
  'every-field-kept': {
    properties: [27],
    why: 'A cost or an error that a store forgets is never seen again.',
    async run({ store, mint }) {
      const run = sampleRun(mint, 'all', 's1', {
        status: 'failed',
        input: { messages: [{ role: 'user', content: 'hi \u{1F600}' }] },
        output: { text: 'partly', nested: { n: [1.5] } },
        error: { code: 'provider_timeout', message: 'late', provider_error: { kind: 'timeout' } },
        metadata: { workspace: '/tmp/x' },
        turnCount: 3,
        tokenUsage: { input_tokens: 10, output_tokens: 5, cache_read_tokens: 1 },
        costUsd: 0.0105,
        endedAt: '2026-01-02T03:04:05.123456Z',
        provider: 'claude',
        providerMetadata: { provider_session_id: 'p1', model: 'm' },
      });
      await store.saveRun(run);
      expectEqual(plain(await store.getRun('all')), plain(run), 'the run');
    },
  },
  'belongs-to-one-session': {
    why: 'A run is asked for by its id alone: of two under one id, somebody gets the wrong one.',
    async run({ store, mint }) {
      await store.saveRun(sampleRun(mint, 'r1', 's1'));
      await expectRefusal(
        store.saveRun(sampleRun(mint, 'r1', 's2')),
        SessionMismatchError,
        'the id of another session',
      );
      expectEqual((await store.getRun('r1')).sessionId, 's1', 'the run');
      expectEqual(await store.listRuns('s2'), [], 'the runs of the other session');
    },
  },
  'ids-with-slashes-are-apart': {
    why: 'Ids come from elsewhere: `b/c` of session `a` is not `c` of session `a/b`.',
    async run({ store, mint }) {
      await store.saveRun(sampleRun(mint, 'b/c', 'a'));
      await store.saveRun(sampleRun(mint, 'c', 'a/b'));
      await store.saveRun(sampleRun(mint, 'b%2Fc', 'a'));
      expectEqual(idsOf(await store.listRuns('a')), ['b/c', 'b%2Fc'], 'the runs of a');
      expectEqual(idsOf(await store.listRuns('a/b')), ['c'], 'the runs of a/b');
      expectEqual((await store.getRun('b/c')).sessionId, 'a', 'the run');
    },
  },
});
