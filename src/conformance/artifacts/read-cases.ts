/** The cases of reading: absent, damaged, listed, deleted and swept. */
import { ArtifactCorruptedError, ArtifactNotFoundError } from '../../effects/index.ts';
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import { type ArtifactCase, bytesOf, drawnBytes } from './artifact-case.ts';

export const readCases: readonly ArtifactCase[] = [
  {
    id: 'read/absent',
    why: 'An empty file in the place of one that is not there would look like an agent that made nothing.',
    run: async ({ open }) => {
      const store = await open();
      for (const ask of ['get', 'read', 'head'] as const) {
        const error = await expectRefusal(
          store[ask]('no'),
          ArtifactNotFoundError,
          'an artifact that is not there',
        );
        expectEqual(error.context['key'], 'no', 'the key in the error');
      }
    },
  },
  {
    id: 'read/stream',
    why: 'A large artifact is read piece by piece, and its reader may stop.',
    run: async ({ open, sha256 }) => {
      const store = await open();
      const bytes = drawnBytes(99_999, 3);
      await store.put('s', bytes);
      const parts: number[] = [];
      for await (const chunk of (await store.read('s')).content) parts.push(...chunk);
      expectEqual(sha256(Uint8Array.from(parts)), sha256(bytes), 'the pieces together');
      for await (const chunk of (await store.read('s')).content) {
        expectTrue(chunk.length > 0, 'the first piece');
        break;
      }
      expectEqual((await store.get('s')).bytes.length, bytes.length, 'read again after a stop');
    },
  },
  ...(['change a byte', 'cut the end', 'remove'] as const).map((how): ArtifactCase => ({
    id: `read/damaged-${how.replaceAll(' ', '-')}`,
    why: 'Bytes that changed at rest must not be handed on as the original; put again, it is whole.',
    run: async ({ open, damage }) => {
      const store = await open();
      const bytes = drawnBytes(1000, 4);
      const { sha256 } = await store.put('d', bytes);
      await store.put('other', bytesOf('unharmed'));
      await damage(sha256, how);
      await expectRefusal(store.get('d'), ArtifactCorruptedError, 'bytes that were damaged');
      expectEqual((await store.get('other')).bytes.length, 8, 'another artifact');
      await store.put('d', bytes);
      expectEqual((await store.get('d')).bytes.length, 1000, 'after it was put again');
    },
  })),
  {
    id: 'list/pages',
    why: 'Who copies or checks all artifacts must see each of them once.',
    run: async ({ open }) => {
      const store = await open();
      const keys = ['b', 'a/2', 'a/1', 'a', 'a/10', '\u{1F5DD}', '\uFFFD', 'B', `a${'x'.repeat(400)}`];
      for (const key of keys) await store.put(key, bytesOf(key.slice(0, 1)));
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.list({ limit: 2, ...(cursor === null ? {} : { cursor }) });
        expectTrue(page.artifacts.length <= 2, 'a page holds what was asked for');
        seen.push(...page.artifacts.map(({ key }) => key));
        cursor = page.cursor;
      } while (cursor !== null);
      expectEqual(
        seen,
        ['B', 'a', 'a/1', 'a/10', 'a/2', `a${'x'.repeat(400)}`, 'b', '\uFFFD', '\u{1F5DD}'],
        'all keys, in the order of their bytes',
      );
      const below = await store.list({ prefix: 'a/' });
      expectEqual(
        below.artifacts.map(({ key }) => key),
        ['a/1', 'a/10', 'a/2'],
        'those with a beginning',
      );
      expectEqual(below.cursor, null, 'the cursor of the last page');
      expectEqual((await store.list({ prefix: 'none' })).artifacts, [], 'a beginning that nothing has');
    },
  },
  {
    id: 'list/limit',
    why: 'A page is held in memory as a whole.',
    run: async ({ open }) => {
      const store = await open();
      for (const limit of [0, -1, 1.5, 1001]) {
        await expectRefusal(store.list({ limit }), InvalidRuntimeConfiguration, `a limit of ${limit}`);
      }
    },
  },
  {
    id: 'delete/idempotent',
    why: 'A removal that was interrupted is done again.',
    run: async ({ open }) => {
      const store = await open();
      await store.put('gone', bytesOf('x'));
      expectEqual(await store.delete('gone'), true, 'deleted');
      expectEqual(await store.delete('gone'), false, 'deleted already');
      await expectRefusal(store.get('gone'), ArtifactNotFoundError, 'a deleted one');
      expectEqual((await store.put('gone', bytesOf('y'))).size, 1, 'the key is free again');
    },
  },
  {
    id: 'sweep/shared',
    why: 'The same bytes lie once for all keys that name them, and go with the last of them.',
    run: async ({ open }) => {
      const store = await open();
      const bytes = drawnBytes(500, 5);
      await store.put('one', bytes);
      await store.put('two', bytes);
      await store.put('else', bytesOf('else'));
      await store.delete('one');
      expectEqual(await store.sweep({ olderThanMs: 0 }), { blobs: 0, bytes: 0 }, 'while one key is left');
      expectEqual((await store.get('two')).bytes.length, 500, 'the other key');
      await store.delete('two');
      expectEqual(await store.sweep({ olderThanMs: 3_600_000 }), { blobs: 0, bytes: 0 }, 'what is young');
      expectEqual(await store.sweep({ olderThanMs: 0 }), { blobs: 1, bytes: 500 }, 'what is old');
      expectEqual((await store.get('else')).bytes.length, 4, 'what is named');
      expectEqual((await store.put('one', bytes)).size, 500, 'put again after the sweep');
      expectEqual((await store.get('one')).bytes.length, 500, 'read again after the sweep');
    },
  },
  {
    id: 'sweep/options',
    why: 'A number that is none would sweep away what is being put.',
    run: async ({ open }) => {
      const store = await open();
      for (const olderThanMs of [-1, Number.NaN]) {
        await expectRefusal(store.sweep({ olderThanMs }), InvalidRuntimeConfiguration, `${olderThanMs}`);
      }
    },
  },
];
