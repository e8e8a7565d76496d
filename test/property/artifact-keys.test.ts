import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { InvalidArtifactKeyError } from 'runlog/effects';
import { afterAll, expect, test } from 'vitest';
import { fileArtifacts } from '../../src/adapters/artifacts/file/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'runlog-artifact-keys-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What people and attackers make paths of. */
const piece = fc.constantFrom(
  '..',
  '.',
  '/',
  '\\',
  '//',
  '~',
  '$HOME',
  'C:',
  'CON',
  'nul',
  'a',
  'A',
  '%2e',
  '%00',
  '\0',
  '\n',
  ':',
  '*',
  ' ',
  '．',
  '\u2044',
  '\u202e',
  'é',
  'e\u0301',
  '\uD800',
  '🗝',
  'x'.repeat(250),
  '-rf',
  '.json',
  'blobs',
  'keys',
  'incoming',
);
const key = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
);

test('no key reaches a place outside of the folder, and no two keys one artifact', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { maxLength: 8 }), async (keys) => {
      const around = join(scratch, `${(round += 1)}`);
      const folder = join(around, 'inner', 'store');
      mkdirSync(join(around, 'inner'), { recursive: true });
      const store = fileArtifacts(folder);
      const taken: string[] = [];
      for (const [index, name] of keys.entries()) {
        try {
          await store.put(name, Uint8Array.of(index));
          taken.push(name);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArtifactKeyError);
        }
      }
      for (const name of taken) {
        expect([name, ...(await store.get(name)).bytes]).toEqual([name, keys.indexOf(name)]);
      }
      const { artifacts } = await store.list();
      expect(artifacts.map((artifact) => artifact.key).toSorted()).toEqual(taken.toSorted());

      expect(readdirSync(around)).toEqual(['inner']);
      expect(readdirSync(join(around, 'inner'))).toEqual(taken.length === 0 ? [] : ['store']);
      const parts = ['blobs', 'incoming', 'keys'];
      expect(taken.length === 0 ? parts : readdirSync(folder).toSorted()).toEqual(parts);
      for (const name of taken) await store.delete(name);
      expect((await store.list()).artifacts).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
