/** Cases of closing: nothing of a store runs after its close, and nothing that was asked for before is lost. */
import { type LogStore, StoreClosedError } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import {
  appendAt,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
  sampleTime,
  seqsOf,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';

function everyCall(store: LogStore): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    create: () => store.create(sampleLog('x')),
    fork: () => store.fork({ parent: 'a', atSeq: 1, id: 'f', label: null, createdAt: sampleTime }),
    detach: () => store.detach('a'),
    info: () => store.info('a'),
    head: () => store.head('a'),
    logs: () => store.logs(),
    commit: () => appendAt(store, 'a', 2, [sampleEvent(3)]),
    'commit of nothing': () => store.commit([]),
    read: () => readAll(store, 'a'),
    get: () => store.get('a', 'evt_001'),
    tail: async () => store.tail()[Symbol.asyncIterator]().next(),
    record: () => store.record('k', 'x'),
    records: () => store.records('k', ''),
    ...(store.recordBefore === undefined ? {} : { recordBefore: async () => store.recordBefore?.('k', 'x') }),
    acquire: () => store.acquire('a'),
    renew: () => store.renew(),
    release: () => store.release({ logId: 'a', epoch: 1 }),
  };
}

export const closeCases = storeCases('close', {
  'every-call-refused': {
    why: 'A closed file can be moved or deleted: whoever still writes has to hear of it.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      await filledLog(store, 'a', 2);
      await store.close();
      for (const [name, call] of Object.entries(everyCall(store))) {
        await expectRefusal(call(), StoreClosedError, name);
      }
      expectEqual(await seqsOf(other, 'a'), [1, 2], 'the log, seen by another handle');
    },
  },
  'refused-while-closing': {
    why: 'The close that has begun does not take in new work.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      const closing = store.close();
      for (const [name, call] of Object.entries(everyCall(store))) {
        await expectRefusal(call(), StoreClosedError, `${name} while closing`);
      }
      await closing;
    },
  },
  'waits-for-commits': {
    why: 'A program that ends has asked for its last events to be stored.',
    async run({ store, place }) {
      const other = await place.otherHandle();
      await filledLog(store, 'a', 0);
      const work = sampleEvents(1, 20).map((event, index) => appendAt(store, 'a', index, [event]));
      await store.close();
      const heads = await Promise.all(work);
      expectEqual(heads.at(-1)?.seq, 20, 'the last answer');
      expectEqual((await other.head('a')).seq, 20, 'the head, seen by another handle');
    },
  },
  twice: {
    why: 'Two parts of a program may both see to it.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      await Promise.all([store.close(), store.close()]);
      await store.close();
    },
  },
  'ends-a-reader': {
    why: 'A reader in the middle of a log must not be told that the log ends there.',
    async run({ store }) {
      await filledLog(store, 'a', 9000);
      const read = async (): Promise<void> => {
        for await (const page of store.read('a')) if (page[0]?.seq === 1) await store.close();
      };
      await expectRefusal(read(), StoreClosedError, 'the next page');
    },
  },
});
