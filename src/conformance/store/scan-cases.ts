/** Cases of scanning: a long log is read in pages of bounded size, forwards and backwards, filtered, and without surprises. */
import type { LogStore, ReadOptions, StoredEvent } from '../../log/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { forkAt, otherEvents } from './fork-cases.ts';
import { optionsFor, seqsByDefinition } from './read-cases.ts';
import {
  appendAt,
  asStored,
  chainOf,
  filledLog,
  readAll,
  sampleEvent,
  sampleEvents,
  sampleLog,
  seqsOf,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';

const longest = 5000;

export const scanCases = storeCases('scan', {
  'filtered-pages-are-bounded': {
    why: 'A filter that lets almost everything through must not bring the whole log into memory.',
    async run({ store }) {
      await filledLog(store, 'a', 9000);
      for (const reverse of [false, true]) {
        let events = 0;
        for await (const page of store.read('a', { types: ['goal.created', 'object.created'], reverse })) {
          expectTrue(page.length > 0 && page.length <= longest, `a page of ${page.length} events`);
          events += page.length;
        }
        expectEqual(events, 9000, 'events in all pages');
      }
    },
  },
  'no-empty-page': {
    why: 'A reader takes its next place from the last event of a page: a page without one would make it start again.',
    async run({ store }) {
      await store.create(sampleLog('empty'));
      await filledLog(store, 'a', 2500);
      const pagesOf = async (logId: string, options?: Parameters<typeof store.read>[1]): Promise<number> => {
        let pages = 0;
        for await (const page of store.read(logId, options)) {
          expectTrue(page.length > 0, 'a page has events');
          pages += 1;
        }
        return pages;
      };
      expectEqual(await pagesOf('empty'), 0, 'pages of a log without events');
      expectEqual(await pagesOf('a', { types: ['no.such'] }), 0, 'pages of a type that there is not');
      expectEqual(await pagesOf('a', { after: 2500 }), 0, 'pages behind the head');
      expectEqual(await pagesOf('a', { limit: 0 }), 0, 'pages of nothing');
    },
  },
  'every-combination-over-pages': {
    why: 'What holds within a page has to hold across the border of two.',
    async run({ store }) {
      const events = await filledLog(store, 'a', 2600);
      const types = events.map(({ type }) => type);
      for (const after of [0, 999, 1000, 1001]) {
        for (const before of [1002, 2001, 2601]) {
          for (const reverse of [false, true]) {
            const options = { after, before, limit: 1300, types: ['object.created'], reverse };
            const expected = seqsByDefinition(2600, types, options);
            expectEqual(await seqsOf(store, 'a', options), expected, `places for ${JSON.stringify(options)}`);
          }
        }
      }
    },
  },
  'slice-by-slice': {
    why: 'Whoever goes on from the place it has seen must see each event once, across forks too.',
    async run({ store }) {
      await filledLog(store, 'a', 20);
      await forkAt(store, 'a', 13, 'f');
      await appendAt(store, 'f', 13, otherEvents(14, 20));
      const whole = await readAll(store, 'f');
      for (const limit of [1, 7, 13, 14]) {
        const seen = [];
        for (let after = 0; ;) {
          const slice = await readAll(store, 'f', { after, limit });
          seen.push(...slice);
          const last = slice.at(-1);
          if (last === undefined) break;
          after = last.seq;
        }
        expectEqual(seen, whole, `the log in slices of ${limit}`);
      }
    },
  },
  'slice-by-slice-backwards': {
    why: 'A list of the newest events is turned over page by page.',
    async run({ store }) {
      await filledLog(store, 'a', 20);
      await forkAt(store, 'a', 13, 'f');
      await appendAt(store, 'f', 13, otherEvents(14, 20));
      const seen: number[] = [];
      for (let before = 34; ;) {
        const slice = await seqsOf(store, 'f', { before, limit: 6, reverse: true });
        seen.push(...slice);
        const last = slice.at(-1);
        if (last === undefined) break;
        before = last;
      }
      expectEqual(
        seen,
        Array.from({ length: 33 }, (_, index) => 33 - index),
        'places',
      );
    },
  },
  'backwards-while-writing': {
    why: 'The newest events are listed while the run goes on: a list that grows at its end would never be right.',
    async run({ store }) {
      await filledLog(store, 'a', 3000);
      const seen: number[] = [];
      for await (const page of store.read('a', { reverse: true })) {
        const { seq } = await store.head('a');
        await appendAt(store, 'a', seq, [sampleEvent(seq + 1)]);
        seen.push(...page.map((event) => event.seq));
      }
      expectEqual(
        seen,
        Array.from({ length: 3000 }, (_, index) => 3000 - index),
        'the places up to the head at the start',
      );
    },
  },
  'hashes-of-any-slice': {
    why: 'Verification goes on where it stopped: a hash that counts from the slice instead of the log is a false alarm.',
    async run({ store, sha256 }) {
      const events = await filledLog(store, 'a', 1200);
      const hashAt = (seq: number): string => chainOf(events.slice(0, seq), sha256);
      const forwards = await readAll(store, 'a', { hashes: true, after: 1100, limit: 3 });
      const backwards = await readAll(store, 'a', { hashes: true, before: 1004, limit: 2, reverse: true });
      const filtered = await readAll(store, 'a', { hashes: true, types: ['object.created'], limit: 2 });
      for (const { seq, hash } of [...forwards, ...backwards, ...filtered]) {
        expectEqual(hash, hashAt(seq), `the hash at place ${seq}`);
      }
    },
  },
  'hashes-across-the-border-of-a-fork': {
    why: 'The chain of a fork runs through its past: a chain that begins anew hides a change before it.',
    async run({ store, sha256 }) {
      const past = await filledLog(store, 'a', 4);
      await forkAt(store, 'a', 3, 'f');
      await appendAt(store, 'f', 3, otherEvents(4, 3));
      const all = [...past.slice(0, 3), ...otherEvents(4, 3)];
      const expected = all.map((_, index) => chainOf(all.slice(0, index + 1), sha256));
      const read = await readAll(store, 'f', { hashes: true });
      expectEqual(
        read.map(({ hash }) => hash),
        expected,
        'hashes',
      );
      const backwards = await readAll(store, 'f', { hashes: true, reverse: true });
      expectEqual(
        backwards.map(({ hash }) => hash),
        expected.toReversed(),
        'hashes backwards',
      );
    },
  },
  'bare-events-say-the-same': {
    why: 'Runs are compared by bare events: one that says something else makes a difference where there is none.',
    async run({ store }) {
      await filledRun(store);
      const slices: ReadOptions[] = [
        {},
        { hashes: true, after: 1098 },
        { reverse: true, types: ['goal.created'], limit: 3 },
      ];
      for (const options of slices) {
        const expected = await readAll(store, 'f', options);
        const bare = await readAll(store, 'f', { ...options, bare: true });
        expectEqual(bare.map(said), expected.map(said), `bare events for ${JSON.stringify(options)}`);
        for (const [index, event] of bare.entries()) {
          const { causedBy, frameId, subject, timestamp } = expected[index] ?? event;
          expectTrue([causedBy, null].includes(event.causedBy), `the cause at place ${event.seq}`);
          expectTrue([frameId, null].includes(event.frameId), `the frame at place ${event.seq}`);
          expectTrue([subject, null].includes(event.subject), `the subject at place ${event.seq}`);
          expectTrue([timestamp, ''].includes(event.timestamp), `the timestamp at place ${event.seq}`);
        }
      }
    },
  },
  'what-is-not-passed-over-is-whole': {
    why: 'A run is opened by what it looks into: with a field missing there it would go on as another run.',
    async run({ store }) {
      await filledRun(store);
      const expected = await readAll(store, 'f');
      const typesPassedOver = [['goal.created'], ['goal.created', 'object.created'], ['seldom'], []];
      const cases = typesPassedOver.flatMap((passedOver) => [
        { passedOver, withPayloads: false },
        { passedOver, withPayloads: true },
      ]);
      for (const options of cases) {
        const { passedOver, withPayloads } = options;
        const found = await readAll(store, 'f', options);
        const asked = ` for ${JSON.stringify(options)}`;
        expectEqual(found.map(outlineOf), expected.map(outlineOf), `the outline${asked}`);
        const isWhole = ({ type }: StoredEvent): boolean => !passedOver.includes(type);
        expectEqual(found.filter(isWhole), expected.filter(isWhole), `what is whole${asked}`);
        for (const [index, event] of found.entries()) {
          const { payload } = expected[index] ?? event;
          const isTold = event.payload === payload || (event.payload === '' && !withPayloads);
          expectTrue(isTold, `the payload at place ${event.seq}${asked}`);
        }
      }
    },
  },
  'on-the-spot-as-in-pages': {
    why: 'What is read again when somebody looks at it has to be what was there when the run was opened.',
    async run({ store }) {
      await filledRun(store);
      const slices: ReadOptions[] = [
        { limit: 40 },
        { after: 1090, before: 1106 },
        { after: 1098, types: ['goal.created'] },
        { after: 1105, before: 1107 },
      ];
      for (const options of slices) {
        const expected = await readAll(store, 'f', options);
        // A store that has to wait for somebody has no such method: there is nothing that could differ.
        const found = store.readNow === undefined ? expected : readAllNow(store, options);
        expectEqual(found, expected, `the events of ${JSON.stringify(options)}, read on the spot`);
      }
    },
  },
  'pages-are-the-callers': {
    why: 'A reader that sorts or changes its page must not change what the next one reads.',
    async run({ store }) {
      const events = await filledLog(store, 'a', 3);
      for await (const page of store.read('a')) {
        for (const event of page)
          if (!Object.isFrozen(event)) Object.assign(event, { payload: '{"changed":1}' });
        if (!Object.isFrozen(page) && Array.isArray(page)) page.reverse();
      }
      expectEqual(await readAll(store, 'a'), asStored(events), 'the events of the next reader');
    },
  },
  'options-over-a-deep-fork': {
    why: 'Four generations of forks are one log to whoever reads the last.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      let parent = 'a';
      for (const [index, id] of ['b', 'c', 'd', 'e'].entries()) {
        await forkAt(store, parent, index + 2, id);
        await appendAt(store, id, index + 2, sampleEvents(index + 3, 2));
        parent = id;
      }
      const types = sampleEvents(1, 7).map(({ type }) => type);
      for (const options of optionsFor(7)) {
        const expected = seqsByDefinition(7, types, options);
        expectEqual(await seqsOf(store, 'e', options), expected, `places for ${JSON.stringify(options)}`);
      }
    },
  },
});

