/** Decides what a session store promises about the rows of sessions. */
import { ConcurrentWriterError } from '../../log/index.ts';
import {
  InvalidOperationError,
  moveSession,
  SessionNotFoundError,
  ValidationError,
} from '../../sessions/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import { idsOf, plain, sampleEvents, sampleRun, sampleSession } from './samples.ts';
import { type SessionCase, sessionCases } from './session-case.ts';

const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();

export const sessionRowCases: readonly SessionCase[] = sessionCases('session', {
  'saved-is-read': {
    properties: [1, 2],
    why: 'A session that cannot be read back was not saved.',
    async run({ store, mint }) {
      const session = sampleSession(mint);
      await store.saveSession(session);
      expectEqual(plain(await store.getSession('s1')), plain(session), 'the session');
    },
  },
  'absent-is-told': {
    properties: [3],
    why: 'Whoever mistypes an id must not go on with an empty session.',
    async run({ store }) {
      await expectRefusal(store.getSession('nobody'), SessionNotFoundError, 'an unknown session');
    },
  },
  'second-save-replaces': {
    properties: [4],
    why: 'A state that is not written is lost with the process.',
    async run({ store, mint }) {
      const session = sampleSession(mint);
      await store.saveSession(session);
      await store.saveSession(moveSession(session, 'active', mint));
      expectEqual((await store.getSession('s1')).status, 'active', 'the status');
    },
  },
  'same-again-changes-nothing': {
    properties: [5, 12],
    why: 'A save that is repeated after a lost answer must not make a second session.',
    async run({ store, mint }) {
      const session = sampleSession(mint);
      for (let time = 0; time < 3; time += 1) await store.saveSession(session);
      expectEqual(idsOf(await store.listSessions()), ['s1'], 'the sessions');
      expectEqual(plain(await store.getSession('s1')), plain(session), 'the session');
    },
  },
  'all-are-listed': {
    properties: [6],
    why: 'A session that no list shows is found by nobody.',
    async run({ store, mint }) {
      expectEqual(await store.listSessions(), [], 'an empty store');
      for (const id of ['a', 'b']) await store.saveSession(sampleSession(mint, id));
      expectEqual(idsOf(await store.listSessions()), ['a', 'b'], 'the sessions in the order of their making');
    },
  },
  'listed-by-status': {
    properties: [7],
    why: 'A list of active sessions that holds others wakes what has ended.',
    async run({ store, mint }) {
      await store.saveSession(sampleSession(mint, 'waiting'));
      await store.saveSession(sampleSession(mint, 'working', { status: 'active' }));
      expectEqual(idsOf(await store.listSessions({ status: 'pending' })), ['waiting'], 'pending');
      expectEqual(idsOf(await store.listSessions({ status: 'active' })), ['working'], 'active');
    },
  },
  'listed-by-agent': {
    properties: [8],
    why: 'The sessions of one agent are asked for apart from those of others.',
    async run({ store, mint }) {
      for (const [id, agentId] of [
        ['a', 'x'],
        ['b', 'y'],
        ['c', 'x'],
      ] as const)
        await store.saveSession(sampleSession(mint, id, { agentId }));
      expectEqual(idsOf(await store.listSessions({ agentId: 'x' })), ['a', 'c'], 'the sessions of x');
    },
  },
  'listed-in-pages': {
    properties: [8],
    why: 'Ten thousand sessions are read page by page, and each of them once.',
    async run({ store, mint }) {
      for (const id of ['a', 'b', 'c', 'd']) await store.saveSession(sampleSession(mint, id));
      expectEqual(idsOf(await store.listSessions({ limit: 2 })), ['a', 'b'], 'the first page');
      expectEqual(idsOf(await store.listSessions({ limit: 2, offset: 2 })), ['c', 'd'], 'the second');
      expectEqual(await store.listSessions({ limit: 2, offset: 4 }), [], 'behind the last');
      expectEqual(await store.listSessions({ limit: 0 }), [], 'a page of nothing');
      await expectRefusal(store.listSessions({ limit: -1 }), ValidationError, 'a limit below zero');
      await expectRefusal(store.listSessions({ limit: 100_000 }), ValidationError, 'a page without a bound');
    },
  },
  'deleted-is-gone': {
    properties: [9, 10],
    why: 'Whoever deletes must be able to rely on it, and to repeat it.',
    async run({ store, mint }) {
      await store.saveSession(sampleSession(mint));
      await store.deleteSession('s1');
      await store.deleteSession('s1');
      await store.deleteSession('nobody');
      await expectRefusal(store.getSession('s1'), SessionNotFoundError, 'a deleted session');
    },
  },
  'deleted-with-everything': {
    properties: [11],
    why: 'What stays behind of a deleted session is a leak, and its counter would number the next one.',
    async run({ store, mint }) {
      for (const id of ['s1', 's1/inner']) {
        await store.saveSession(sampleSession(mint, id));
        await store.saveRun(sampleRun(mint, `run of ${id}`, id));
        await store.appendEvents(sampleEvents(mint, 3, `${id}-`, { sessionId: id }));
      }
      await store.deleteSession('s1');
      expectEqual(await store.listRuns('s1'), [], 'its runs');
      expectEqual(await store.getEvents('s1'), [], 'its events');
      expectEqual(await store.getLatestSequence('s1'), 0, 'its counter');
      expectEqual(
        idsOf(await store.listRuns('s1/inner')),
        ['run of s1/inner'],
        'the runs of another session',
      );
      expectEqual(await store.getLatestSequence('s1/inner'), 3, 'the events of another session');
    },
  },
  'every-field-kept': {
    properties: [13, 14],
    why: 'A field that a store forgets is missed when it is needed.',
    async run({ store, mint }) {
      const session = sampleSession(mint, 'all', {
        metadata: {
          provider: 'claude',
          nested: { list: [1, 'two', null, { deep: true }] },
          unknown_key: '\u{1F600}',
        },
        context: { system: 'be brief', __proto__x: 1 },
        tags: ['pinned', 'a b', ''],
        parentSessionId: 'above',
        createdAt: '2026-01-02T03:04:05.123456Z',
        updatedAt: '2026-01-02T03:04:05.000001Z',
        deletedAt: '2026-02-02T00:00:00.999999Z',
      });
      await store.saveSession(session);
      expectEqual(plain(await store.getSession('all')), plain(session), 'the session');
    },
  },
  'ids-are-apart': {
    why: 'Ids that a store takes for the same would mix two people up.',
    async run({ store, mint }) {
      const ids = ['a', 'A', 'a/b', 'a%2Fb', 'a ', '\u00e9', 'e\u0301', '\u{1F600}'];
      for (const id of ids) await store.saveSession(sampleSession(mint, id, { agentId: `agent of ${id}` }));
      for (const id of ids)
        expectEqual((await store.getSession(id)).agentId, `agent of ${id}`, `session '${id}'`);
      expectEqual(sorted(idsOf(await store.listSessions())), sorted(ids), 'the sessions');
    },
  },
  'marked-stays-marked': {
    why: 'A copy that was made before a session was marked as deleted must not bring it back unseen.',
    async run({ store, mint }) {
      const copy = sampleSession(mint);
      const saved = await store.saveSession(copy);
      await store.saveSession({ ...saved, deletedAt: '2026-02-02T00:00:00.000000Z' });
      const marked = await store.getSession('s1');
      const stale = { ...copy, tags: ['new'] };
      await expectRefusal(store.saveSession(stale), InvalidOperationError, 'a copy from before the mark');
      await expectRefusal(
        store.saveSession({ ...saved, tags: ['new'] }),
        ConcurrentWriterError,
        'what was read before the mark',
      );
      expectTrue((await store.getSession('s1')).deletedAt !== null, 'the mark is there');
      await store.saveSession({ ...marked, deletedAt: null });
      expectTrue((await store.getSession('s1')).deletedAt === null, 'what was read since brings it back');
    },
  },
  'malformed-refused': {
    why: 'What cannot be read back must not be taken in.',
    async run({ store, mint }) {
      await expectRefusal(
        store.saveSession(sampleSession(mint, 'bad', { agentId: '' })),
        ValidationError,
        'a session of nobody',
      );
      expectEqual(await store.listSessions(), [], 'the sessions');
      await store.saveSession(sampleSession(mint));
      expectTrue((await store.listSessions()).length === 1, 'the store works afterwards');
    },
  },
});
