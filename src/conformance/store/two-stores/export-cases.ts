/** Cases of export: what is read out is byte for byte what was written, and taken in elsewhere it is the same history. */
import { chainHash, type EventRow, genesisHash, type LogStore } from '../../../log/index.ts';
import { expectEqual } from '../../expect.ts';
import { forkAt, otherEvents } from '../fork-cases.ts';
import { appendAt, filledLog, readAll, sampleEvent, sampleLog } from '../sample-log.ts';
import { storeCases } from '../store-case.ts';
import { awkwardEvents } from './awkward-events.ts';
import { eventOf, exportLines, importLines } from './log-lines.ts';

async function written(store: LogStore, logId: string, events: readonly EventRow[]): Promise<void> {
  await store.create(sampleLog(logId));
  await appendAt(store, logId, 0, events);
}

export const exportCases = storeCases('export', {
  'byte-for-byte': {
    why: 'An export is evidence: one changed byte and nobody can say what was written.',
    async run({ store, sha256 }) {
      const events = awkwardEvents();
      await written(store, 'a', events);
      const lines = await exportLines(store, 'a');
      expectEqual(lines.map(eventOf), [...events], 'the events of the lines');
      const bytes = (texts: readonly string[]): string => sha256(texts.join('\n'));
      expectEqual(
        bytes((await readAll(store, 'a')).map(({ payload }) => payload)),
        bytes(events.map(({ payload }) => payload)),
        'the hash of all payloads',
      );
    },
  },
  'again-is-the-same': {
    why: 'Two exports of one log are compared to see whether anything has changed.',
    async run({ store, place }) {
      await written(store, 'a', awkwardEvents());
      const other = await place.otherHandle();
      expectEqual(await exportLines(other, 'a'), await exportLines(store, 'a'), 'the lines of two exports');
    },
  },
  'same-head-in-a-second-store': {
    why: 'A run that was moved is proven whole by its head hash.',
    async run({ store, makePlace }) {
      await written(store, 'a', awkwardEvents());
      const second = await (await makePlace()).open();
      await second.create(sampleLog('moved'));
      await importLines(second, 'moved', await exportLines(store, 'a'));
      expectEqual((await second.head('moved')).hash, (await store.head('a')).hash, 'the head hash');
      expectEqual(await exportLines(second, 'moved'), await exportLines(store, 'a'), 'the lines');
    },
  },
  'fork-as-a-log-of-its-own': {
    why: 'A fork that moves takes its past along, and stays the same history.',
    async run({ store, makePlace }) {
      await written(store, 'a', awkwardEvents());
      await forkAt(store, 'a', 5, 'f');
      await appendAt(store, 'f', 5, otherEvents(6, 4));
      const second = await (await makePlace()).open();
      await second.create(sampleLog('f'));
      await importLines(second, 'f', await exportLines(store, 'f'));
      expectEqual((await second.head('f')).hash, (await store.head('f')).hash, 'the head hash');
    },
  },
  'session-as-it-was': {
    why: 'Sessions carry fields of their own, which a copy must not lose.',
    async run({ store, makePlace }) {
      await store.create(sampleLog('s', { kind: 'session' }));
      const fields = {
        runId: 'execution-1',
        provider: 'p',
        correlationId: 'c',
        schemaVersion: 2,
        metadata: '{"m":1.0}',
      };
      await appendAt(store, 's', 'any', [sampleEvent(1, fields), sampleEvent(2, { id: 'x' })]);
      const second = await (await makePlace()).open();
      await second.create(sampleLog('s', { kind: 'session' }));
      await importLines(second, 's', await exportLines(store, 's'));
      expectEqual((await second.head('s')).hash, (await store.head('s')).hash, 'the head hash');
    },
  },
  'slices-make-the-whole': {
    why: 'A long log is exported piece by piece, and the pieces are put together again.',
    async run({ store }) {
      await filledLog(store, 'a', 2300);
      const lines: string[] = [];
      for (let after = 0; after < 2300; after += 450) {
        lines.push(...(await exportLines(store, 'a', { after, limit: 450 })));
      }
      expectEqual(lines, await exportLines(store, 'a'), 'the lines');
    },
  },
  'taken-in-twice': {
    why: 'A copy that was interrupted is started again from its beginning.',
    async run({ store, makePlace }) {
      const events = awkwardEvents();
      await written(store, 'a', events);
      const lines = await exportLines(store, 'a');
      const second = await (await makePlace()).open();
      await written(second, 'b', events.slice(0, 7));
      await appendAt(second, 'b', 0, events.slice(0, 7));
      await importLines(second, 'b', lines.slice(7));
      await appendAt(second, 'b', 0, events);
      expectEqual((await second.head('b')).hash, (await store.head('a')).hash, 'the head hash');
    },
  },
  'chain-verifies-from-the-lines': {
    why: 'Whoever gets an export checks it without the store that it came from.',
    async run({ store, sha256 }) {
      await written(store, 'a', awkwardEvents());
      const events = await readAll(store, 'a');
      const hash = events.reduce((previous, event) => chainHash(previous, event, sha256), genesisHash);
      expectEqual((await store.head('a')).hash, hash, 'the head hash');
    },
  },
});
