/** Cases of detaching: a fork takes its past along, and nobody can tell from reading it. */
import { DuplicateEventError } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { forkAt, otherEvents } from './fork-cases.ts';
import {
  appendAt,
  asStored,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';
import { wholeCommits } from './whole-commits.ts';

export const detachCases = storeCases('detach', {
  'keeps-history': {
    why: 'The head hash proves that nothing was changed on the way.',
    needs: wholeCommits((store) => store.detach('f')),
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await forkAt(store, 'a', 3, 'b');
      await appendAt(store, 'b', 3, otherEvents(4, 2));
      await forkAt(store, 'b', 5, 'c');
      await appendAt(store, 'c', 5, sampleEvents(6, 2));
      const before = await readAll(store, 'c', { hashes: true });
      const head = await store.head('c');
      const made = await store.detach('c');
      expectEqual([made.parent, made.lineage, made.head], [null, [], head], 'what detach hands back');
      expectEqual(await store.info('c'), made, 'info');
      expectEqual(await readAll(store, 'c', { hashes: true }), before, 'events with hashes');
    },
  },
  'without-own-events': {
    why: 'A fork that has not written yet is detached like any other.',
    needs: wholeCommits((store) => store.detach('f')),
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await forkAt(store, 'a', 2, 'f');
      await store.detach('f');
      expectEqual(await readAll(store, 'f'), asStored(sampleEvents(1, 2)), 'events');
    },
  },
  'again-changes-nothing': {
    why: 'A call whose answer was lost is made again.',
    needs: wholeCommits(async (store) => {
      const own = await store.info('a');
      expectEqual(await store.detach('a'), own, 'a log of its own');
      await store.detach('f');
    }),
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await forkAt(store, 'a', 2, 'f');
      const first = await store.detach('f');
      expectEqual(await store.detach('f'), first, 'the second time');
      const own = await store.info('a');
      expectEqual(await store.detach('a'), own, 'a log of its own');
      expectEqual((await readAll(store, 'a')).length, 3, 'its events');
    },
  },
  'children-still-read': {
    why: 'Forks of the detached fork have their own pointers, which must stay right.',
    needs: wholeCommits((store) => store.detach('f')),
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await forkAt(store, 'a', 2, 'b');
      await appendAt(store, 'b', 2, otherEvents(3, 2));
      await forkAt(store, 'b', 3, 'c');
      const before = await readAll(store, 'c', { hashes: true });
      await store.detach('b');
      expectEqual(await readAll(store, 'c', { hashes: true }), before, 'events of the child');
      const made = await forkAt(store, 'b', 1, 'd');
      expectEqual(made.lineage, [{ logId: 'b', toSeq: 1 }], 'the lineage of a new fork');
      expectEqual(await readAll(store, 'd'), asStored(sampleEvents(1, 1)), 'its events');
    },
  },
  'goes-on': {
    why: 'A detached run is written like any other, and its old ids stay taken.',
    needs: wholeCommits((store) => store.detach('f')),
    async run({ store }) {
      await store.create(sampleLog('a'));
      await appendAt(store, 'a', 0, [sampleEvent(1), sampleEvent(2, { id: 'odd' })]);
      await forkAt(store, 'a', 2, 'f');
      await store.detach('f');
      await expectRefusal(
        appendAt(store, 'f', 2, [sampleEvent(3, { id: 'odd' })]),
        DuplicateEventError,
        'an old id',
      );
      expectEqual((await store.get('f', 'odd'))?.seq, 2, 'get an old id');
      expectEqual((await appendAt(store, 'f', 2, otherEvents(3, 2))).seq, 4, 'the head');
    },
  },
});
