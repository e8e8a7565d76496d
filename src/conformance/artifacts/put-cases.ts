/** The cases of putting: what is known of an artifact, what is refused, and that a refusal leaves nothing. */
import {
  ArtifactCorruptedError,
  ArtifactExistsError,
  ArtifactNotFoundError,
  ArtifactTooLargeError,
  InvalidArtifactKeyError,
} from '../../effects/index.ts';
import { expectEqual, expectRefusal, expectTrue, UnmetExpectation } from '../expect.ts';
import { type ArtifactCase, bytesOf, drawnBytes, inPieces } from './artifact-case.ts';

export const putCases: readonly ArtifactCase[] = [
  {
    id: 'put/known',
    why: 'Size and checksum are what a copy is proved by; a guessed one proves nothing.',
    run: async ({ open, sha256 }) => {
      const store = await open();
      const bytes = bytesOf('hello');
      const metadata = { by: 'claude', ключ: 'значение 🗝' };
      const put = await store.put('notes/a.txt', bytes, { contentType: 'text/plain', metadata });
      expectEqual(
        { ...put, storedAt: '' },
        {
          key: 'notes/a.txt',
          size: 5,
          sha256: sha256(bytes),
          contentType: 'text/plain',
          metadata,
          storedAt: '',
        },
        'what is known',
      );
      expectEqual(await (await open()).head('notes/a.txt'), put, 'another handle knows the same');
      const { info, bytes: back } = await store.get('notes/a.txt');
      expectEqual(info, put, 'what is known when it is read');
      expectEqual([...back], [...bytes], 'the bytes');
    },
  },
  {
    id: 'put/stream',
    why: 'A large artifact must not have to be in memory at once.',
    run: async ({ open, sha256 }) => {
      const store = await open();
      const bytes = drawnBytes(90_001, 1);
      const put = await store.put('stream', inPieces(bytes, 7919));
      expectEqual(put.sha256, sha256(bytes), 'the checksum of the pieces');
      expectEqual(sha256((await store.get('stream')).bytes), put.sha256, 'the bytes together');
    },
  },
  {
    id: 'put/empty',
    why: 'A file without bytes is a file: an agent that made an empty one did make it.',
    run: async ({ open, sha256 }) => {
      const store = await open();
      const put = await store.put('empty', new Uint8Array());
      expectEqual([put.size, put.sha256], [0, sha256(new Uint8Array())], 'size and checksum of nothing');
      expectEqual((await store.get('empty')).bytes.length, 0, 'its bytes');
      expectEqual(
        (await store.put('empty stream', inPieces(new Uint8Array(), 1))).size,
        0,
        'an empty stream',
      );
    },
  },
  {
    id: 'put/again',
    why: 'A put whose answer was lost is sent again; it must not be told that it came too late.',
    run: async ({ open }) => {
      const store = await open();
      const first = await store.put('same', bytesOf('one'), { metadata: { a: '1', b: '2' } });
      const again = await store.put('same', bytesOf('one'), { metadata: { b: '2', a: '1' } });
      expectEqual(again, first, 'the answer to the same put');
    },
  },
  {
    id: 'put/taken',
    why: 'Events name artifacts by key: what is behind a name must not become something else.',
    run: async ({ open }) => {
      const store = await open();
      const first = await store.put('taken', bytesOf('one'));
      await expectRefusal(store.put('taken', bytesOf('two')), ArtifactExistsError, 'other bytes');
      await expectRefusal(
        store.put('taken', bytesOf('one'), { contentType: 'text/plain' }),
        ArtifactExistsError,
        'another content type',
      );
      await expectRefusal(
        store.put('taken', bytesOf('one'), { metadata: { a: '1' } }),
        ArtifactExistsError,
        'other metadata',
      );
      expectEqual(await store.head('taken'), first, 'what is stored after the refusals');
      expectEqual([...(await store.get('taken')).bytes], [...bytesOf('one')], 'its bytes');
    },
  },
  {
    id: 'put/replace',
    why: 'Who says that the old one may go gets the new one, whole.',
    run: async ({ open }) => {
      const store = await open();
      await store.put('changing', bytesOf('one'), { metadata: { a: '1' } });
      await store.put('changing', bytesOf('longer'), { ifPresent: 'replace' });
      const { info, bytes } = await store.get('changing');
      expectEqual([...bytes], [...bytesOf('longer')], 'the new bytes');
      expectEqual(info.metadata, {}, 'the new metadata');
    },
  },
  {
    id: 'put/at-once',
    why: 'Two agents that put under one key at the same moment must not both be told that theirs is there.',
    run: async ({ open }) => {
      const stores = [await open(), await open()];
      const puts = Array.from({ length: 6 }, async (_, index) =>
        stores[index % 2]?.put('race', bytesOf(`writer ${index}`)),
      );
      const ends = await Promise.allSettled(puts);
      const winners = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
      expectEqual(winners.length, 1, 'how many were told that theirs is there');
      expectEqual((await stores[0]?.head('race'))?.sha256, winners[0]?.sha256, 'whose it is');
    },
  },
  {
    id: 'put/expected',
    why: 'What was damaged on the way here must not be stored as if it were the original.',
    run: async ({ open, sha256 }) => {
      const store = await open();
      const expected = sha256(bytesOf('right'));
      await expectRefusal(
        store.put('proved', bytesOf('wrong'), { sha256: expected }),
        ArtifactCorruptedError,
        'other bytes than announced',
      );
      await expectRefusal(store.head('proved'), ArtifactNotFoundError, 'what was refused');
      expectEqual(
        (await store.put('proved', bytesOf('right'), { sha256: expected })).size,
        5,
        'the right ones',
      );
    },
  },
  {
    id: 'put/too-large',
    why: 'A stream without an end would fill the store for everybody.',
    run: async ({ open, limitBytes }) => {
      const store = await open();
      await expectRefusal(
        store.put('large', endless()),
        ArtifactTooLargeError,
        `more than ${limitBytes} bytes`,
      );
      await expectRefusal(store.head('large'), ArtifactNotFoundError, 'what was refused');
      await expectRefusal(
        store.put('large', new Uint8Array(limitBytes + 1)),
        ArtifactTooLargeError,
        'one byte too many',
      );
      expectEqual((await store.put('large', new Uint8Array(limitBytes))).size, limitBytes, 'just as many');
    },
  },
  {
    id: 'put/broken-source',
    why: 'A download that breaks off must not leave its first half as an artifact.',
    run: async ({ open }) => {
      const store = await open();
      const failure = new Error('the source broke off');
      const put = store.put('half', inPieces(drawnBytes(50_000, 2), 1000, failure));
      const end = await put.then(
        () => null,
        (error: unknown) => error,
      );
      expectTrue(end === failure, 'the error of the source comes through as it is');
      await expectRefusal(store.head('half'), ArtifactNotFoundError, 'the first half');
    },
  },
  {
    id: 'put/own-copy',
    why: 'A caller that fills its buffer anew while the store writes must not change what is stored.',
    run: async ({ open, sha256 }) => {
      const store = await open();
      const buffer = new Uint8Array(1000);
      const seen: number[] = [];
      const refilled = (async function* () {
        for (const value of [1, 2, 3]) {
          buffer.fill(value);
          seen.push(value);
          yield buffer;
        }
      })();
      const put = await store.put('buffer', refilled);
      const { bytes } = await store.get('buffer');
      expectEqual([bytes[0], bytes[1000], bytes[2000]], [1, 2, 3], 'the pieces');
      expectEqual(sha256(bytes), put.sha256, 'the checksum');
    },
  },
  {
    id: 'put/keys',
    why: 'A key comes from agents: it means one artifact and no place outside of the store.',
    run: async ({ open }) => {
      const store = await open();
      for (const key of ['', 'a\0b', 'line\nbreak', 'half \uD83D', 'x'.repeat(513), 'é'.repeat(257)]) {
        await expectRefusal(store.put(key, bytesOf('x')), InvalidArtifactKeyError, JSON.stringify(key));
        await expectRefusal(store.get(key), InvalidArtifactKeyError, JSON.stringify(key));
      }
      for (const [index, key] of oddKeys.entries()) await store.put(key, bytesOf(`content ${index}`));
      for (const [index, key] of oddKeys.entries()) {
        const { info, bytes } = await store.get(key);
        expectEqual(info.key, key, 'the key');
        expectEqual([...bytes], [...bytesOf(`content ${index}`)], `what is under ${JSON.stringify(key)}`);
      }
    },
  },
  {
    id: 'put/metadata',
    why: 'What is said of an artifact is read by others: it is well-formed text of a known size.',
    run: async ({ open }) => {
      const store = await open();
      const wrong = [{ a: 'x'.repeat(16_385) }, { a: 'nul\0' }, { 'half \uDC00': 'x' }];
      for (const metadata of wrong) {
        await expectRefusal(store.put('m', bytesOf('x'), { metadata }), InvalidArtifactKeyError, 'metadata');
      }
      await expectRefusal(store.head('m'), ArtifactNotFoundError, 'what was refused');
      const metadata = { ['__proto__']: 'plain', constructor: 'plain' };
      await store.put('m', bytesOf('x'), { metadata });
      const found = (await store.head('m')).metadata;
      if (found['__proto__'] !== 'plain') throw new UnmetExpectation('a name like __proto__ is kept');
    },
  },
];

/** Each means another artifact. */
const oddKeys = [
  '../../etc/passwd',
  '/etc/passwd',
  '..',
  '.',
  '/',
  '//',
  'a/b',
  'a//b',
  'a/./b',
  'a\\b',
  'A/B',
  'C:\\windows',
  'CON',
  'nul.txt',
  'trailing.',
  'trailing ',
  '%2e%2e%2f',
  'é',
  'e\u0301',
  '．．／',
  '🗝️',
  '__proto__',
  '*?"<>|:',
  'x'.repeat(512),
  `${'x'.repeat(511)}y`,
];

async function* endless(): AsyncIterable<Uint8Array> {
  for (;;) yield new Uint8Array(65_536);
}
