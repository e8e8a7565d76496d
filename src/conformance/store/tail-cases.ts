/** Cases of following: who follows a store, or one log of it, sees each event once, in order, soon, and until it has had enough. */
import {
  type EventRow,
  InvalidCursorError,
  type LogStore,
  RunNotFoundError,
  StoreClosedError,
  type TailOptions,
} from '../../log/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import { forkAt, otherEvents } from './fork-cases.ts';
import {
  appendAt,
  chainOf,
  filledLog,
  sampleEvent,
  sampleEvents,
  sampleLog,
  sampleTime,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';
import { wholeCommits } from './whole-commits.ts';

interface Followed {
  /** Log and place of each event, in the order of arrival. */
  readonly places: string[];
  readonly cursor: string;
}

/** Follows until `count` events are in, then closes the tail. */
async function followed(store: LogStore, count: number, options?: TailOptions): Promise<Followed> {
  const places: string[] = [];
  let cursor = options?.after ?? '';
  for await (const page of store.tail(options)) {
    places.push(...page.events.map(({ logId, event }) => `${logId} ${event.seq}`));
    cursor = page.cursor;
    if (places.length >= count) break;
  }
  return { places, cursor };
}

function placesOf(logId: string, first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${logId} ${first + index}`);
}

/** The places of one log among those of several. */
function only(logId: string, places: readonly string[]): string[] {
  return places.filter((place) => place.startsWith(`${logId} `));
}

async function end(store: LogStore, options?: TailOptions): Promise<void> {
  for await (const page of store.tail(options)) expectTrue(page.events.length > 0, 'a page holds events');
}

export const tailCases = [
  ...storeCases('tail', {
    'past-first': {
      why: 'Who begins to follow has to have what happened before, or its picture has a hole from the start.',
      async run({ store, sha256 }) {
        const events = await filledLog(store, 'a', 3);
        await filledLog(store, 'b', 2);
        const { places } = await followed(store, 5);
        expectEqual(only('a', places), placesOf('a', 1, 3), 'places of one log');
        expectEqual(only('b', places), placesOf('b', 1, 2), 'places of the other');
        for await (const { events: page } of store.tail({ logId: 'a' })) {
          const last = page.at(-1)?.event;
          expectEqual(
            last,
            { ...sampleEvent(3), seq: 3, hash: chainOf(events, sha256) },
            'the event as it is stored',
          );
          break;
        }
      },
    },
    'live-append-seen': {
      why: 'A screen that shows a run has to show what happens now.',
      async run({ store }) {
        await filledLog(store, 'a', 1);
        const pages = store.tail()[Symbol.asyncIterator]();
        const first = await pages.next();
        expectEqual(first.done === true ? 0 : first.value.events.length, 1, 'what was there');
        const next = pages.next();
        await appendAt(store, 'a', 1, [sampleEvent(2)]);
        const second = await next;
        const seqs = second.done === true ? [] : second.value.events.map(({ event }) => event.seq);
        expectEqual(seqs, [2], 'what was appended while it waited');
        await pages.return?.();
      },
    },
    'seen-through-another-handle': {
      why: 'Whoever follows is seldom the process that writes.',
      async run({ store, place }) {
        const other = await place.otherHandle();
        await filledLog(store, 'a', 0);
        const work = followed(other, 20);
        for (let seq = 0; seq < 20; seq += 1) await appendAt(store, 'a', seq, [sampleEvent(seq + 1)]);
        expectEqual((await work).places, placesOf('a', 1, 20), 'places');
      },
    },
    'resumed-loses-and-repeats-nothing': {
      why: 'A follower that was restarted goes on where it was, or it counts twice, or not at all.',
      async run({ store, place }) {
        await filledLog(store, 'a', 4);
        await filledLog(store, 'b', 3);
        const first = await followed(store, 7);
        await appendAt(store, 'b', 3, sampleEvents(4, 2));
        const other = await place.otherHandle();
        const second = await followed(other, 2, { after: first.cursor });
        expectEqual(second.places, placesOf('b', 4, 2), 'what came since');
        await appendAt(store, 'a', 4, [sampleEvent(5)]);
        expectEqual(
          (await followed(other, 1, { after: second.cursor })).places,
          ['a 5'],
          'what came after that',
        );
        expectEqual(
          (await followed(other, 1, { after: first.cursor })).places[0],
          'b 4',
          'an older cursor again',
        );
      },
    },
    'every-page-has-a-cursor': {
      why: 'A follower stores its place with each page; at every one of them it can be killed.',
      async run({ store }) {
        await filledLog(store, 'a', 2500);
        const seen: string[] = [];
        let after: string | undefined;
        for (let step = 0; seen.length < 2500 && step < 2500; step += 1) {
          const one = await followed(store, 1, after === undefined ? {} : { after });
          after = one.cursor;
          seen.push(...one.places);
        }
        expectEqual(seen, placesOf('a', 1, 2500), 'all pages, each from a tail of its own');
      },
    },
    'one-log-alone': {
      why: 'Who follows one run must not be woken, or filled, by all others.',
      async run({ store }) {
        await filledLog(store, 'a', 2);
        await filledLog(store, 'b', 2);
        const first = await followed(store, 2, { logId: 'b' });
        expectEqual(first.places, placesOf('b', 1, 2), 'what was there');
        await appendAt(store, 'a', 2, [sampleEvent(3)]);
        await appendAt(store, 'b', 2, [sampleEvent(3)]);
        const second = await followed(store, 1, { logId: 'b', after: first.cursor });
        expectEqual(second.places, ['b 3'], 'what came since');
      },
    },
    'from-the-end': {
      why: 'Who wants to know what happens now must not read a million events first.',
      async run({ store }) {
        await filledLog(store, 'a', 3);
        for (const options of [{ from: 'end' }, { from: 'end', logId: 'a' }] as const) {
          const before = (await store.head('a')).seq;
          const pages = store.tail(options)[Symbol.asyncIterator]();
          const next = pages.next();
          const nothing = (): Promise<null> => Promise.resolve(null);
          // Nobody can say when the tail has begun: something happens until it has seen some of it.
          let page: Awaited<typeof next> | null = null;
          for (let seq = before; page === null; seq += 1) {
            await appendAt(store, 'a', seq, [sampleEvent(seq + 1)]);
            page = await Promise.race([next, nothing()]);
          }
          const seqs = page.done === true ? [] : page.value.events.map(({ event }) => event.seq);
          expectTrue((seqs[0] ?? 0) > before, `the first event stands behind place ${before}`);
          await pages.return?.();
        }
      },
    },
    'own-events-of-a-fork': {
      why: 'A fork shares its past: who follows the store has had those events when they happened.',
      async run({ store }) {
        await filledLog(store, 'a', 3);
        await forkAt(store, 'a', 2, 'f');
        await appendAt(store, 'f', 2, otherEvents(3, 2));
        expectEqual((await followed(store, 2, { logId: 'f' })).places, placesOf('f', 3, 2), 'the fork alone');
        const whole = await followed(store, 5);
        expectEqual(only('f', whole.places), placesOf('f', 3, 2), 'the fork among all');
      },
    },
    'detached-past-is-no-news': {
      why: 'A fork that takes its past with it copies events that were news when they happened.',
      needs: wholeCommits((store) => store.detach('f')),
      async run({ store }) {
        await filledLog(store, 'a', 3);
        await forkAt(store, 'a', 2, 'f');
        await appendAt(store, 'f', 2, otherEvents(3, 2));
        const whole = await followed(store, 5);
        await store.detach('f');
        await appendAt(store, 'f', 4, otherEvents(5, 1));
        expectEqual(
          (await followed(store, 1, { after: whole.cursor })).places,
          ['f 5'],
          'after it took its past with it',
        );
        expectEqual((await followed(store, 6)).places.length, 6, 'all, from the beginning');
      },
    },
    'first-events-of-a-fork-seen': {
      why: 'What a fork is born with is appended with it, and is news like everything else.',
      needs: wholeCommits((store) =>
        store.fork({
          parent: 'a',
          atSeq: 1,
          id: 'g',
          label: null,
          createdAt: sampleTime,
          events: otherEvents(2, 2),
        }),
      ),
      async run({ store }) {
        await filledLog(store, 'a', 2);
        const { cursor } = await followed(store, 2);
        const work = followed(store, 2, { after: cursor });
        await store.fork({
          parent: 'a',
          atSeq: 1,
          id: 'f',
          label: null,
          createdAt: sampleTime,
          events: otherEvents(2, 2),
        });
        expectEqual((await work).places, placesOf('f', 2, 2), 'places');
      },
    },
    'many-writers-each-in-order': {
      why: 'A later commit may be there first; an earlier one must not be passed over for it.',
      async run({ store, place }) {
        const other = await place.otherHandle();
        const logs = ['a', 'b', 'c', 'd'];
        for (const logId of logs) await store.create(sampleLog(logId));
        const count = 15;
        const write = async (logId: string, index: number): Promise<void> => {
          const handle = index % 2 === 0 ? store : other;
          for (let seq = 0; seq < count; seq += 1) await appendAt(handle, logId, seq, [sampleEvent(seq + 1)]);
        };
        const work = followed(other, logs.length * count);
        await Promise.all(logs.map(write));
        const { places } = await work;
        expectEqual(places.length, logs.length * count, 'the number of events');
        for (const logId of logs)
          expectEqual(only(logId, places), placesOf(logId, 1, count), `places of ${logId}`);
      },
    },
    'session-fields-kept': {
      why: 'A session is followed for what its programs report.',
      async run({ store }) {
        const event: EventRow = sampleEvent(1, { id: '01J', runId: 'x', provider: 'p', metadata: '{}' });
        await store.create(sampleLog('s', { kind: 'session' }));
        await appendAt(store, 's', 'any', [event]);
        for await (const { events } of store.tail()) {
          const found = events[0]?.event;
          expectEqual([found?.runId, found?.provider, found?.metadata], ['x', 'p', '{}'], 'its fields');
          break;
        }
      },
    },
  }),
  ...storeCases('tail-end', {
    'closed-iterator': {
      why: 'Who has had enough must be able to go while nothing happens.',
      async run({ store }) {
        await filledLog(store, 'a', 1);
        for (const options of [{}, { logId: 'a' }]) {
          const pages = store.tail(options)[Symbol.asyncIterator]();
          await pages.next();
          const waiting = pages.next();
          await pages.return?.();
          expectEqual((await waiting).done, true, 'the page that was waited for');
          expectEqual((await pages.next()).done, true, 'a page after the end');
        }
      },
    },
    'closed-store': {
      why: 'Nothing of a store runs after its close: a tail that waits is told that it is over.',
      async run({ store, place }) {
        await filledLog(store, 'a', 1);
        const other = await place.otherHandle();
        const both = [end(other), end(other, { logId: 'a' })];
        await followed(other, 1);
        await other.close();
        await Promise.all(both);
        await expectRefusal(end(other), StoreClosedError, 'a tail of a closed store');
        await appendAt(store, 'a', 1, [sampleEvent(2)]);
      },
    },
    'foreign-cursor-refused': {
      why: 'A place of another store would skip events here, or repeat them, without a word.',
      async run({ store }) {
        await filledLog(store, 'a', 2);
        await filledLog(store, 'b', 2);
        const { cursor } = await followed(store, 4);
        const ofLog = (await followed(store, 2, { logId: 'a' })).cursor;
        const elsewhere = cursor.replace(store.storeId, 'another-store');
        const tooFar = JSON.stringify(['tail', 1, store.storeId, null, `${'9'.repeat(30)}.0.0`]);
        for (const after of [
          elsewhere,
          ofLog,
          tooFar,
          '',
          'x',
          '[]',
          '["tail",1]',
          '["tail",2,"x",null,"0"]',
        ]) {
          await expectRefusal(end(store, { after }), InvalidCursorError, `cursor ${after}`);
        }
        await expectRefusal(end(store, { logId: 'b', after: ofLog }), InvalidCursorError, 'another log');
        await expectRefusal(end(store, { logId: 'b', after: cursor }), InvalidCursorError, 'the whole store');
      },
    },
    'unknown-log-refused': {
      why: 'A mistyped id would wait for ever.',
      async run({ store }) {
        await expectRefusal(end(store, { logId: 'nobody' }), RunNotFoundError, 'a log that is not there');
      },
    },
  }),
];
