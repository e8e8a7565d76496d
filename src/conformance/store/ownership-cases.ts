/** Cases of ownership: one writer a run, and whoever slept through a takeover is refused. */
import { FencedError, type LogStore, RunOwnedError } from '../../log/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import { appendAt, filledLog, sampleEvent, sampleEvents, sampleLog, seqsOf } from './sample-log.ts';
import { storeCases } from './store-case.ts';

async function ownedLog(store: LogStore): Promise<number> {
  await filledLog(store, 'a', 0);
  return (await store.acquire('a')).epoch;
}

export const ownershipCases = storeCases('owner', {
  'first-epoch': {
    why: 'Epochs count takeovers, so that every writer has a number of its own.',
    async run({ store }) {
      await filledLog(store, 'a', 0);
      expectEqual(await store.acquire('a'), { logId: 'a', epoch: 1 }, 'the lease');
      const info = await store.info('a');
      expectEqual(info?.epoch, 1, 'the epoch in the info');
      const owner = info?.owner;
      expectTrue(owner !== null && owner !== undefined && owner.owner.length > 0, 'the info names the owner');
      expectTrue(owner.expiresAt > owner.startedAt, 'its lease ends after it began');
      expectEqual((await appendAt(store, 'a', 0, sampleEvents(1, 2), 1)).seq, 2, 'the owner writes');
    },
  },
  'held-run-refused': {
    why: 'Two writers would interleave decisions that were made without knowing of each other.',
    async run({ store, place }) {
      await ownedLog(store);
      const other = await place.otherHandle();
      const error = await expectRefusal(other.acquire('a'), RunOwnedError, 'another handle');
      expectEqual(error.context['owner'], (await store.info('a'))?.owner?.owner, 'the owner in the error');
      await expectRefusal(store.acquire('a'), RunOwnedError, 'the same handle');
      expectEqual((await store.info('a'))?.epoch, 1, 'the epoch');
    },
  },
  'released-run-taken': {
    why: 'A run is handed on when its writer has finished.',
    async run({ store, place }) {
      const epoch = await ownedLog(store);
      await store.release({ logId: 'a', epoch });
      expectEqual((await store.info('a'))?.owner, null, 'the owner after the release');
      const other = await place.otherHandle();
      expectEqual((await other.acquire('a')).epoch, 2, 'the next epoch');
      await expectRefusal(appendAt(store, 'a', 0, [sampleEvent(1)], epoch), FencedError, 'the old writer');
    },
  },
  'closed-handle-frees': {
    why: 'The next process goes on at once when the first has ended in good order.',
    async run({ place }) {
      const first = await place.otherHandle();
      await ownedLog(first);
      const second = await place.otherHandle();
      await first.close();
      expectEqual((await second.acquire('a')).epoch, 2, 'the next epoch');
    },
  },
  'ended-lease-taken': {
    why: 'A process that hangs must not hold its runs for ever.',
    async run({ store, place }) {
      await ownedLog(store);
      const other = await place.otherHandle();
      await place.passTime(place.leaseMs - 1);
      await expectRefusal(other.acquire('a'), RunOwnedError, 'just before the end');
      await place.passTime(2);
      expectEqual((await other.acquire('a')).epoch, 2, 'the next epoch');
    },
  },
  'paused-writer-fenced': {
    why: 'It wakes up and writes what it had decided; its successor has decided otherwise since.',
    async run({ store, place }) {
      const epoch = await ownedLog(store);
      await appendAt(store, 'a', 0, sampleEvents(1, 2), epoch);
      const other = await place.otherHandle();
      await place.passTime(place.leaseMs + 1);
      const lease = await other.acquire('a');
      const error = await expectRefusal(
        appendAt(store, 'a', 2, [sampleEvent(3)], epoch),
        FencedError,
        'its place is right',
      );
      expectEqual([error.context['epoch'], error.context['actual_epoch']], [1, 2], 'epochs in the error');
      await expectRefusal(appendAt(store, 'a', 'any', [sampleEvent(3)], epoch), FencedError, 'any place');
      await appendAt(other, 'a', 2, [sampleEvent(3, { actor: 'successor' })], lease.epoch);
      expectEqual(await seqsOf(store, 'a'), [1, 2, 3], 'places');
      expectEqual((await store.get('a', 'evt_003'))?.actor, 'successor', 'who wrote the third');
    },
  },
  'renewed-lease-held': {
    why: 'A runtime that waits for a slow model is alive.',
    async run({ store, place }) {
      await ownedLog(store);
      const other = await place.otherHandle();
      for (let step = 0; step < 3; step += 1) {
        await place.passTime(place.leaseMs - 1);
        await store.renew();
      }
      await expectRefusal(other.acquire('a'), RunOwnedError, 'after three renewals');
    },
  },
  'commit-renews': {
    why: 'A writer that writes is alive, whatever its timers do.',
    async run({ store, place }) {
      const epoch = await ownedLog(store);
      const other = await place.otherHandle();
      for (let seq = 1; seq <= 3; seq += 1) {
        await place.passTime(place.leaseMs - 1);
        await appendAt(store, 'a', seq - 1, [sampleEvent(seq)], epoch);
      }
      await expectRefusal(other.acquire('a'), RunOwnedError, 'after three commits');
    },
  },
  'lapsed-lease-comes-back': {
    why: 'The epoch fences; the lease only says who may take over. A lease that nobody took costs nobody anything.',
    async run({ store, place }) {
      const epoch = await ownedLog(store);
      const other = await place.otherHandle();
      await other.create(sampleLog('b'));
      await place.passTime(place.leaseMs + 1);
      await appendAt(other, 'b', 0, [sampleEvent(1)]);
      expectEqual((await appendAt(store, 'a', 0, [sampleEvent(1)], epoch)).seq, 1, 'the head');
      await expectRefusal(other.acquire('a'), RunOwnedError, 'after the append');
    },
  },
  'unowned-run-takes-no-epoch': {
    why: 'Without owners there is no number to show; the first owner ends that.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      await expectRefusal(
        appendAt(store, 'a', 1, [sampleEvent(2)], 1),
        FencedError,
        'an epoch that nobody has',
      );
      const { epoch } = await store.acquire('a');
      await expectRefusal(appendAt(store, 'a', 1, [sampleEvent(2)], null), FencedError, 'no epoch');
      await expectRefusal(
        appendAt(store, 'a', 1, [sampleEvent(2)], epoch + 1),
        FencedError,
        'an epoch to come',
      );
      await store.release({ logId: 'a', epoch });
      await expectRefusal(
        appendAt(store, 'a', 1, [sampleEvent(2)], null),
        FencedError,
        'no epoch after the release',
      );
      expectEqual((await store.head('a')).seq, 1, 'the head');
    },
  },
  'late-release-changes-nothing': {
    why: 'A replaced writer that shuts down must not free the run of its successor.',
    async run({ store, place }) {
      const epoch = await ownedLog(store);
      const other = await place.otherHandle();
      await place.passTime(place.leaseMs + 1);
      await other.acquire('a');
      await store.release({ logId: 'a', epoch });
      expectTrue((await other.info('a'))?.owner !== null, 'the successor still owns it');
      await expectRefusal(store.acquire('a'), RunOwnedError, 'the old writer');
    },
  },
  'session-takes-everybody': {
    why: 'Several programs report into one session; an execution of it is owned through its own record.',
    async run({ store, place }) {
      await store.create(sampleLog('s', { kind: 'session' }));
      const { epoch } = await store.acquire('s');
      const other = await place.otherHandle();
      await appendAt(other, 's', 'any', [sampleEvent(1, { id: 'x' })], null);
      await appendAt(store, 's', 'any', [sampleEvent(1, { id: 'y' })], epoch);
      await expectRefusal(
        appendAt(store, 's', 'any', [sampleEvent(1, { id: 'z' })], 7),
        FencedError,
        'a wrong epoch',
      );
      expectEqual(await seqsOf(store, 's'), [1, 2], 'places');
    },
  },
});
