/** Cases of records: documents beside the logs, versioned, and written with the events that tell of them. */
import {
  ConcurrentWriterError,
  InvalidEventError,
  type LogStore,
  type RecordWrite,
} from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { appendAt, filledLog, sampleEvent } from './sample-log.ts';
import { storeCases } from './store-case.ts';
import { wholeCommits } from './whole-commits.ts';

type Draft = Partial<RecordWrite> & { readonly id: string };

/** One after another, each in a commit of its own. */
async function write(store: LogStore, ...drafts: readonly Draft[]): Promise<void> {
  for (const draft of drafts) await writeTogether(store, draft);
}

async function writeTogether(store: LogStore, ...drafts: readonly Draft[]): Promise<void> {
  const writes = drafts.map((each) => ({ kind: 'k', expectedVersion: 'any', value: '{}', ...each }) as const);
  await store.commit([], writes);
}

export const recordCases = storeCases('record', {
  'versions-count': {
    why: 'Whoever changes a document says which one it has seen.',
    async run({ store }) {
      await write(store, { id: 'x', expectedVersion: 0, value: '{"n":1}' });
      expectEqual(
        await store.record('k', 'x'),
        { kind: 'k', id: 'x', version: 1, value: '{"n":1}' },
        'the first',
      );
      await write(store, { id: 'x', expectedVersion: 1, value: '{"n":2}' });
      await write(store, { id: 'x', expectedVersion: 'any', value: '{"n":3}' });
      expectEqual(
        await store.record('k', 'x'),
        { kind: 'k', id: 'x', version: 3, value: '{"n":3}' },
        'the third',
      );
    },
  },
  'stale-version-refused': {
    why: 'Two who change one document at once must not lose a change without a word.',
    async run({ store }) {
      await write(store, { id: 'x', value: '1' }, { id: 'y', value: '1' });
      for (const expectedVersion of [0, 2, 9]) {
        const work = write(store, { id: 'x', expectedVersion, value: '2' });
        const error = await expectRefusal(work, ConcurrentWriterError, `version ${expectedVersion}`);
        expectEqual(
          [error.context['expected'], error.context['actual']],
          [expectedVersion, 1],
          'versions in the error',
        );
      }
      expectEqual((await store.record('k', 'x'))?.value, '1', 'the document');
    },
  },
  'all-or-none': {
    why: 'Two documents that belong together must not be stored as one.',
    needs: wholeCommits((store) => writeTogether(store, { id: 'x', value: '2' }, { id: 'y', value: '2' })),
    async run({ store }) {
      await write(store, { id: 'x', value: '1' }, { id: 'y', value: '1' });
      const work = writeTogether(
        store,
        { id: 'y', value: '2' },
        { id: 'z', value: '2' },
        { id: 'x', expectedVersion: 0, value: '2' },
      );
      await expectRefusal(work, ConcurrentWriterError, 'a commit whose last document is stale');
      const values = (await store.records('k', '')).map(({ id, version, value }) => [id, version, value]);
      expectEqual(
        values,
        [
          ['x', 1, '1'],
          ['y', 1, '1'],
        ],
        'the documents',
      );
    },
  },
  'refused-with-its-events': {
    why: 'A document and the event that tells of it are one step.',
    needs: wholeCommits((store) =>
      store.commit(
        [{ logId: 'a', expected: 1, epoch: null, events: [] }],
        [{ kind: 'k', id: 'x', expectedVersion: 1, value: '2' }],
      ),
    ),
    async run({ store }) {
      await filledLog(store, 'a', 1);
      await write(store, { id: 'x' });
      const part = { logId: 'a', expected: 1, epoch: null, events: [sampleEvent(2)] };
      const stale = store.commit([part], [{ kind: 'k', id: 'x', expectedVersion: 0, value: '1' }]);
      await expectRefusal(stale, ConcurrentWriterError, 'a stale record');
      expectEqual((await store.head('a')).seq, 1, 'the head');
      const fresh = [{ kind: 'k', id: 'x', expectedVersion: 1, value: '1' }];
      await expectRefusal(
        store.commit([{ ...part, expected: 0 }], fresh),
        ConcurrentWriterError,
        'a stale part',
      );
      expectEqual((await store.record('k', 'x'))?.version, 1, 'the version');
      await store.commit([part], fresh);
      expectEqual(
        [(await store.head('a')).seq, (await store.record('k', 'x'))?.version],
        [2, 2],
        'both together',
      );
    },
  },
  'same-write-again': {
    why: 'A lost answer is safe to ask for again, also for a document.',
    async run({ store }) {
      await write(store, { id: 'x', expectedVersion: 0, value: '1' });
      await write(store, { id: 'x', expectedVersion: 0, value: '1' });
      expectEqual((await store.record('k', 'x'))?.version, 1, 'the version');
      await write(store, { id: 'x', expectedVersion: 1, value: null });
      await write(store, { id: 'x', expectedVersion: 1, value: null });
      expectEqual(await store.record('k', 'x'), undefined, 'the removed document');
    },
  },
  removed: {
    why: 'An answer that has become an event is dropped from the inbox.',
    async run({ store }) {
      await write(store, { id: 'x' }, { id: 'y' });
      await expectRefusal(
        write(store, { id: 'x', expectedVersion: 2, value: null }),
        ConcurrentWriterError,
        'a removal that has seen another version',
      );
      await write(store, { id: 'x', expectedVersion: 1, value: null });
      expectEqual(
        (await store.records('k', '')).map(({ id }) => id),
        ['y'],
        'what is left',
      );
      await write(store, { id: 'x', expectedVersion: 0, value: '2' });
      expectEqual((await store.record('k', 'x'))?.version, 1, 'the version of a new document of that id');
      await write(store, { id: 'never', value: null });
      expectEqual(await store.record('k', 'never'), undefined, 'a removal of nothing');
    },
  },
  'twice-in-one-commit': {
    why: 'Writes of one commit are done one after another.',
    needs: wholeCommits((store) =>
      writeTogether(
        store,
        { id: 'y', expectedVersion: 0, value: '1' },
        { id: 'y', expectedVersion: 1, value: '2' },
      ),
    ),
    async run({ store }) {
      await writeTogether(
        store,
        { id: 'x', expectedVersion: 0, value: '1' },
        { id: 'x', expectedVersion: 1, value: '2' },
      );
      expectEqual((await store.record('k', 'x'))?.value, '2', 'the document');
      const work = writeTogether(
        store,
        { id: 'x', expectedVersion: 2, value: '3' },
        { id: 'x', expectedVersion: 2, value: '4' },
      );
      await expectRefusal(work, ConcurrentWriterError, 'a second write that does not see the first');
      expectEqual((await store.record('k', 'x'))?.value, '2', 'the document after the refusal');
    },
  },
  'kinds-are-apart': {
    why: 'A snapshot and an answer may have the same id.',
    async run({ store }) {
      await write(store, { kind: 'k', id: 'x', value: '1' }, { kind: 'K', id: 'x', value: '2' });
      expectEqual((await store.record('k', 'x'))?.value, '1', 'the one');
      expectEqual((await store.record('K', 'x'))?.value, '2', 'the other');
      expectEqual((await store.records('K', '')).length, 1, 'listed of one kind');
    },
  },
  'listed-by-prefix': {
    why: 'The answers of one run are found by its id, which may hold any character.',
    async run({ store }) {
      const ids = [
        'a',
        'a%',
        'a_b',
        'ab',
        'a\u{1f600}',
        'a\uffff',
        'a\u{10ffff}b',
        'A',
        'b',
        'aa/1',
        'aa/2',
        'aa0',
      ];
      await write(store, ...ids.map((id) => ({ id })));
      const listed = async (prefix: string): Promise<string[]> =>
        (await store.records('k', prefix)).map(({ id }) => id);
      const ordered = [
        'A',
        'a',
        'a%',
        'a_b',
        'aa/1',
        'aa/2',
        'aa0',
        'ab',
        'a\uffff',
        'a\u{1f600}',
        'a\u{10ffff}b',
        'b',
      ];
      expectEqual(await listed(''), ordered, 'all, in the order of code points');
      expectEqual(await listed('aa/'), ['aa/1', 'aa/2'], 'a prefix');
      expectEqual(await listed('a%'), ['a%'], 'a prefix that is no pattern');
      expectEqual(await listed('a_'), ['a_b'], 'another');
      expectEqual(await listed('a\u{1f600}'), ['a\u{1f600}'], 'beyond the basic plane');
      expectEqual(await listed('a\u{10ffff}'), ['a\u{10ffff}b'], 'at the end of all characters');
      expectEqual(await listed('c'), [], 'nothing');
    },
  },
  'last-before': {
    why: 'Who drove a run last is asked for alone, however often it was driven before.',
    async run({ store }) {
      if (store.recordBefore === undefined) return;
      const ids = ['a/1', 'a/2', 'a\uffff', 'a\u{1f600}', 'b'];
      await write(store, ...ids.map((id) => ({ id })));
      await store.commit([], [{ kind: 'other', id: 'a/3', expectedVersion: 'any', value: '{}' }]);
      const found: (string | undefined)[] = [];
      for (const id of ['a/:', 'a/2', 'a\u{10ffff}', 'a\u{1f600}', 'a', ''])
        found.push((await store.recordBefore('k', id))?.id);
      expectEqual(
        found,
        ['a/2', 'a/1', 'a\u{1f600}', 'a\uffff', undefined, undefined],
        'the last before each',
      );
    },
  },
  'many-listed': {
    why: 'An inbox can hold thousands of answers.',
    async run({ store }) {
      const ids = Array.from({ length: 1300 }, (_, index) => `x/${String(index).padStart(5, '0')}`);
      const drafts = [...ids, 'y'].map((id) => ({ id }));
      // One by one only where it has to be: thirteen hundred commits say nothing about a list.
      await (store.capabilities.atomicCommit ? writeTogether(store, ...drafts) : write(store, ...drafts));
      expectEqual(
        (await store.records('k', 'x/')).map(({ id }) => id),
        ids,
        'ids',
      );
    },
  },
  'texts-kept': {
    why: 'A document is data, byte for byte.',
    async run({ store }) {
      const values = [
        '{"a":1.0,"a":2}',
        '"\\ud800\\u0000"',
        '12345678901234567890',
        ' null ',
        `"${'x'.repeat(1e6)}"`,
      ];
      await write(store, ...values.map((value, index) => ({ id: `v${index}`, value })));
      const read = (await store.records('k', 'v')).map(({ value }) => value);
      expectEqual(read, values, 'values');
    },
  },
  'unfit-refused': {
    why: 'What one store cannot hold no store takes.',
    async run({ store }) {
      await filledLog(store, 'a', 1);
      for (const bad of [
        { id: '' },
        { id: 'x'.repeat(257) },
        { id: 'x', kind: '' },
        { id: '\ud800' },
        { id: 'x', value: '\0' },
      ]) {
        await expectRefusal(write(store, bad), InvalidEventError, JSON.stringify(bad));
      }
      expectEqual(await store.records('k', ''), [], 'nothing was written');
      expectEqual((await appendAt(store, 'a', 1, [sampleEvent(2)])).seq, 2, 'the store goes on');
    },
  },
});
