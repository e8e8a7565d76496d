/** Decides what a session store promises about states and versions: nothing goes back, and no change is overwritten unseen. */
import { ConcurrentWriterError } from '../../log/index.ts';
import {
  executionStatuses,
  InvalidTransitionError,
  moveExecution,
  moveSession,
  SessionNotFoundError,
} from '../../sessions/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { completedRun, plain, sampleRun, sampleSession } from './samples.ts';
import { type SessionCase, sessionCases } from './session-case.ts';

export const stateCases: readonly SessionCase[] = sessionCases('state', {
  'ended-run-never-runs-again': {
    why: 'A run that is done twice costs twice, and its record says once.',
    async run({ store, mint }) {
      const run = await store.saveRun(completedRun(mint));
      for (const status of executionStatuses.filter((each) => each !== 'completed'))
        await expectRefusal(
          store.saveRun({ ...run, status }),
          InvalidTransitionError,
          `completed to ${status}`,
        );
      expectEqual((await store.getRun('r1')).status, 'completed', 'the status');
      await store.saveRun({ ...run, costUsd: 0.5 });
      expectEqual((await store.getRun('r1')).costUsd, 0.5, 'what may still be added');
    },
  },
  'ended-session-never-begins-again': {
    why: 'A session that is over has been counted, archived and paid for.',
    async run({ store, mint }) {
      const active = moveSession(sampleSession(mint), 'active', mint);
      const over = await store.saveSession(moveSession(active, 'completed', mint));
      await expectRefusal(
        store.saveSession({ ...over, status: 'active' }),
        InvalidTransitionError,
        'to active',
      );
      await expectRefusal(
        store.saveSession({ ...over, status: 'pending' }),
        InvalidTransitionError,
        'to pending',
      );
      await store.saveSession({ ...over, tags: ['kept'] });
      expectEqual((await store.getSession('s1')).tags, ['kept'], 'what may still be added');
    },
  },
  'stale-save-is-refused': {
    why: 'Two people change a session; the change of the first must not vanish.',
    async run({ store, mint }) {
      await store.saveSession(sampleSession(mint));
      const mine = await store.getSession('s1');
      const yours = await store.getSession('s1');
      await store.saveSession(moveSession(mine, 'active', mint));
      await expectRefusal(
        store.saveSession({ ...yours, tags: ['late'] }),
        ConcurrentWriterError,
        'a stale session',
      );
      expectEqual((await store.getSession('s1')).status, 'active', 'the session');
      const run = await store.saveRun(sampleRun(mint));
      await store.saveRun(moveExecution(run, 'running', mint));
      await expectRefusal(store.saveRun({ ...run, turnCount: 9 }), ConcurrentWriterError, 'a stale run');
      expectEqual((await store.getRun('r1')).turnCount, 0, 'the run');
    },
  },
  'stale-for-another-handle': {
    why: 'A save without a version means what its own handle has seen last, not whatever is there.',
    async run({ store, mint, place }) {
      await store.saveSession(sampleSession(mint));
      const other = await place.otherHandle();
      await other.saveSession({ ...(await other.getSession('s1')), tags: ['theirs'] });
      const unseen = sampleSession(mint, 's1', { tags: ['mine'] });
      await expectRefusal(store.saveSession(unseen), ConcurrentWriterError, 'a save over what was not seen');
      const seen = await store.getSession('s1');
      expectEqual(seen.tags, ['theirs'], 'the session');
      await store.saveSession({ ...seen, tags: ['theirs', 'mine'], version: null });
      expectEqual((await other.getSession('s1')).tags, ['theirs', 'mine'], 'the session after it was read');
    },
  },
  'deleted-does-not-come-back': {
    why: 'A stale copy that is saved must not bring back what somebody has removed.',
    async run({ store, mint, place }) {
      await store.saveSession(sampleSession(mint));
      const copy = await store.getSession('s1');
      const other = await place.otherHandle();
      await other.deleteSession('s1');
      await expectRefusal(
        store.saveSession({ ...copy, tags: ['late'] }),
        ConcurrentWriterError,
        'a save of the removed',
      );
      await expectRefusal(store.getSession('s1'), SessionNotFoundError, 'the session');
    },
  },
  'made-anew-after-its-removal': {
    why: 'An id that was removed on purpose can be used again.',
    async run({ store, mint }) {
      await store.saveSession(sampleSession(mint, 's1', { tags: ['old'] }));
      await store.deleteSession('s1');
      const anew = sampleSession(mint, 's1', { tags: ['new'] });
      await store.saveSession(anew);
      expectEqual(plain(await store.getSession('s1')), plain(anew), 'the session');
    },
  },
});
