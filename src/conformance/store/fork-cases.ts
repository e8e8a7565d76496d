/** Cases of forks: a pointer into shared history, which neither side can change for the other. */
import { ConfigurationError, InvalidRuntimeConfiguration } from '../../base/index.ts';
import {
  ConcurrentWriterError,
  DuplicateEventError,
  InvalidEventError,
  type LogInfo,
  type LogStore,
  RunExistsError,
  RunNotFoundError,
} from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
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
  sampleTime,
  seqsOf,
} from './sample-log.ts';
import { storeCases } from './store-case.ts';
import { wholeCommits } from './whole-commits.ts';

export async function forkAt(store: LogStore, parent: string, atSeq: number, id: string): Promise<LogInfo> {
  return store.fork({ parent, atSeq, id, label: null, createdAt: sampleTime });
}

/** Events that differ from those of the log that was forked. */
export function otherEvents(first: number, count: number) {
  return sampleEvents(first, count, { actor: 'fork' });
}

export const forkCases = storeCases('fork', {
  'shares-the-past': {
    why: 'A fork goes on from a point of a finished run: what it sees of the past is exactly that past.',
    async run({ store, sha256 }) {
      await filledLog(store, 'a', 5);
      const made = await store.fork({
        parent: 'a',
        atSeq: 3,
        id: 'f',
        label: 'what if',
        createdAt: sampleTime,
      });
      const hash = chainOf(sampleEvents(1, 3), sha256);
      expectEqual(
        made,
        {
          ...sampleLog('f', { label: 'what if' }),
          head: { logId: 'f', seq: 3, hash },
          parent: { logId: 'a', atSeq: 3 },
          lineage: [{ logId: 'a', toSeq: 3 }],
          epoch: 0,
          owner: null,
        },
        'what fork hands back',
      );
      expectEqual(await store.info('f'), made, 'info');
      expectEqual(await readAll(store, 'f'), asStored(sampleEvents(1, 3)), 'events');
    },
  },
  'goes-on-by-itself': {
    why: 'Fork and parent each write their next events, under the same ids.',
    async run({ store, sha256 }) {
      await filledLog(store, 'a', 3);
      await forkAt(store, 'a', 3, 'f');
      await appendAt(store, 'f', 3, otherEvents(4, 2));
      await appendAt(store, 'a', 3, sampleEvents(4, 3));
      const expected = [...sampleEvents(1, 3), ...otherEvents(4, 2)];
      expectEqual(await readAll(store, 'f'), asStored(expected), 'events of the fork');
      expectEqual(await readAll(store, 'a'), asStored(sampleEvents(1, 6)), 'events of the parent');
      expectEqual((await store.head('f')).hash, chainOf(expected, sha256), 'the chain of the fork');
    },
  },
  'at-both-ends': {
    why: 'A run can be tried again from the very beginning, and from where it stands.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      const start = await forkAt(store, 'a', 0, 'start');
      const end = await forkAt(store, 'a', 2, 'end');
      expectEqual([start.head.seq, start.lineage.length], [0, 0], 'a fork at the beginning');
      expectEqual(end.head, { ...(await store.head('a')), logId: 'end' }, 'a fork at the end');
      await appendAt(store, 'start', 0, otherEvents(1, 1));
      expectEqual(await readAll(store, 'start'), asStored(otherEvents(1, 1)), 'events of the first');
    },
  },
  'wrong-place-refused': {
    why: 'A fork cannot share events that are still to come.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      for (const atSeq of [3, -1, 1.5]) {
        await expectRefusal(forkAt(store, 'a', atSeq, 'f'), InvalidRuntimeConfiguration, `place ${atSeq}`);
      }
      // Behind a boundary of JSON it is `null`, and so an argument of another kind.
      await expectRefusal(forkAt(store, 'a', Number.NaN, 'f'), ConfigurationError, 'place NaN');
      expectEqual(await store.info('f'), undefined, 'no fork was made');
    },
  },
  'taken-id-and-unknown-parent-refused': {
    why: 'A fork is a run like any other: its id names it for ever.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await filledLog(store, 'b', 1);
      await expectRefusal(forkAt(store, 'a', 1, 'b'), RunExistsError, 'a taken id');
      await expectRefusal(forkAt(store, 'a', 1, 'a'), RunExistsError, "the parent's own id");
      await expectRefusal(forkAt(store, 'no', 0, 'f'), RunNotFoundError, 'an unknown parent');
    },
  },
  'of-a-fork': {
    why: 'Reading must not climb from fork to fork: the lineage is written down once, at birth.',
    async run({ store, sha256 }) {
      await filledLog(store, 'a', 4);
      await forkAt(store, 'a', 3, 'b');
      await appendAt(store, 'b', 3, otherEvents(4, 3));
      const made = await forkAt(store, 'b', 5, 'c');
      await appendAt(store, 'c', 5, sampleEvents(6, 1));
      expectEqual(
        made.lineage,
        [
          { logId: 'a', toSeq: 3 },
          { logId: 'b', toSeq: 5 },
        ],
        'the lineage',
      );
      const expected = [...sampleEvents(1, 3), ...otherEvents(4, 2), ...sampleEvents(6, 1)];
      expectEqual(await readAll(store, 'c'), asStored(expected), 'events');
      expectEqual((await store.head('c')).hash, chainOf(expected, sha256), 'the chain');
    },
  },
  'inside-the-inherited-part': {
    why: 'Forking a fork before its own first event is forking the past that it shares.',
    async run({ store, sha256 }) {
      await filledLog(store, 'a', 5);
      await forkAt(store, 'a', 4, 'b');
      await appendAt(store, 'b', 4, otherEvents(5, 2));
      const made = await forkAt(store, 'b', 2, 'c');
      expectEqual(made.lineage, [{ logId: 'a', toSeq: 2 }], 'the lineage');
      expectEqual(made.parent, { logId: 'b', atSeq: 2 }, 'the parent that was named');
      expectEqual(made.head.hash, chainOf(sampleEvents(1, 2), sha256), 'the hash at that place');
      expectEqual(await readAll(store, 'c'), asStored(sampleEvents(1, 2)), 'events');
    },
  },
  'reading-across-the-border': {
    why: 'Whoever reads a fork must not notice where its own events begin.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await forkAt(store, 'a', 3, 'b');
      await appendAt(store, 'b', 3, otherEvents(4, 2));
      await forkAt(store, 'b', 5, 'c');
      await appendAt(store, 'c', 5, sampleEvents(6, 2));
      const types = sampleEvents(1, 7).map(({ type }) => type);
      for (const options of optionsFor(7)) {
        const expected = seqsByDefinition(7, types, options);
        expectEqual(await seqsOf(store, 'c', options), expected, `places for ${JSON.stringify(options)}`);
      }
    },
  },
  'finds-inherited-events': {
    why: 'Causes are looked up by id, and they lie in the shared past.',
    async run({ store, sha256 }) {
      await store.create(sampleLog('a'));
      const events = [
        sampleEvent(1),
        sampleEvent(2, { id: 'odd' }),
        sampleEvent(3),
        sampleEvent(4, { id: 'later' }),
      ];
      await appendAt(store, 'a', 0, events);
      await forkAt(store, 'a', 3, 'f');
      expectEqual((await store.get('f', 'evt_001'))?.seq, 1, 'a canonical id');
      expectEqual((await store.get('f', 'odd'))?.hash, chainOf(events.slice(0, 2), sha256), 'another id');
      expectEqual(await store.get('f', 'later'), undefined, 'an event behind the fork point');
      expectEqual(await store.get('f', 'evt_002'), undefined, 'an id that nobody gave');
    },
  },
  'inherited-ids-are-taken': {
    why: 'An id is unique in what the fork sees, not only in what it wrote.',
    async run({ store }) {
      await store.create(sampleLog('a'));
      await appendAt(store, 'a', 0, [
        sampleEvent(1),
        sampleEvent(2, { id: 'odd' }),
        sampleEvent(3, { id: 'evt_009' }),
      ]);
      await forkAt(store, 'a', 3, 'f');
      for (const id of ['evt_001', 'odd', 'evt_009']) {
        const work = appendAt(store, 'f', 3, [sampleEvent(4, { id })]);
        await expectRefusal(work, DuplicateEventError, `the inherited id ${id}`);
      }
      await appendAt(store, 'f', 3, sampleEvents(4, 5));
      await expectRefusal(
        appendAt(store, 'f', 8, [sampleEvent(9)]),
        DuplicateEventError,
        'evt_009 at its own place',
      );
    },
  },
  'later-ids-of-the-parent-are-free': {
    why: 'What the parent writes behind the fork point is no concern of the fork.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await forkAt(store, 'a', 2, 'f');
      await appendAt(store, 'a', 2, [sampleEvent(3, { id: 'x' })]);
      expectEqual(
        (await appendAt(store, 'f', 2, [sampleEvent(3, { id: 'x', payload: '{}' })])).seq,
        3,
        'the head',
      );
    },
  },
  'starts-at-its-own-place': {
    why: 'The first place of the fork is the one behind the fork point.',
    async run({ store }) {
      await filledLog(store, 'a', 3);
      await forkAt(store, 'a', 2, 'f');
      await expectRefusal(
        appendAt(store, 'f', 0, otherEvents(1, 1)),
        DuplicateEventError,
        'place 1 with other content',
      );
      const early = appendAt(store, 'f', 0, [sampleEvent(1, { id: 'x' })]);
      await expectRefusal(early, ConcurrentWriterError, 'an early place');
      expectEqual((await appendAt(store, 'f', 2, otherEvents(3, 1))).seq, 3, 'the head');
    },
  },
  'has-its-own-owner': {
    why: 'A fork is tried while its parent runs; owning the one says nothing about the other.',
    async run({ store, place }) {
      await filledLog(store, 'a', 2);
      const { epoch } = await store.acquire('a');
      const made = await forkAt(store, 'a', 2, 'f');
      expectEqual([made.epoch, made.owner], [0, null], 'epoch and owner of the fork');
      const other = await place.otherHandle();
      const lease = await other.acquire('f');
      await appendAt(other, 'f', 2, otherEvents(3, 1), lease.epoch);
      await appendAt(store, 'a', 2, sampleEvents(3, 1), epoch);
    },
  },
  'comes-with-its-first-events': {
    why: 'A fork that differs from its parent by something written into it must never be found without it.',
    needs: wholeCommits((store) => {
      const fork = { parent: 'a', atSeq: 1, id: 'g', label: null, createdAt: sampleTime };
      return store.fork({ ...fork, events: [sampleEvent(2, { id: 'own' })] });
    }),
    async run({ store, sha256 }) {
      await filledLog(store, 'a', 5);
      const events = [...otherEvents(4, 2), sampleEvent(6, { id: 'own' })];
      const fork = { parent: 'a', atSeq: 3, id: 'f', label: null, createdAt: sampleTime, events };
      const made = await store.fork(fork);
      const all = [...sampleEvents(1, 3), ...events];
      expectEqual(made.head, { logId: 'f', seq: 6, hash: chainOf(all, sha256) }, 'the head handed back');
      expectEqual(await readAll(store, 'f'), asStored(all), 'events of the fork');
      await appendAt(store, 'f', 6, otherEvents(7, 1));
      expectEqual(await seqsOf(store, 'a'), [1, 2, 3, 4, 5], 'the parent');
    },
  },
  'with-a-refused-event-is-not-made': {
    why: 'A fork without the events that were to make it different would look like a finished one.',
    needs: wholeCommits((store) => {
      const fork = { parent: 'a', atSeq: 1, id: 'g', label: null, createdAt: sampleTime };
      return store.fork({ ...fork, events: [sampleEvent(2, { id: 'evt_001' })] });
    }),
    async run({ store }) {
      await filledLog(store, 'a', 5);
      const fork = { parent: 'a', atSeq: 3, id: 'f', label: null, createdAt: sampleTime };
      const again = store.fork({ ...fork, events: [sampleEvent(4, { id: 'evt_002' })] });
      await expectRefusal(again, DuplicateEventError, 'an id of the shared past');
      const nameless = store.fork({ ...fork, events: [sampleEvent(4, { id: '' })] });
      await expectRefusal(nameless, InvalidEventError, 'an event without an id');
      expectEqual(await store.info('f'), undefined, 'no fork was made');
    },
  },
});
