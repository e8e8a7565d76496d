/**
 * Cases of durability. A store that promises it has everything after it was opened again; one that lives in memory has
 * nothing, and does not pretend.
 */
import type { LogStore } from '../../log/index.ts';
import { expectEqual } from '../expect.ts';
import { forkAt, otherEvents } from './fork-cases.ts';
import { appendAt, filledLog, readAll, sampleEvent, sampleEvents, sampleLog } from './sample-log.ts';
import { storeCases, type StoreCase } from './store-case.ts';

interface Durable {
  readonly why: string;
  /** What is written before the store is opened again. */
  readonly write: (store: LogStore) => Promise<void>;
  /** What has to be the same afterwards. */
  readonly look: (store: LogStore) => Promise<unknown>;
  /** What can be done with it then. */
  readonly goOn?: (reopened: LogStore) => Promise<void>;
}

function durableCases(cases: Readonly<Record<string, Durable>>): readonly StoreCase[] {
  const bodies = Object.entries(cases).map(
    ([name, { why, write, look, goOn }]) =>
      [
        name,
        {
          why,
          async run({ store, place }: Parameters<StoreCase['run']>[0]) {
            await write(store);
            const before = await look(store);
            const reopened = await place.reopen();
            expectEqual(await look(reopened), before, 'what was there before');
            await goOn?.(reopened);
          },
          needs: {
            promise: 'durability' as const,
            async refuses({ store, place }: Parameters<StoreCase['run']>[0]) {
              await write(store);
              const reopened = await place.reopen();
              expectEqual(await reopened.logs(), [], 'the logs of a store in memory that was opened again');
              expectEqual(await reopened.records('answer', ''), [], 'its records');
            },
          },
        },
      ] as const,
  );
  return storeCases('reopen', Object.fromEntries(bodies));
}

export const reopenCases = durableCases({
  'events-are-there': {
    why: 'The log is the run: without it there is nothing to resume.',
    async write(store) {
      await filledLog(store, 'a', 300);
    },
    look: async (store) => [
      await store.head('a'),
      await readAll(store, 'a', { hashes: true }),
      await store.get('a', 'evt_007'),
    ],
  },
  'goes-on': {
    why: 'The chain and the ids continue where they were.',
    async write(store) {
      await store.create(sampleLog('a'));
      await appendAt(store, 'a', 0, [sampleEvent(1, { id: 'evt_003' }), sampleEvent(2)]);
    },
    look: (store) => readAll(store, 'a'),
    async goOn(reopened) {
      expectEqual((await appendAt(reopened, 'a', 2, [sampleEvent(3, { id: 'evt_001' })])).seq, 3, 'the head');
      expectEqual((await reopened.get('a', 'evt_003'))?.seq, 1, 'an id at another place');
    },
  },
  'forks-are-there': {
    why: 'A fork without its pointer is a run without a past.',
    async write(store) {
      await filledLog(store, 'a', 3);
      await forkAt(store, 'a', 2, 'f');
      await appendAt(store, 'f', 2, otherEvents(3, 2));
    },
    look: async (store) => [await store.logs(), await readAll(store, 'f', { hashes: true })],
    async goOn(reopened) {
      expectEqual((await appendAt(reopened, 'f', 4, otherEvents(5, 1))).seq, 5, 'the head of the fork');
    },
  },
  'records-are-there': {
    why: 'An answer that was paid for is a record until it becomes an event.',
    async write(store) {
      const write = {
        kind: 'answer',
        id: 'a/evt_001',
        expectedVersion: 'any',
        value: '{"text":1.0}',
      } as const;
      await store.commit([], [write]);
      await store.commit([], [write]);
    },
    look: (store) => store.records('answer', 'a/'),
  },
  'removed-records-are-gone': {
    why: 'An answer that came back from the dead would be taken for a second one.',
    async write(store) {
      const write = { kind: 'answer', id: 'a/evt_001', expectedVersion: 'any' } as const;
      await store.commit([], [{ ...write, value: '1' }]);
      await store.commit([], [{ ...write, value: null }]);
    },
    look: (store) => store.records('answer', ''),
    async goOn(reopened) {
      expectEqual(await reopened.record('answer', 'a/evt_001'), undefined, 'the removed record');
    },
  },
  'epochs-are-there': {
    why: 'A writer from before the restart must still be fenced.',
    async write(store) {
      await filledLog(store, 'a', 0);
      const { epoch } = await store.acquire('a');
      await appendAt(store, 'a', 0, sampleEvents(1, 1), epoch);
    },
    look: async (store) => (await store.info('a'))?.epoch,
    async goOn(reopened) {
      expectEqual((await reopened.acquire('a')).epoch, 2, 'the next epoch, at once');
    },
  },
  'store-id-is-there': {
    why: 'A cursor names the store it came from.',
    async write(store) {
      await filledLog(store, 'a', 1);
    },
    look: async (store) => store.storeId,
  },
  'order-of-logs-is-there': {
    why: 'The newest run is found by order; after a restart it must be the same run.',
    async write(store) {
      for (const id of ['c', 'a', 'b']) await filledLog(store, id, 1);
    },
    look: async (store) => (await store.logs()).map(({ id }) => id),
    async goOn(reopened) {
      await reopened.create(sampleLog('0'));
      expectEqual(
        (await reopened.logs({ after: 'b' })).map(({ id }) => id),
        ['0'],
        'a log made afterwards',
      );
    },
  },
});
