/** Cases of making and listing logs: an id names one log for ever, and a log that is not there is never made by asking. */
import { genesisHash, InvalidEventError, RunExistsError, RunNotFoundError } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { appendAt, filledLog, readAll, sampleEvent, sampleLog, sampleTime, seqsOf } from './sample-log.ts';
import { storeCases } from './store-case.ts';

export const createCases = storeCases('create', {
  'new-log-is-empty': {
    why: 'A run that starts anywhere but at the beginning has a history that nobody wrote.',
    async run({ store }) {
      const made = await store.create(sampleLog('a', { label: 'first' }));
      expectEqual(
        made,
        {
          ...sampleLog('a', { label: 'first' }),
          head: { logId: 'a', seq: 0, hash: genesisHash },
          parent: null,
          lineage: [],
          epoch: 0,
          owner: null,
        },
        'what create hands back',
      );
      expectEqual(await store.info('a'), made, 'info');
      expectEqual(await store.head('a'), made.head, 'head');
      expectEqual(await readAll(store, 'a'), [], 'events');
    },
  },
  'taken-id-refused': {
    why: 'Two histories under one id could never be told apart again.',
    async run({ store }) {
      await filledLog(store, 'a', 2);
      await expectRefusal(store.create(sampleLog('a', { label: 'other' })), RunExistsError, 'a taken id');
      expectEqual((await store.info('a'))?.label, null, 'the label of the run that was there');
      expectEqual(await seqsOf(store, 'a'), [1, 2], 'its events');
    },
  },
  'kind-kept': {
    why: 'Sessions take several writers and runs take one: a lost kind changes who may write.',
    async run({ store }) {
      await store.create(sampleLog('s', { kind: 'session' }));
      expectEqual((await store.info('s'))?.kind, 'session', 'the kind');
    },
  },
  'ids-are-exact': {
    why: 'Ids come from people and other programs: two that look alike are two runs.',
    async run({ store }) {
      const ids = [
        'a',
        'A',
        'a ',
        ' a',
        'ä',
        'a\u0308',
        '日本',
        '%',
        '_',
        "o'clock",
        'x"y',
        '../z',
        '\u{1f600}',
      ];
      for (const id of ids) await store.create(sampleLog(id, { label: `label of ${id}` }));
      for (const id of ids) expectEqual((await store.info(id))?.label, `label of ${id}`, `info of ${id}`);
      expectEqual(
        (await store.logs()).map((log) => log.id),
        ids,
        'all ids, in order',
      );
    },
  },
  'longest-id': {
    why: 'What one store takes every store takes, or a run cannot move.',
    async run({ store }) {
      const id = 'x'.repeat(256);
      await filledLog(store, id, 1);
      expectEqual((await store.head(id)).seq, 1, 'head of the longest id');
    },
  },
  'unfit-id-refused': {
    why: 'An id that a store changes on the way in cannot be found again.',
    async run({ store }) {
      for (const id of ['', 'x'.repeat(257), 'a\0b', 'a\ud800']) {
        await expectRefusal(
          store.create(sampleLog(id)),
          InvalidEventError,
          `an id of ${id.length} characters`,
        );
      }
      await expectRefusal(
        store.create(sampleLog('a', { label: '\udc00' })),
        InvalidEventError,
        'a label that is not well-formed',
      );
      expectEqual(await store.logs(), [], 'nothing was made');
    },
  },
  'unknown-log-refused': {
    why: 'A mistyped id must not make an empty run that looks like the real one.',
    async run({ store }) {
      const fork = { parent: 'no', atSeq: 0, id: 'f', label: null, createdAt: sampleTime };
      await expectRefusal(store.head('no'), RunNotFoundError, 'head');
      await expectRefusal(readAll(store, 'no'), RunNotFoundError, 'read');
      await expectRefusal(store.get('no', 'evt_001'), RunNotFoundError, 'get');
      await expectRefusal(appendAt(store, 'no', 0, [sampleEvent(1)]), RunNotFoundError, 'commit');
      await expectRefusal(store.fork(fork), RunNotFoundError, 'fork');
      await expectRefusal(store.detach('no'), RunNotFoundError, 'detach');
      await expectRefusal(store.acquire('no'), RunNotFoundError, 'acquire');
      await expectRefusal(store.release({ logId: 'no', epoch: 1 }), RunNotFoundError, 'release');
      expectEqual(await store.logs(), [], 'nothing was made');
    },
  },
  'listed-in-order': {
    why: 'The newest run is found by order; clocks of different writers do not give one.',
    async run({ store }) {
      for (const id of ['c', 'a', 'b']) {
        await store.create(sampleLog(id, { createdAt: id === 'a' ? '2020-01-01T00:00:00Z' : sampleTime }));
      }
      expectEqual(
        (await store.logs()).map(({ id }) => id),
        ['c', 'a', 'b'],
        'the order of making',
      );
    },
  },
  'listed-in-pages': {
    why: 'A store with a million runs is listed piece by piece, and no piece may be missed or repeated.',
    async run({ store }) {
      const ids = Array.from({ length: 7 }, (_, index) => `log-${index}`);
      for (const [index, id] of ids.entries()) {
        await store.create(sampleLog(id, { kind: index % 2 === 0 ? 'run' : 'session' }));
      }
      const listed = async (filter: Parameters<typeof store.logs>[0]): Promise<string[]> =>
        (await store.logs(filter)).map(({ id }) => id);
      expectEqual(await listed({ limit: 3 }), ids.slice(0, 3), 'the first page');
      expectEqual(await listed({ after: 'log-2', limit: 3 }), ids.slice(3, 6), 'the second');
      expectEqual(await listed({ after: 'log-5', limit: 3 }), ids.slice(6), 'the last');
      expectEqual(await listed({ after: 'log-6' }), [], 'behind the last');
      expectEqual(await listed({ kind: 'session' }), ['log-1', 'log-3', 'log-5'], 'one kind');
      expectEqual(
        await listed({ kind: 'run', after: 'log-3' }),
        ['log-4', 'log-6'],
        'one kind behind another',
      );
      await expectRefusal(
        store.logs({ after: 'no' }),
        RunNotFoundError,
        'a place in the list that is not there',
      );
    },
  },
});
