/**
 * Cases of durability. A store that promises it has everything after it was opened again; one that lives in memory has
 * nothing, and does not pretend.
 */
import type { LogStore } from '../../log/index.ts';
import { expectEqual } from '../expect.ts';
import { forkAt, otherEvents } from './fork-cases.ts';
import { appendAt, filledLog, readAll, sampleEvent, sampleEvents, sampleLog } from './sample-log.ts';
import { storeCases, type StoreContext } from './store-case.ts';

/** Looks at the store, opens it again, and compares; a store in memory has to be empty instead. */
async function comparesReopened(
  { store, place }: StoreContext,
  look: (handle: LogStore) => Promise<unknown>,
): Promise<LogStore | null> {
  const before = await look(store);
  const reopened = await place.reopen();
  if (reopened.capabilities.durability === 'memory') {
    expectEqual(await reopened.logs(), [], 'the logs of a store in memory that was opened again');
    return null;
  }
  expectEqual(await look(reopened), before, 'what was there before');
  return reopened;
}

export const reopenCases = storeCases('reopen', {
  'events-are-there': {
    why: 'The log is the run: without it there is nothing to resume.',
    async run(context) {
      await filledLog(context.store, 'a', 300);
      await comparesReopened(context, async (store) => [
        await store.head('a'),
        await readAll(store, 'a', { hashes: true }),
        await store.get('a', 'evt_007'),
      ]);
    },
  },
  'goes-on': {
    why: 'The chain and the ids continue where they were.',
    async run(context) {
      await context.store.create(sampleLog('a'));
      await appendAt(context.store, 'a', 0, [sampleEvent(1, { id: 'evt_003' }), sampleEvent(2)]);
      const reopened = await comparesReopened(context, (store) => readAll(store, 'a'));
      if (reopened === null) return;
      expectEqual((await appendAt(reopened, 'a', 2, [sampleEvent(3, { id: 'evt_001' })])).seq, 3, 'the head');
      expectEqual((await reopened.get('a', 'evt_003'))?.seq, 1, 'an id at another place');
    },
  },
  'forks-are-there': {
    why: 'A fork without its pointer is a run without a past.',
    async run(context) {
      await filledLog(context.store, 'a', 3);
      await forkAt(context.store, 'a', 2, 'f');
      await appendAt(context.store, 'f', 2, otherEvents(3, 2));
      const reopened = await comparesReopened(context, async (store) => [
        await store.logs(),
        await readAll(store, 'f', { hashes: true }),
      ]);
      if (reopened !== null)
        expectEqual((await reopened.detach('f')).head.seq, 4, 'the head of the detached fork');
    },
  },
  'records-are-there': {
    why: 'An answer that was paid for is a record until it becomes an event.',
    async run(context) {
      const write = {
        kind: 'answer',
        id: 'a/evt_001',
        expectedVersion: 'any',
        value: '{"text":1.0}',
      } as const;
      await context.store.commit([], [write]);
      await context.store.commit([], [write]);
      await comparesReopened(context, (store) => store.records('answer', 'a/'));
    },
  },
  'epochs-are-there': {
    why: 'A writer from before the restart must still be fenced.',
    async run(context) {
      await filledLog(context.store, 'a', 0);
      const { epoch } = await context.store.acquire('a');
      await appendAt(context.store, 'a', 0, sampleEvents(1, 1), epoch);
      const reopened = await comparesReopened(context, async (store) => (await store.info('a'))?.epoch);
      if (reopened === null) return;
      expectEqual((await reopened.acquire('a')).epoch, 2, 'the next epoch, at once');
    },
  },
  'store-id-is-there': {
    why: 'A cursor names the store it came from.',
    async run(context) {
      await filledLog(context.store, 'a', 1);
      await comparesReopened(context, async (store) =>
        store.capabilities.durability === 'memory' ? 'any' : store.storeId,
      );
    },
  },
});
