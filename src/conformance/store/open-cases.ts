/** Cases of opening: a store says who it is and what it promises, and a new one is empty. */
import { expectEqual, expectTrue } from '../expect.ts';
import { filledLog } from './sample-log.ts';
import { storeCases } from './store-case.ts';

export const openCases = storeCases('open', {
  'store-id': {
    why: 'Cursors and copies name the store they belong to: two handles on one store must agree.',
    async run({ place, store }) {
      const other = await place.otherHandle();
      expectTrue(store.storeId.length > 0, 'a store has an id');
      expectEqual(other.storeId, store.storeId, 'another handle has the same store id');
    },
  },
  'capabilities-declared': {
    why: 'A runtime tells its user what a commit survives; it can only repeat what the store says.',
    async run({ store }) {
      const { durability, shared } = store.capabilities;
      expectTrue(['memory', 'process', 'power'].includes(durability), 'durability is one of three words');
      expectEqual(typeof shared, 'boolean', 'shared is yes or no');
    },
  },
  'new-store-is-empty': {
    why: 'What stands in a store that nobody has written to would be taken for a run.',
    async run({ store }) {
      expectEqual(await store.logs(), [], 'logs');
      expectEqual(await store.info('anything'), undefined, 'info of a run that is not there');
      expectEqual(await store.records('answer', ''), [], 'records');
      expectEqual(await store.record('answer', 'x'), undefined, 'a record that is not there');
    },
  },
  'two-handles-one-store': {
    why: 'A reader that opens the store beside the writer must see the same runs.',
    async run({ place, store }) {
      await filledLog(store, 'a', 3);
      const other = await place.otherHandle();
      expectEqual((await other.head('a')).seq, 3, 'head through the other handle');
    },
  },
});
