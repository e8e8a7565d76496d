/** Cases of reading: exactly the places that were asked for, in pages, while others write. */
import type { ReadOptions } from '../../log/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import {
  appendAt,
  asStored,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
  sampleTime,
  seqsOf,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';

/** What the options mean, said in the plainest way. */
export function seqsByDefinition(headSeq: number, types: readonly string[], options: ReadOptions): number[] {
  const { after = 0, before = headSeq + 1, limit = headSeq, reverse = false } = options;
  const seqs = types
    .map((type, index) => ({ type, seq: index + 1 }))
    .filter(({ seq }) => seq > after && seq < before)
    .filter(({ type }) => options.types === undefined || options.types.includes(type))
    .map(({ seq }) => seq);
  return (reverse ? seqs.reverse() : seqs).slice(0, limit);
}

/** Every combination of bounds around the ends and the middle. */
export function* optionsFor(headSeq: number): Generator<ReadOptions> {
  const typeLists = [undefined, ['goal.created'], ['object.created', 'no.such'], []];
  for (const after of [undefined, 0, 2, headSeq - 1, headSeq, headSeq + 5]) {
    for (const before of [undefined, 1, 3, headSeq, headSeq + 1, headSeq + 9]) {
      for (const limit of [undefined, 0, 1, 3]) {
        for (const types of typeLists) {
          for (const reverse of [undefined, true]) {
            yield {
              ...(after === undefined ? {} : { after }),
              ...(before === undefined ? {} : { before }),
              ...(limit === undefined ? {} : { limit }),
              ...(types === undefined ? {} : { types }),
              ...(reverse === undefined ? {} : { reverse }),
            };
          }
        }
      }
    }
  }
}

export const readCases = storeCases('read', {
  'every-combination-of-options': {
    why: 'Resume, tail and inspect each read another stretch: one place too many is an event handled twice.',
    async run({ store }) {
      const events = await filledLog(store, 'a', 7);
      const types = events.map(({ type }) => type);
      for (const options of optionsFor(7)) {
        const expected = seqsByDefinition(7, types, options);
        expectEqual(await seqsOf(store, 'a', options), expected, `places for ${JSON.stringify(options)}`);
      }
    },
  },
  'pages-are-bounded': {
    why: 'Memory must not grow with history.',
    async run({ store }) {
      await filledLog(store, 'a', 9000);
      let pages = 0;
      let events = 0;
      for await (const page of store.read('a')) {
        pages += 1;
        events += page.length;
        expectTrue(page.length > 0 && page.length <= 5000, `a page of ${page.length} events`);
      }
      expectTrue(pages > 1, 'more than one page');
      expectEqual(events, 9000, 'events in all pages');
    },
  },
  'filter-keeps-places': {
    why: 'A filtered reader goes on from the place it has seen.',
    async run({ store }) {
      await filledLog(store, 'a', 2500);
      const read = await readAll(store, 'a', { types: ['object.created'], after: 1000, limit: 700 });
      expectEqual(
        read.map(({ seq }) => seq),
        Array.from({ length: 700 }, (_, index) => 1002 + index * 2),
        'places',
      );
      expectEqual(read[0], { ...sampleEvent(1002), seq: 1002, hash: null }, 'the first event');
    },
  },
  'rare-type-found': {
    why: 'A needle far from the start must be found, however many places are passed over.',
    async run({ store }) {
      const events = sampleEvents(1, 9999);
      await store.create(sampleLog('a'));
      await appendAt(store, 'a', 0, [...events, sampleEvent(10_000, { type: 'rare.found' })]);
      expectEqual(await seqsOf(store, 'a', { types: ['rare.found'] }), [10_000], 'forwards');
      expectEqual(
        await seqsOf(store, 'a', { types: ['goal.created'], reverse: true, limit: 2 }),
        [9999, 9997],
        'backwards',
      );
    },
  },
  'writing-while-reading': {
    why: 'The runtime appends while it reads: a lock held over a page would stop it for ever.',
    async run({ store }) {
      await filledLog(store, 'a', 3000);
      const seen: number[] = [];
      for await (const page of store.read('a')) {
        const { seq } = await store.head('a');
        await appendAt(store, 'a', seq, [sampleEvent(seq + 1)]);
        seen.push(...page.map((event) => event.seq));
      }
      expectEqual(
        seen,
        Array.from({ length: 3000 }, (_, index) => index + 1),
        'the places up to the head at the start',
      );
    },
  },
  'leaving-early': {
    why: 'Whoever has found what it looked for stops reading; nothing may stay locked.',
    async run({ store }) {
      await filledLog(store, 'a', 3000);
      for await (const page of store.read('a')) {
        expectTrue(page.length > 0, 'the first page has events');
        break;
      }
      expectEqual((await appendAt(store, 'a', 3000, [sampleEvent(3001)])).seq, 3001, 'the head afterwards');
    },
  },
  'two-readers-at-once': {
    why: 'Two readers must not share a cursor.',
    async run({ store }) {
      await filledLog(store, 'a', 2500);
      const [first, second] = await Promise.all([
        readAll(store, 'a'),
        readAll(store, 'a', { reverse: true }),
      ]);
      expectEqual(first, asStored(sampleEvents(1, 2500)), 'forwards');
      expectEqual(
        second?.map(({ seq }) => seq),
        Array.from({ length: 2500 }, (_, index) => 2500 - index),
        'backwards',
      );
    },
  },
  'get-one': {
    why: 'Explaining an event means fetching its cause by id.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      const found = await store.get('a', 'evt_002');
      expectEqual(
        found === undefined ? null : { ...found, hash: null },
        { ...sampleEvent(2), seq: 2, hash: null },
        'get',
      );
      for (const id of ['evt_004', 'evt_000', 'evt_2', 'evt_', '', 'no']) {
        expectEqual(await store.get('a', id), undefined, `get '${id}'`);
      }
    },
  },
  'logs-keep-to-themselves': {
    why: 'Two runs of one store must never mix.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await store.create(sampleLog('b', { createdAt: sampleTime }));
      await appendAt(store, 'b', 0, [sampleEvent(1, { payload: '{"b":true}' })]);
      expectEqual((await store.get('b', 'evt_001'))?.payload, '{"b":true}', 'get in the second');
      expectEqual(await store.get('b', 'evt_002'), undefined, 'an event of the first');
      expectEqual(await seqsOf(store, 'b'), [1], 'places of the second');
    },
  },
});
