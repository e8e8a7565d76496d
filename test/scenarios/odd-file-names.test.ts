// The file that is opened is the one that was named, whatever stands in its name, and however it was named.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { backupStore, InvalidStoreURL, load, open, openSessionStore } from '../../src/app/index.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'odd-names-'));
  folders.push(folder);
  return folder;
}

/** The stores in a folder, without what SQLite keeps beside them. */
function storesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
}

const ways: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a path': async (path) => (await open(path)).close(),
  'a file URL': async (path) => (await open(pathToFileURL(path))).close(),
  persistTo: async (path) => (await open(undefined, { persistTo: path })).close(),
  'persistTo with a file URL': async (path) =>
    (await open(undefined, { persistTo: pathToFileURL(path) })).close(),
  'a path of sessions': async (path) => (await openSessionStore(path)).close(),
};

describe.each(['a#b.db', 'c?d.db', 'e%41.db', 'f g.db', "q'r.db", 'u?durability=normal', '%.db'])(
  '%s',
  (name) => {
    test.each(Object.entries(ways))('is made under its name by %s', async (_way, make) => {
      const folder = newFolder();
      await make(join(folder, name));
      expect(storesIn(folder)).toEqual([name]);
    });

    test('is made under its name by a backup, which says its URL', async () => {
      const folder = newFolder();
      await (await open(join(folder, 'from.db'), { runId: 'r' })).close();
      const { url } = await backupStore(`sqlite:///${join(folder, 'from.db')}`, join(folder, name));
      expect(storesIn(folder).toSorted()).toEqual([name, 'from.db'].toSorted());
      await (await load(url, { runId: 'r' })).close();
    });
  },
);

test.each([
  ['a part behind #', '/run.db#part'],
  ['options', '/run.db?mode=ro'],
  ['an option that store URLs have', '/run.db?durability=normal'],
  ['a host', '//host/run.db'],
])('a file URL with %s is refused: it would be left out without a word', async (_what, rest) => {
  const url = new URL(`file:${rest}`);
  await expect(open(url)).rejects.toThrow(InvalidStoreURL);
  await expect(open(url)).rejects.toThrow('pathToFileURL');
});