/** A run of more than a page and its fork 'f', with events that have all fields and few. */
async function filledRun(store: LogStore): Promise<void> {
  await filledLog(store, 'a', 1100);
  const full = { causedBy: 'evt_001', frameId: 'frame', subject: 'note#1', schemaVersion: 2 };
  await appendAt(store, 'a', 1100, [
    sampleEvent(1101, { ...full, type: 'seldom' }),
    sampleEvent(1102, { id: 'own', actor: null }),
  ]);
  await forkAt(store, 'a', 1102, 'f');
  await appendAt(store, 'f', 1102, sampleEvents(1103, 6));
}

/** Page after page on the spot, each from behind the one before. */
function readAllNow(store: LogStore, options: ReadOptions): readonly StoredEvent[] {
  const found: StoredEvent[] = [];
  const { limit = Number.POSITIVE_INFINITY } = options;
  for (let after = options.after ?? 0; found.length < limit;) {
    const page =
      store.readNow?.('f', { ...options, after, limit: Math.min(limit, 5000) - found.length }) ?? [];
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.seq;
  }
  return found;
}

/** What is told of an event that nobody looks into. */
function outlineOf({ seq, id, type, frameId, schemaVersion }: StoredEvent): unknown {
  return { seq, id, type, frameId, schemaVersion };
}

function said({ seq, id, type, payload, actor, schemaVersion, hash }: StoredEvent): unknown {
  return { seq, id, type, payload, actor, schemaVersion, hash };
}
