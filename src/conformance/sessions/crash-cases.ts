/**
 * Decides what a session store promises to whoever comes after a crash: a handle dies at its first write, its second, and so on until
 * it does all of them, and each time the next process finds all of a call or nothing of it.
 */
import { type ExecutionResult, type Mint, moveSession, type SessionStore } from '../../sessions/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { completedRun, numbersOf, sampleEvent, sampleEvents, sampleRun, sampleSession } from './samples.ts';
import {
  type SessionCase,
  type SessionContext,
  sessionCases,
  type SessionNeed,
  type SessionStorePlace,
} from './session-case.ts';

/** More writes than any call makes. */
const tooMany = 200;

function resultOf(mint: Mint): ExecutionResult {
  const events = [
    sampleEvent(mint, 'received', { runId: 'r1' }),
    sampleEvent(mint, 'completed', { type: 'run_completed', runId: 'r1', data: { stop_reason: 'end_turn' } }),
  ];
  return { session: moveSession(sampleSession(mint), 'active', mint), run: completedRun(mint), events };
}

/** Lets a handle die at every write in turn, and looks at what is left. Ends with the first that lives. */
async function atEveryWrite(
  context: SessionContext,
  work: (store: SessionStore) => Promise<unknown>,
  look: (store: SessionStore, isAnswered: boolean) => Promise<void>,
): Promise<void> {
  for (let n = 1; n <= tooMany; n += 1) {
    const place = await context.makePlace();
    const store = await preparedStore(place, context.mint);
    const dying = (await place.openDying?.(n)) ?? store;
    const isAnswered = await work(dying).then(
      () => true,
      () => false,
    );
    await look(context.store.capabilities.durability === 'memory' ? store : await place.reopen(), isAnswered);
    if (isAnswered) return;
  }
  expectTrue(false, `a call ends within ${tooMany} writes`);
}

async function preparedStore(place: SessionStorePlace, mint: Mint): Promise<SessionStore> {
  const store = await place.open();
  await store.saveSession(sampleSession(mint));
  await store.saveRun(sampleRun(mint));
  await store.appendEvent(sampleEvent(mint, 'before'));
  return store;
}

/** What a store does that writes one thing at a time: what was left is completed when it is sent again. */
function completedWhenSentAgain(send: (store: SessionStore, mint: Mint) => Promise<unknown>): SessionNeed {
  return {
    promise: 'atomicCommit',
    async refuses(context) {
      await atEveryWrite(
        context,
        async (store) => send(await known(store), context.mint),
        async (store) => {
          await send(await known(store), context.mint);
          expectEqual(numbersOf(await store.getEvents('s1')), [1, 2, 3], 'the events');
        },
      );
    },
  };
}

/** A handle that has seen the rows that it is to replace. */
async function known(store: SessionStore): Promise<SessionStore> {
  await store.getSession('s1');
  await store.getRun('r1');
  return store;
}

export const crashCases: readonly SessionCase[] = sessionCases('crash', {
  'batch-is-whole': {
    why: 'Half of a turn cannot be told from a turn that went wrong.',
    needs: completedWhenSentAgain((store, mint) => store.appendEvents(fixedEvents(mint))),
    async run(context) {
      const events = sampleEvents(context.mint, 4);
      await atEveryWrite(
        context,
        (store) => store.appendEvents(events),
        async (store, isAnswered) => {
          const found = numbersOf(await store.getEvents('s1'));
          expectTrue(
            found.length === 5 || (found.length === 1 && !isAnswered),
            `all or nothing, and not ${found.length}`,
          );
          expectEqual(numbersOf(await store.appendEvents(events)), [2, 3, 4, 5], 'the batch sent again');
        },
      );
    },
  },
  'flush-is-whole': {
    properties: [60],
    why: 'The end of a run and its last events must not disagree after a crash.',
    needs: completedWhenSentAgain((store, mint) =>
      store.flush({ ...resultOf(mint), events: fixedEvents(mint) }),
    ),
    async run(context) {
      const result = resultOf(context.mint);
      await atEveryWrite(
        context,
        async (store) => (await known(store)).flush(result),
        async (store, isAnswered) => {
          const { status } = await store.getRun('r1');
          const session = await store.getSession('s1');
          const events = await store.getEvents('s1');
          const found = [status, session.status, events.length];
          const isWhole = status === 'completed';
          expectEqual(
            found,
            isWhole ? ['completed', 'active', 3] : ['pending', 'pending', 1],
            'what is there',
          );
          expectTrue(isWhole || !isAnswered, 'what was answered is there');
          await store.flush(result);
          expectEqual(
            (await store.getRun('r1')).status,
            'completed',
            'the run after the flush is sent again',
          );
          expectEqual(numbersOf(await store.getEvents('s1')), [1, 2, 3], 'the events after it');
        },
      );
    },
  },
  'session-is-removed-as-a-whole': {
    why: 'Events without their session are orphans that nobody removes any more.',
    needs: {
      promise: 'atomicCommit',
      async refuses(context) {
        await atEveryWrite(
          context,
          (store) => store.deleteSession('s1'),
          async (store) => {
            await store.deleteSession('s1');
            expectEqual(await store.listSessions(), [], 'the sessions after the removal is asked for again');
            expectEqual(await store.getEvents('s1'), [], 'the events after it');
          },
        );
      },
    },
    async run(context) {
      await atEveryWrite(
        context,
        (store) => store.deleteSession('s1'),
        async (store, isAnswered) => {
          const left = [
            (await store.listSessions()).length,
            (await store.listRuns('s1')).length,
            (await store.getEvents('s1')).length,
          ];
          expectTrue(
            left.every((count) => count === 0) || (left.every((count) => count === 1) && !isAnswered),
            `all or nothing, and not ${left.join(', ')}`,
          );
        },
      );
    },
  },
});

/** The same two each time, so that sending again is sending the same. */
function fixedEvents(mint: Mint) {
  const timestamp = '2026-01-01T00:00:00.000000Z';
  return ['e1', 'e2'].map((id) => sampleEvent(mint, id, { timestamp }));
}
